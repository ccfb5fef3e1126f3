//! One HTTP exchange: no redirects, bounded in size and time, https everywhere but loopback.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode, header};
use url::Url;

use super::errors::AskError;
use super::settings::Settings;
use crate::client::{Clients, Unreached};
use crate::config::is_loopback;

/// The largest answer accepted.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Our HTTP client and the difference between Meetup's clock and ours.
#[derive(Debug)]
pub(crate) struct Transport {
    clients: Clients,
    /// Meetup's clock minus ours, in milliseconds.
    ahead_ms: AtomicI64,
    has_heard: AtomicBool,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// No answer, or not a whole one. Deliberately without the library's error: it carries the URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("{how}\n{}", how.remedy())]
    Unreached { how: Unreached },
    #[error("timed out")]
    TimedOut,
    #[error("the answer broke off")]
    Cut,
    #[error("the answer is larger than 32 MB")]
    TooLarge,
    #[error("the request could not be sent")]
    Unsendable,
}

impl Reply {
    /// The `Date` header: when Meetup answered, by its clock.
    pub(crate) fn date(&self) -> Option<DateTime<Utc>> {
        let text = self.headers.get(header::DATE)?.to_str().ok()?;
        DateTime::parse_from_rfc2822(text)
            .ok()
            .map(|it| it.to_utc())
    }

    /// The `Retry-After` header, in seconds or as a date by Meetup's clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let until = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
        Some(
            (until - self.date().unwrap_or_else(Utc::now))
                .to_std()
                .unwrap_or_default(),
        )
    }

    /// A page for people instead of an answer: something stands in front of Meetup.
    pub(crate) fn is_html(&self) -> bool {
        let declared = self
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|it| it.to_str().ok());
        declared.is_some_and(|kind| kind.trim_start().starts_with("text/html"))
            || self.body.trim_ascii_start().first() == Some(&b'<')
    }
}

impl Transport {
    pub(crate) fn new(settings: &Settings) -> Result<Self, AskError> {
        let waits = &settings.waits;
        let clients = Clients::new(&settings.network_access, waits.connect, waits.request);
        Ok(Self {
            clients: clients.map_err(AskError::Settings)?,
            ahead_ms: AtomicI64::new(0),
            has_heard: AtomicBool::new(false),
        })
    }

    /// A POST in the making.
    pub(crate) fn post(&self, url: &Url) -> reqwest::RequestBuilder {
        self.clients.to(url).post(url.clone())
    }

    /// Sends it and reads the whole answer, within bounds.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Result<Reply, Broken> {
        let (client, request) = request.build_split();
        let request = request.map_err(|_| Broken::Unsendable)?;
        let url = request.url().clone();
        let broken = |error: reqwest::Error| match self.clients.unreached(&url, &error) {
            Some(how) => Broken::Unreached { how },
            None if error.is_timeout() => Broken::TimedOut,
            None => Broken::Cut,
        };
        let mut response = client.execute(request).await.map_err(broken)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let announced = response.content_length().unwrap_or(0);
        if announced > MOST_BYTES as u64 {
            return Err(Broken::TooLarge);
        }
        let mut body = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0));
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(Broken::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let reply = Reply {
            status,
            headers,
            body: body.freeze(),
        };
        if let Some(date) = reply.date() {
            self.ahead_ms
                .store((date - Utc::now()).num_milliseconds(), Ordering::Relaxed);
            self.has_heard.store(true, Ordering::Relaxed);
        }
        Ok(reply)
    }

    /// Meetup's clock less ours, once it has answered; to the second.
    pub(crate) fn ahead(&self) -> Option<chrono::TimeDelta> {
        let ahead = chrono::TimeDelta::milliseconds(self.ahead_ms.load(Ordering::Relaxed));
        self.has_heard.load(Ordering::Relaxed).then_some(ahead)
    }

    /// The time by Meetup's clock, as far as it is known.
    pub(crate) fn server_now(&self) -> DateTime<Utc> {
        Utc::now() + chrono::TimeDelta::milliseconds(self.ahead_ms.load(Ordering::Relaxed))
    }
}

/// Refuses an address over which secrets would travel in the clear.
pub(crate) fn check_scheme(name: &str, url: &Url) -> Result<(), AskError> {
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)) {
        return Ok(());
    }
    Err(AskError::Settings(format!(
        "{name}: {}://{} is not https\nuse https; plain http is for loopback only",
        url.scheme(),
        url.host_str().unwrap_or_default(),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(headers: &[(header::HeaderName, &str)], body: &'static str) -> Reply {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect();
        Reply {
            status: StatusCode::OK,
            headers,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date_by_the_servers_clock() {
        let seconds = reply(&[(header::RETRY_AFTER, "7")], "");
        assert_eq!(seconds.retry_after(), Some(Duration::from_secs(7)));
        let date = reply(
            &[
                (header::DATE, "Sun, 02 Mar 2025 10:00:00 GMT"),
                (header::RETRY_AFTER, "Sun, 02 Mar 2025 10:00:30 GMT"),
            ],
            "",
        );
        assert_eq!(date.retry_after(), Some(Duration::from_secs(30)));
        assert_eq!(reply(&[], "").retry_after(), None);
    }

    #[test]
    fn a_page_for_people_is_told_from_an_answer() {
        assert!(reply(&[], " \n<!doctype html><title>Busy</title>").is_html());
        assert!(reply(&[(header::CONTENT_TYPE, "text/html; charset=utf-8")], "").is_html());
        assert!(
            !reply(
                &[(header::CONTENT_TYPE, "application/json")],
                "{\"data\":null}"
            )
            .is_html()
        );
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in [
            "https://api.meetup.com/gql-ext",
            "http://127.0.0.1:9/",
            "http://localhost:9/",
            "http://[::1]:9/",
        ] {
            assert!(
                check_scheme("endpoint", &Url::parse(good).unwrap()).is_ok(),
                "{good}"
            );
        }
        for bad in [
            "http://api.meetup.com/",
            "http://127.0.0.1.example.com/",
            "ftp://localhost/",
        ] {
            assert!(
                check_scheme("endpoint", &Url::parse(bad).unwrap()).is_err(),
                "{bad}"
            );
        }
    }
}
