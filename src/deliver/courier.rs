//! The HTTP client of all channels: no redirects, https but for loopback, bounded in size and time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};

use super::answer::{Answer, Receipt, Told, Verdict, judge};
use crate::client::{Clients, Unreached};
use crate::config::{NetworkAccess, is_loopback};

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

/// Until when a channel is to be left alone, and why.
pub(super) type Rest = (DateTime<Utc>, String);

/// Posts payloads.
#[derive(Debug, Clone)]
pub struct Courier {
    clients: Clients,
    access: NetworkAccess,
    patience: Patience,
    /// When each channel was, or will be, posted to last.
    turns: Arc<Mutex<HashMap<String, Instant>>>,
    /// Channels whose whole service asked to be left alone, until when and why: whoever sends to one
    /// of them knows it from whoever sends to another.
    resting: Arc<Mutex<HashMap<String, Rest>>>,
}

/// One attempt, ready to go.
pub(super) struct Posting<'a> {
    pub(super) method: Method,
    /// Where to; none if the configured address is none.
    pub(super) address: Option<url::Url>,
    pub(super) headers: Vec<(&'static str, String)>,
    /// Whose account posts, where the address alone does not say it.
    pub(super) token: Option<&'a SecretString>,
    pub(super) body: Body<'a>,
    /// What was configured: nothing of it may show.
    pub(super) url: &'a SecretString,
    /// How the service's answers are read.
    pub(super) told: fn(&str) -> Told,
    /// How the service says that it took a message.
    pub(super) receipt: Receipt,
}

/// What is posted.
pub(super) enum Body<'a> {
    /// JSON.
    Json(&'a str),
    /// Bytes of another type.
    Other { kind: String, bytes: Vec<u8> },
}

impl Body<'_> {
    fn into_parts(self) -> (String, Vec<u8>) {
        match self {
            Self::Json(text) => {
                let kind = "application/json; charset=utf-8".to_owned();
                (kind, text.as_bytes().to_vec())
            }
            Self::Other { kind, bytes } => (kind, bytes),
        }
    }
}

/// What a service answered.
struct Heard {
    status: u16,
    retry_after: Option<String>,
    is_html: bool,
    /// As it came; secrets may be in it.
    body: String,
}

/// As much of an answer as is read.
const LONGEST_ANSWER: usize = 16 * 1024;

impl Courier {
    /// A courier with that much patience; the error names what the system lacks.
    ///
    /// # Errors
    ///
    /// If no HTTP client can be made, as where the system has no certificates.
    pub fn new(patience: Patience, access: &NetworkAccess) -> Result<Self, String> {
        Ok(Self {
            clients: Clients::new(access, patience.connect, patience.whole)?,
            access: access.clone(),
            patience,
            turns: Arc::default(),
            resting: Arc::default(),
        })
    }

    /// Whom to trust.
    pub(super) fn access(&self) -> &NetworkAccess {
        &self.access
    }

    /// How long to wait.
    pub(super) fn patience(&self) -> Patience {
        self.patience
    }

    /// Waits until that channel may be posted to again, `pause` after the last time.
    pub(super) async fn turn(&self, channel: &str, pause: Duration) {
        let wait = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let turn = turns
                .get(channel)
                .map_or(now, |last| now.max(*last + pause));
            turns.insert(channel.to_owned(), turn);
            turn.saturating_duration_since(now)
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Leaves a channel alone until then.
    pub(super) fn rest(&self, channel: &str, until: DateTime<Utc>, why: &str) {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.insert(channel.to_owned(), (until, why.to_owned()));
    }

    /// Until when a channel is to be left alone, and why.
    pub(super) fn resting(&self, channel: &str) -> Option<Rest> {
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.get(channel).cloned()
    }

    /// Makes one attempt.
    pub(super) async fn send(&self, posting: Posting<'_>, now: DateTime<Utc>) -> Verdict {
        self.ask(posting, now).await.0
    }

    /// The same, with what was answered as it came: only for what is taken from it by its name.
    pub(super) async fn ask(&self, posting: Posting<'_>, now: DateTime<Utc>) -> (Verdict, String) {
        let (url, token) = (posting.url, posting.token);
        let (told, receipt) = (posting.told, posting.receipt);
        let heard = match self.exchange(posting).await {
            Ok(heard) => heard,
            Err(verdict) => return (verdict, String::new()),
        };
        let body = without_secrets(&heard.body, url, token);
        let answer = Answer {
            status: heard.status,
            retry_after: heard.retry_after.as_deref(),
            body: &body,
            is_html: heard.is_html,
        };
        (judge(answer, receipt, &told(&body), now), heard.body)
    }

    async fn exchange(&self, posting: Posting<'_>) -> Result<Heard, Verdict> {
        let Some(address) = posting.address else {
            let why = "the channel's address is not valid".to_owned();
            return Err(Verdict::Dead { why });
        };
        // Nobody on the way may read along.
        if !is_loopback(&address) && address.scheme() != "https" {
            let why = "the channel's address is not https".to_owned();
            return Err(Verdict::Dead { why });
        }
        let (kind, bytes) = posting.body.into_parts();
        let mut request = self
            .clients
            .to(&address)
            .request(posting.method, address.clone())
            .header(CONTENT_TYPE, kind);
        for (name, value) in posting.headers {
            request = request.header(name, value);
        }
        if let Some(token) = posting.token {
            request = request.bearer_auth(token.expose_secret());
        }
        let mut answer = match request.body(bytes).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let unreached = self.clients.unreached(&address, &error);
                return Err(undelivered(&error, unreached));
            }
        };
        let status = answer.status().as_u16();
        let retry_after = answer
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let is_html = answer
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
        let mut body = Vec::new();
        // A body that breaks off or never ends says no more than what came of it.
        while body.len() < LONGEST_ANSWER {
            match answer.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) | Err(_) => break,
            }
        }
        body.truncate(LONGEST_ANSWER);
        Ok(Heard {
            status,
            retry_after,
            is_html,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

/// In our own words, since the library's name the address.
fn undelivered(error: &reqwest::Error, unreached: Option<Unreached>) -> Verdict {
    if error.is_builder() {
        let why = "the channel's address or headers are not valid".to_owned();
        return Verdict::Dead { why };
    }
    let why = match unreached {
        Some(unreached) => unreached.to_string(),
        None if error.is_timeout() => {
            "no answer in time; the message may have arrived all the same".to_owned()
        }
        None => "the connection broke off; the message may have arrived all the same".to_owned(),
    };
    Verdict::Later {
        after: None,
        why,
        is_global: false,
    }
}

/// Hides every trace of a secret address or token in text that came back from outside.
fn without_secrets(text: &str, url: &SecretString, token: Option<&SecretString>) -> String {
    let url = url.expose_secret();
    let mut traces = vec![url.to_owned()];
    traces.extend(token.map(|token| token.expose_secret().to_owned()));
    if let Ok(parsed) = url::Url::parse(url) {
        traces.push(parsed.to_string());
        traces.push(parsed.path().to_owned());
        traces.extend(
            parsed
                .path_segments()
                .into_iter()
                .flatten()
                .map(str::to_owned),
        );
        traces.extend(parsed.query().map(str::to_owned));
        traces.extend(parsed.query_pairs().map(|(_, value)| value.into_owned()));
    }
    without(text, traces)
}

/// Text without these traces; what is shorter than six letters would be found everywhere.
pub(super) fn without(text: &str, mut traces: Vec<String>) -> String {
    traces.retain(|trace| trace.len() >= 6);
    traces.sort_by_key(|trace| std::cmp::Reverse(trace.len()));
    traces
        .iter()
        .fold(text.to_owned(), |text, trace| text.replace(trace, "…"))
}
