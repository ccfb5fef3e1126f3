//! The HTTP client of all channels: no redirects, https but for loopback, bounded in size and time.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};

use super::answer::{Verdict, judge};
use super::without_secrets;
use crate::config::is_loopback;

/// How long to wait for a service.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the connection.
    pub connect: Duration,
    /// For the whole exchange.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
        }
    }
}

/// Posts payloads.
#[derive(Debug, Clone)]
pub struct Courier {
    client: reqwest::Client,
    /// For this machine: past any proxy, which would otherwise carry plain http away from it.
    local: reqwest::Client,
}

/// As much of an answer as is read.
const LONGEST_ANSWER: usize = 16 * 1024;

impl Courier {
    /// A courier with that much patience; the error names what the system lacks.
    pub fn new(patience: Patience) -> Result<Self, String> {
        // Once per process; whoever comes second finds it done.
        drop(rustls::crypto::ring::default_provider().install_default());
        let build = |is_local: bool| {
            let builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(patience.connect)
                .timeout(patience.whole)
                .user_agent(concat!("gatherd/", env!("CARGO_PKG_VERSION")));
            let builder = if is_local {
                builder.no_proxy()
            } else {
                builder
            };
            let built = builder.build();
            built
                .map_err(|error| format!("the HTTP client cannot be made: {}", error.without_url()))
        };
        Ok(Self {
            client: build(false)?,
            local: build(true)?,
        })
    }

    pub(super) async fn post(
        &self,
        url: &SecretString,
        headers: &[(&'static str, String)],
        payload: &str,
        now: DateTime<Utc>,
    ) -> Verdict {
        let parsed = url::Url::parse(url.expose_secret()).ok();
        let is_local = parsed.as_ref().is_some_and(is_loopback);
        // Nobody on the way may read along.
        if !is_local && parsed.is_none_or(|url| url.scheme() != "https") {
            let why = "the channel's address is not https".to_owned();
            return Verdict::Dead { why };
        }
        let client = if is_local { &self.local } else { &self.client };
        let mut request = client
            .post(url.expose_secret())
            .header(CONTENT_TYPE, "application/json; charset=utf-8");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut answer = match request.body(payload.to_owned()).send().await {
            Ok(answer) => answer,
            Err(error) => return unreachable_because(&error),
        };
        let status = answer.status().as_u16();
        let retry_after = answer
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut body = Vec::new();
        // The status decides; a body that breaks off or never ends only shortens the excerpt.
        while body.len() < LONGEST_ANSWER {
            match answer.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) | Err(_) => break,
            }
        }
        body.truncate(LONGEST_ANSWER);
        let body = without_secrets(&String::from_utf8_lossy(&body), url);
        judge(status, retry_after.as_deref(), &body, now)
    }
}

/// In our own words, since the library's name the address.
fn unreachable_because(error: &reqwest::Error) -> Verdict {
    if error.is_builder() {
        let why = "the channel's address or headers are not valid".to_owned();
        return Verdict::Dead { why };
    }
    let why = if error.is_timeout() && !error.is_connect() {
        "no answer in time; the message may have arrived all the same"
    } else if error.is_timeout() {
        "no connection in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke off; the message may have arrived all the same"
    };
    Verdict::Later {
        after: None,
        why: why.to_owned(),
    }
}
