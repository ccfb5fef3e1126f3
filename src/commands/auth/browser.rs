//! Opens an address in the browser of the desktop, where there is one.

use std::process::{Command, Stdio};
use url::Url;

/// Tries it; false where there is no desktop, or nothing on it opens addresses.
pub(super) fn open(address: &Url) -> bool {
    let Some((program, before)) = opener() else {
        return false;
    };
    let mut command = Command::new(program);
    command
        .args(before)
        .arg(address.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Some openers stay until the browser is closed, so nobody waits here for their end.
    match command.spawn() {
        Ok(mut child) => {
            std::thread::spawn(move || child.wait());
            true
        }
        Err(_) => false,
    }
}

#[cfg(target_os = "macos")]
fn opener() -> Option<(&'static str, &'static [&'static str])> {
    Some(("open", &[]))
}

#[cfg(windows)]
fn opener() -> Option<(&'static str, &'static [&'static str])> {
    Some(("rundll32", &["url.dll,FileProtocolHandler"]))
}

#[cfg(not(any(target_os = "macos", windows)))]
fn opener() -> Option<(&'static str, &'static [&'static str])> {
    let is_there = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    (is_there("DISPLAY") || is_there("WAYLAND_DISPLAY")).then_some(("xdg-open", &[]))
}
