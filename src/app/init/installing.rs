//! The service of systemd: what is to be done as root, as lines of a shell.

use anyhow::{Context, Result, anyhow};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

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
/// user `gatherd`. `written` is the configuration and its secrets, `database` the mirror's file.
pub(crate) fn steps(written: &[PathBuf], database: &Path) -> Vec<String> {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("gatherd"));
    let files: Vec<String> = written.iter().map(|it| quoted(&absolute(it))).collect();
    let mirror = quoted(&absolute(database));
    let unit = UNIT.trim_end();
    vec![
        "id -u gatherd >/dev/null 2>&1 || useradd --system --home-dir /var/lib/gatherd --shell /usr/sbin/nologin gatherd".to_owned(),
        "install -d -m 0750 -o root -g gatherd /etc/gatherd && install -d -m 0700 -o gatherd -g gatherd /var/lib/gatherd".to_owned(),
        "test ! -e /etc/gatherd/gatherd.toml -a ! -e /var/lib/gatherd/gatherd.db || { echo 'a configuration or a database is there already: /etc/gatherd/gatherd.toml, /var/lib/gatherd/gatherd.db' >&2; false; }".to_owned(),
        format!("cmp -s {0} /usr/bin/gatherd || install -m 0755 {0} /usr/bin/gatherd", quoted(&program)),
        format!(
            "install -m 0600 -o gatherd -g gatherd {} /etc/gatherd/",
            files.join(" ")
        ),
        "sed -i 's|^database = .*|database = \"/var/lib/gatherd/gatherd.db\"|' /etc/gatherd/gatherd.toml".to_owned(),
        format!("if test -e {mirror}; then mv {mirror} /var/lib/gatherd/gatherd.db; fi"),
        format!("if test -e {mirror}.state; then mv {mirror}.state /var/lib/gatherd/gatherd.db.state; fi"),
        "chown -R gatherd:gatherd /var/lib/gatherd".to_owned(),
        // The package's own unit is the one that its upgrades change.
        format!("test -e /lib/systemd/system/gatherd.service || cat >/etc/systemd/system/gatherd.service <<'UNIT'\n{unit}\nUNIT"),
        "systemctl daemon-reload && systemctl enable --now gatherd".to_owned(),
    ]
}

/// Does them one after the other, up to the first that fails.
pub(crate) fn run(steps: &[String]) -> Result<()> {
    for step in steps {
        let shell = Command::new("sh").args(["-c", step]).status();
        let ended = shell.with_context(|| format!("cannot be run: {step}"))?;
        if !ended.success() {
            return Err(anyhow!(
                "this step of the installation failed, and none after it was made: {step}\nmend what it says above, then run it and those after it by hand"
            ));
        }
    }
    Ok(())
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
