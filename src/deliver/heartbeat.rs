//! The heartbeat: who watches for it hears that the daemon lives, that its passes fail, or, by its silence, that it died.
//!
//! A good pass is a GET of the configured address, a bad one a POST to it with `/fail` after its path and the reason as
//! the body: what Healthchecks and those like it take. To those that are pushed to, as Uptime Kuma, it is a
//! GET that says `status=up` or `status=down`, with the reason as `msg`. No name, address or secret is in a reason.

use crate::client::Clients;
use crate::config::{NetworkAccess, Watcher, WatcherKind};
use reqwest::Method;
use secrecy::ExposeSecret;
use std::time::Duration;
use url::Url;

/// For a connection, and for a whole exchange: no pass waits for it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Waits before it is tried again. Together with the patience it is over before the next poll of a usual schedule.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// The one who calls.
#[derive(Debug, Clone)]
pub struct Heartbeat {
    clients: Clients,
    watcher: Watcher,
}

impl Heartbeat {
    /// To the configured one.
    ///
    /// # Errors
    ///
    /// If no HTTP client can be made, as where the system has no certificates.
    pub fn new(watcher: &Watcher, access: &NetworkAccess) -> Result<Self, String> {
        Ok(Self {
            clients: Clients::new(access, PATIENCE, PATIENCE)?,
            watcher: watcher.clone(),
        })
    }

    /// Says that a pass was good, or why it was not. A watcher that is not reached at once is tried twice more.
    ///
    /// # Errors
    ///
    /// In words without the address, if the watcher was not reached or would not have it.
    pub async fn beat(&self, why_bad: Option<&str>) -> Result<(), String> {
        let mut tried = self.once(why_bad).await;
        for wait in AGAIN {
            if tried.is_ok() {
                break;
            }
            tokio::time::sleep(wait).await;
            tried = self.once(why_bad).await;
        }
        tried
    }

    async fn once(&self, why_bad: Option<&str>) -> Result<(), String> {
        let url = Url::parse(self.watcher.url.expose_secret())
            .map_err(|_| "its address is no address".to_owned())?;
        let (method, url, body) = said(self.watcher.kind, url, why_bad);
        let request = self
            .clients
            .to(&url)
            .request(method, url.clone())
            .body(body);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("it answered {}", answer.status().as_u16())),
            Err(error) => Err(match self.clients.unreached(&url, &error) {
                Some(unreached) => unreached.to_string(),
                None => "the connection broke off".to_owned(),
            }),
        }
    }
}

/// What a watcher that is pushed to shows in its address as an example, and we say.
const SAID: [&str; 3] = ["status", "msg", "ping"];

/// What is asked where, to say it.
fn said(kind: WatcherKind, mut url: Url, why_bad: Option<&str>) -> (Method, Url, String) {
    match (kind, why_bad) {
        (WatcherKind::Ping, None) => (Method::GET, url, String::new()),
        (WatcherKind::Ping, Some(why)) => {
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty().push("fail");
            }
            (Method::POST, url, why.to_owned())
        }
        (WatcherKind::Push, why) => {
            let kept: Vec<(String, String)> = url
                .query_pairs()
                .filter(|(key, _)| !SAID.contains(&&**key))
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect();
            url.query_pairs_mut()
                .clear()
                .extend_pairs(kept)
                .append_pair("status", if why.is_none() { "up" } else { "down" })
                .append_pair("msg", why.unwrap_or("OK"));
            (Method::GET, url, String::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_goes_where_the_service_listens() {
        let asked = |kind: WatcherKind, url: &str, why: Option<&str>| {
            let (method, url, body) = said(kind, Url::parse(url).unwrap(), why);
            format!("{method} {url} {body}").trim_end().to_owned()
        };
        for (kind, url, good, bad) in [
            (
                WatcherKind::Ping,
                "https://watch.example/ping/abc",
                "GET https://watch.example/ping/abc",
                "POST https://watch.example/ping/abc/fail no & no",
            ),
            (
                WatcherKind::Ping,
                "https://watch.example/ping/abc/?rid=1",
                "GET https://watch.example/ping/abc/?rid=1",
                "POST https://watch.example/ping/abc/fail?rid=1 no & no",
            ),
            (
                WatcherKind::Push,
                "https://kuma.example/api/push/abc?status=up&msg=OK&ping=",
                "GET https://kuma.example/api/push/abc?status=up&msg=OK",
                "GET https://kuma.example/api/push/abc?status=down&msg=no+%26+no",
            ),
            (
                WatcherKind::Push,
                "https://kuma.example/under/api/push/abc?key=1",
                "GET https://kuma.example/under/api/push/abc?key=1&status=up&msg=OK",
                "GET https://kuma.example/under/api/push/abc?key=1&status=down&msg=no+%26+no",
            ),
        ] {
            assert_eq!(asked(kind, url, None), good);
            assert_eq!(asked(kind, url, Some("no & no")), bad);
        }
    }
}
