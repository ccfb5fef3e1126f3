//! The service of systemd: what is to be done as root, as lines of a shell.

use anyhow::{Context, Result, anyhow};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Where systemd's unit finds its configuration.
pub(crate) const CONFIGURATION: &str = "/etc/gatherd/gatherd.toml";
/// And its mirror.
const MIRROR: &str = "/var/lib/gatherd/gatherd.db";
/// There where systemd runs the machine.
const BOOTED_BY_SYSTEMD: &str = "/run/systemd/system";

/// Whether this account may do it here and now.
pub(crate) fn is_ours_to_do() -> bool {
    is_root() && Path::new(BOOTED_BY_SYSTEMD).is_dir()
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// This account and its group, by their numbers.
#[cfg(unix)]
pub(crate) fn account() -> Option<String> {
    let (user, group) = (rustix::process::geteuid(), rustix::process::getegid());
    Some(format!("{}:{}", user.as_raw(), group.as_raw()))
}

#[cfg(not(unix))]
pub(crate) fn account() -> Option<String> {
    None
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// The lines: configuration, secrets and what was read come to where the unit looks for them, and belong to the
/// user `gatherd`. `written` is the configuration and its secrets, `database` the mirror's file; whichever lies there
/// already stays.
pub(crate) fn steps(written: &[PathBuf], database: &Path) -> Vec<String> {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("gatherd"));
    let files: Vec<String> = written.iter().map(|it| quoted(&absolute(it))).collect();
    let (configuration, secrets) = files
        .split_first()
        .map_or(("", &[][..]), |(it, rest)| (it, rest));
    let mirror = quoted(&absolute(database));
    let unit = UNIT.trim_end();
    let is_read_elsewhere = absolute(database) != Path::new(MIRROR);
    let mut steps = vec![
        "id -u gatherd >/dev/null 2>&1 || useradd --system --home-dir /var/lib/gatherd --shell /usr/sbin/nologin gatherd".to_owned(),
        "install -d -m 0750 -o root -g gatherd /etc/gatherd && install -d -m 0700 -o gatherd -g gatherd /var/lib/gatherd".to_owned(),
    ];
    let is_written_elsewhere = !is_in_place(written);
    let targets = [
        (is_written_elsewhere, CONFIGURATION),
        (is_read_elsewhere, MIRROR),
    ];
    for (_, path) in targets.iter().filter(|(is_elsewhere, _)| *is_elsewhere) {
        steps.push(format!(
            "test ! -e {path} || {{ echo '{path} is there already' >&2; false; }}"
        ));
    }
    steps.push(format!(
        "cmp -s {0} /usr/bin/gatherd || install -m 0755 {0} /usr/bin/gatherd",
        quoted(&program)
    ));
    let install = "install -m 0600 -o gatherd -g gatherd";
    if is_written_elsewhere {
        steps.push(format!("{install} {configuration} {CONFIGURATION}"));
        let secrets = secrets.join(" ");
        if !secrets.is_empty() {
            steps.push(format!("{install} {secrets} /etc/gatherd/"));
        }
    } else {
        let files = files.join(" ");
        steps.push(format!(
            "chown gatherd:gatherd {files} && chmod 0600 {files}"
        ));
    }
    if is_read_elsewhere {
        steps.extend([
            format!("sed -i 's|^database = .*|database = \"{MIRROR}\"|' {CONFIGURATION}"),
            format!("if test -e {mirror}; then mv {mirror} {MIRROR}; fi"),
            format!("if test -e {mirror}.state; then mv {mirror}.state {MIRROR}.state; fi"),
        ]);
    }
    steps.extend([
        "chown -R gatherd:gatherd /var/lib/gatherd".to_owned(),
        // The package's own unit is the one that its upgrades change.
        format!("test -e /lib/systemd/system/gatherd.service || cat >/etc/systemd/system/gatherd.service <<'UNIT'\n{unit}\nUNIT"),
        "systemctl daemon-reload && systemctl enable --now gatherd".to_owned(),
    ]);
    steps
}

/// Whether the configuration was written where the unit looks for it.
pub(crate) fn is_in_place(written: &[PathBuf]) -> bool {
    written
        .first()
        .is_some_and(|it| absolute(it) == Path::new(CONFIGURATION))
}

/// Has the installed program look at everything as the service's own account, with nothing of this environment: a
/// token renewed by root would be root's, and a secret that stands here is none of the service's. Its exit code;
/// none where it cannot be run so.
pub(crate) fn examine() -> Option<i32> {
    let mut looked = Command::new("runuser");
    looked.args([
        "-u",
        "gatherd",
        "--",
        "/usr/bin/gatherd",
        "--config",
        CONFIGURATION,
        "doctor",
    ]);
    looked
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    looked.envs(
        ["TERM", "NO_COLOR", "LANG"]
            .iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?))),
    );
    looked.current_dir("/").status().ok()?.code()
}

/// Does them one after the other, up to the first that fails; what is left then is in the error.
pub(crate) fn run(steps: &[String]) -> Result<()> {
    for (nth, step) in steps.iter().enumerate() {
        let shell = Command::new("sh").args(["-c", step]).status();
        let ended = shell.with_context(|| format!("cannot be run: {step}"))?;
        if !ended.success() {
            return Err(anyhow!(
                "a step of the installation failed, and none after it was made\nmend what it says above, then run as root:\n(\nset -e\n{}\n)",
                steps[nth..].join("\n")
            ));
        }
    }
    Ok(())
}

/// What lies where the service is to find its own, so that nothing can be installed over it: looked for before all is
/// asked, not after. `file` is the configuration to be written, `database` the mirror's file.
pub(crate) fn taken(file: &Path, database: &Path) -> Option<&'static str> {
    let targets = [(file, CONFIGURATION), (database, MIRROR)];
    let is_taken = |(own, target): &(&Path, &str)| {
        absolute(own) != Path::new(target) && Path::new(target).exists()
    };
    targets.into_iter().find(is_taken).map(|(_, target)| target)
}

/// What gatherd heeds in this environment and a service does not have: what is not kept in the configuration.
pub(crate) fn left_behind(env: &dyn Fn(&str) -> Option<String>) -> Vec<&'static str> {
    let heeded = [
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
        "SSL_CERT_FILE",
    ];
    heeded
        .into_iter()
        .filter(|name| env(name).is_some_and(|it| !it.is_empty()))
        .collect()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A path as one word of a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    match text.chars().all(is_plain) {
        true => text,
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// What systemd is told.
const UNIT: &str = include_str!("../../../packaging/gatherd.service");
