//! Through a program of this machine that takes mail as `sendmail` does, and queues it by itself.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use super::mail::{Mail, dead, later, traces};
use crate::deliver::answer::{Verdict, excerpt};
use crate::deliver::courier::{Courier, without};
use crate::report::clean;

/// What means "perhaps later" among the codes of sysexits.h: the system, input and output, and just that.
const TEMPORARY: [i32; 3] = [71, 74, 75];
/// The codes of sysexits.h, each of which says what is wrong with the message or its addresses.
const FINAL: std::ops::RangeInclusive<i32> = 64..=78;
/// As much of what it complains of as is read.
const LONGEST: usize = 4096;

pub(super) async fn send(program: &Path, courier: &Courier, mail: &Mail<'_>) -> Verdict {
    // Addresses come after the options, so none of them can be one.
    let child = Command::new(program)
        .args(["-i", "-f", mail.settings.from.email.as_ref(), "--"])
        .args(
            mail.settings
                .to
                .iter()
                .map(|to| AsRef::<str>::as_ref(&to.email)),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return later(unstarted(program, &error)),
    };
    let talk = async {
        let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
        let write = async move {
            if let Some(mut stdin) = stdin {
                // It reads lines as this machine ends them. One that stops reading says why by its code.
                let text = String::from_utf8_lossy(&mail.bytes).replace("\r\n", "\n");
                drop(stdin.write_all(text.as_bytes()).await);
            }
        };
        let read = async move {
            let mut said = Vec::new();
            if let Some(stderr) = stderr {
                use tokio::io::AsyncReadExt as _;
                drop(stderr.take(LONGEST as u64).read_to_end(&mut said).await);
            }
            said
        };
        let ((), said) = tokio::join!(write, read);
        (child.wait().await, said)
    };
    match timeout(courier.patience().whole, talk).await {
        Err(_) => later(format!(
            "{} did not end in time and was stopped; the message may have arrived all the same",
            program.display()
        )),
        Ok((Err(error), _)) => later(unstarted(program, &error)),
        Ok((Ok(status), said)) => {
            let said = without(&String::from_utf8_lossy(&said), traces(mail.settings));
            judged(program, status, &said)
        }
    }
}

fn judged(program: &Path, status: ExitStatus, said: &str) -> Verdict {
    if status.success() {
        return Verdict::Sent;
    }
    let program = program.display();
    let said = match excerpt(&clean(said)) {
        said if said.is_empty() => String::new(),
        said => format!(": {said}"),
    };
    match (status.code(), status.signal()) {
        (Some(code), _) if FINAL.contains(&code) && !TEMPORARY.contains(&code) => {
            dead(format!("{program} refused it, exit code {code}{said}"))
        }
        (Some(code), _) => later(format!("{program} failed, exit code {code}{said}")),
        (None, signal) => later(format!(
            "{program} was killed by signal {}; the message may have arrived all the same",
            signal.unwrap_or_default()
        )),
    }
}

fn unstarted(program: &Path, error: &std::io::Error) -> String {
    format!(
        "{} cannot be run ({}); install what sends mail here, or write smtps://host",
        program.display(),
        error.kind()
    )
}

pub(super) fn reach(program: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let about = std::fs::metadata(program).map_err(|error| unstarted(program, &error))?;
    match about.is_file() && about.permissions().mode() & 0o111 != 0 {
        true => Ok(()),
        false => Err(format!("{} is no program", program.display())),
    }
}
