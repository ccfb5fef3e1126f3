//! On a terminal what is long is paged, in colour, and no wider than the screen.

use crate::program::{GATHERD, Program};
use nix::pty::{Winsize, openpty};
use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Stdio};
use unicode_width::UnicodeWidthStr as _;

fn known() -> Program {
    let program = Program::small(91);
    program.run(&["backfill"]).exits(0);
    program
}

/// What somebody sees on a terminal of 80 columns, and how it ended.
fn seen(program: &Program, args: &[&str], env: &[(&str, &str)]) -> (String, i32) {
    let size = Winsize {
        ws_row: 24,
        ws_col: 80,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let pair = openpty(&size, None).unwrap();
    let terminal = || Stdio::from(pair.slave.try_clone().unwrap());
    let mut child = Command::new(GATHERD)
        .args(args)
        .current_dir(program.dir.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .envs(program.env.iter().cloned())
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .stdout(terminal())
        .stderr(terminal())
        .spawn()
        .unwrap();
    drop(pair.slave);
    let mut screen = File::from(pair.master);
    let (mut text, mut bytes) = (Vec::new(), [0; 4_096]);
    // A terminal that nobody writes to any more reads as an error.
    while let Ok(count @ 1..) = screen.read(&mut bytes) {
        text.extend_from_slice(&bytes[..count]);
    }
    let code = child.wait().unwrap().code().unwrap_or(-1);
    let text = String::from_utf8_lossy(&text).replace("\r\n", "\n");
    (text, code)
}

#[test]
fn on_a_terminal_the_pager_gets_all_of_it_and_without_one_it_is_printed() {
    let program = known();
    let own = program.path("own pager");
    std::fs::write(&own, "#!/bin/sh\necho paged\ncat\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&own, mode).unwrap();
    let own = format!("'{}'", own.display());
    let (text, code) = seen(&program, &["report"], &[("PAGER", &own)]);
    assert!(text.starts_with("paged\n"), "{text}");
    assert!(text.contains("Definitions version") && code == 0, "{text}");
    for (pager, more) in [
        ("no-such-pager -x", &[][..]),
        ("no-such-pager 'x'", &[]),
        ("", &[]),
        (&own, &["--no-pager"]),
    ] {
        let args = [&["report"][..], more].concat();
        let (text, code) = seen(&program, &args, &[("PAGER", pager)]);
        assert!(
            text.contains("Definitions version") && code == 0,
            "{pager}: {text}"
        );
        assert!(
            !text.contains("paged") && !text.contains("not found"),
            "{pager}: {text}"
        );
    }
    // Whoever has read enough ends the pager.
    let (text, code) = seen(&program, &["digest"], &[("PAGER", "head -n 1")]);
    assert_eq!((text.lines().count(), code), (1, 0), "{text}");
    let (text, code) = seen(&program, &["digest"], &[("PAGER", "true")]);
    assert_eq!((text.as_str(), code), ("", 0));
    // Piped, nothing is paged.
    let mut piped = known();
    piped.env.push(("PAGER".to_owned(), own));
    assert!(!piped.run(&["report"]).exits(0).out.contains("paged"));
}

#[test]
fn whatever_is_shown_fits_a_terminal_of_80_columns_in_colour_or_without() {
    let mut program = known();
    let group = program
        .rows("SELECT urlname FROM groups ORDER BY urlname LIMIT 1")
        .remove(0);
    let commands: [&[&str]; 9] = [
        &["report"],
        &["report", "--group", &group],
        &["report", "--backtest"],
        &["report", "--explain", "network.people_365"],
        &["digest", "--all"],
        &["groups"],
        &["status", "--groups"],
        &["letter", &group],
        &["doctor"],
    ];
    for args in commands {
        let (text, _) = seen(&program, args, &[("PAGER", "cat"), ("NO_COLOR", "1")]);
        assert!(!text.contains('\u{1b}'), "{args:?}: {text}");
        for line in text.lines() {
            // A path is copied, so it is never broken.
            let is_one_word = !line.trim().contains(' ');
            assert!(
                line.width() <= 80 || is_one_word,
                "{args:?}: {}: {line}",
                line.width()
            );
        }
    }
    let (text, _) = seen(&program, &["digest"], &[("PAGER", "cat")]);
    assert!(
        text.contains("\u{1b}[1m") && text.contains("\u{1b}]8;;http"),
        "{text}"
    );
    program.env.push(("COLUMNS".to_owned(), "80".to_owned()));
    for args in [&["status", "--groups"][..], &["doctor"], &["report"]] {
        let text = program.run(args).out;
        let is_fit = |line: &str| line.width() <= 80 || !line.trim().contains(' ');
        assert!(text.lines().all(is_fit), "{text}");
    }
}
