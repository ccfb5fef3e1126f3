//! `[heartbeat]`: who hears that the daemon lives.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::meetup::checked;
use super::reading::Section;

/// What is called after each pass.
#[derive(Debug, Clone)]
pub struct Watcher {
    /// The address, which is a secret: whoever knows it can keep the watcher calm.
    pub url: SecretString,
    /// How a bad pass is told to it.
    pub kind: WatcherKind,
}

/// How a watcher is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatcherKind {
    /// A bad pass is posted to `/fail` after the address's path, as Healthchecks has it.
    Ping,
    /// `status` and `msg` stand in the query, as Uptime Kuma has it.
    Push,
}

/// What the path of those that are pushed to holds.
const PUSHED_TO: &str = "/api/push/";

pub(super) fn read(section: &Section<'_, '_>) -> Option<Watcher> {
    let url = section.secret("heartbeat", "url", "url_file");
    let checked = url.as_ref().map(|url| checked(url.expose_secret()));
    if let Some(Err(cause)) = &checked {
        section.problem(
            "url",
            *cause,
            "copy the address that your watching service shows for this check",
        );
    }
    section.finish();
    let is_push = |url: &Url| url.path().contains(PUSHED_TO);
    Some(Watcher {
        kind: match is_push(&checked?.ok()?) {
            true => WatcherKind::Push,
            false => WatcherKind::Ping,
        },
        url: url?,
    })
}
