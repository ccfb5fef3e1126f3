//! Reads an answer as what it means: data, not yet, sign in again, never.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::bulk;
use super::mend;
use super::transport::Reply;

/// What an answer means.
#[derive(Debug)]
pub(crate) enum Reading {
    /// There is data, perhaps with holes.
    Data { data: Bytes, holes: Vec<Hole> },
    /// No points left; the page, if there is one, is not to be trusted.
    RateLimited {
        reset_at: Option<DateTime<Utc>>,
        wait: Option<Duration>,
        /// Points that Meetup had counted.
        consumed: Option<u32>,
    },
    /// The access token is not accepted.
    SignInRefused { cause: String },
    /// Refused without a word, by Meetup or by a filter on the way: perhaps the access token.
    Forbidden { cause: String },
    /// The question is not accepted; asking again would not help.
    Refused {
        message: String,
        /// Everything it was refused for.
        complaints: Vec<Complaint>,
    },
    /// It may pass when asked again.
    Again(Failure),
}

/// A failure that may pass.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// As a kind.
    pub(crate) cause: String,
    /// A smaller page might have passed.
    pub(crate) is_for_size: bool,
    /// What the server asked for.
    pub(crate) wait: Option<Duration>,
    /// The server blames the question: few repetitions, then it counts as refused.
    pub(crate) is_blamed: bool,
}

/// A place in the answer where Meetup failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hole {
    /// The steps from the root: field names, aliases and positions.
    pub(crate) path: Vec<String>,
    /// Meetup's classification.
    pub(crate) cause: String,
    /// Meetup's words, which may name a person: told only where they are about a whole answer.
    pub(crate) words: String,
    /// The account may not see what stands there.
    pub(crate) is_forbidden: bool,
}

impl Hole {
    /// Whether an error stands in the place of a whole root, for another reason than its being forbidden.
    pub(crate) fn is_whole(&self) -> bool {
        self.path.len() < 2 && !self.is_forbidden
    }
}

/// Something a question was refused for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Complaint {
    pub(crate) message: String,
    /// Where in the question, where Meetup says so.
    pub(crate) path: Vec<String>,
}

/// Complaints of one refusal that are looked at.
const MOST_COMPLAINTS: usize = 100;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    errors: Option<Vec<Value>>,
    #[serde(default)]
    message: Option<String>,
}

/// Finds the meaning of an answer.
pub(crate) fn read(reply: &Reply) -> Reading {
    let (status, is_html) = (reply.status, reply.is_html());
    if !bulk::is_bearable(&reply.body) {
        return Reading::Again(Failure::oversize(
            "the answer has more in it than can be taken apart".to_owned(),
        ));
    }
    let body = mend::mended(&reply.body);
    let envelope: Option<Envelope<'_>> = if is_html {
        None
    } else {
        serde_json::from_slice(&body).ok()
    };
    let errors = envelope
        .as_ref()
        .and_then(|it| it.errors.as_deref())
        .unwrap_or_default();

    let limited = errors
        .iter()
        .find(|error| said(error).any(|word| word == "RATE_LIMITED"));
    if limited.is_some() || status == StatusCode::TOO_MANY_REQUESTS {
        let reset_at = limited
            .and_then(|error| error["extensions"]["resetAt"].as_str())
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            .map(|it| it.to_utc());
        return Reading::RateLimited {
            reset_at,
            wait: reply.retry_after(),
            consumed: limited.and_then(|error| whole(&error["extensions"]["consumedPoints"])),
        };
    }
    let data = envelope.as_ref().and_then(|it| it.data);
    if data.is_none() && errors.iter().any(is_about_rights) {
        return Reading::Data {
            data: Bytes::from_static(b"null"),
            holes: errors.iter().map(hole).collect(),
        };
    }
    if status == StatusCode::UNAUTHORIZED {
        return Reading::SignInRefused {
            cause: "HTTP 401".to_owned(),
        };
    }
    if data.is_none()
        && let Some(word) = errors
            .iter()
            .flat_map(said)
            .find(|word| is_about_sign_in(word))
    {
        return Reading::SignInRefused { cause: brief(word) };
    }
    if status == StatusCode::FORBIDDEN && !is_html {
        return Reading::Forbidden {
            cause: "HTTP 403".to_owned(),
        };
    }
    if status.is_success() {
        let Some(envelope) = &envelope else {
            let cause = if is_html {
                "an HTML page"
            } else {
                "the answer is no JSON, or broke off"
            };
            return again(cause.to_owned(), !is_html, reply, false);
        };
        let complaints: Vec<Complaint> = errors
            .iter()
            .filter(|error| is_validation(error))
            .take(MOST_COMPLAINTS)
            .map(|error| Complaint {
                message: brief(error["message"].as_str().unwrap_or_default()),
                path: hole(error).path,
            })
            .collect();
        if let Some(first) = complaints.first() {
            return Reading::Refused {
                message: first.message.clone(),
                complaints,
            };
        }
        let holes: Vec<Hole> = errors.iter().map(hole).collect();
        return match data {
            Some(data) => Reading::Data {
                data: body.slice_ref(data.get().as_bytes()),
                holes,
            },
            None if holes.iter().any(|hole| !hole.path.is_empty()) => Reading::Data {
                data: Bytes::from_static(b"null"),
                holes,
            },
            None => {
                let cause = holes.first().map(|hole| hole.cause.clone());
                let said = envelope.message.is_some();
                let cause = cause.unwrap_or_else(|| {
                    if said {
                        "a message instead of data"
                    } else {
                        "no data"
                    }
                    .to_owned()
                });
                again(cause, true, reply, false)
            }
        };
    }
    let message = envelope
        .as_ref()
        .and_then(|it| it.message.as_deref())
        .filter(|it| it.contains("deprecated"));
    if let Some(message) = message {
        return Reading::Refused {
            message: brief(message),
            complaints: Vec::new(),
        };
    }
    let words = errors.first().and_then(|it| it["message"].as_str());
    let what = match words {
        _ if is_html => ", an HTML page".to_owned(),
        Some(words) => format!(": {}", brief(words)),
        None => String::new(),
    };
    let is_blamed = !status.is_server_error() && !is_html;
    // What is refused with words may be the size of the page, whatever the words.
    let is_for_size = status.is_server_error() || is_blamed && words.is_some();
    let cause = format!("HTTP {}{what}", status.as_u16());
    again(cause, is_for_size, reply, is_blamed)
}

impl Reading {
    /// Rows in the answer.
    pub(crate) fn rows(&self) -> u32 {
        match self {
            Self::Data { data, .. } => rows(data),
            _ => 0,
        }
    }
}

/// Rows in an answer's data, of all kinds and on all levels: how often the field `node` stands in it.
/// Inside of a text its quotes would be escaped.
pub(crate) fn rows(data: &[u8]) -> u32 {
    const ROW: &[u8] = b"\"node\":";
    let rows = data.windows(ROW.len()).filter(|here| *here == ROW).count();
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// A count, as a number or as text.
fn whole(value: &Value) -> Option<u32> {
    let number = value.as_u64().and_then(|it| it.try_into().ok());
    number.or_else(|| value.as_str()?.trim().parse().ok())
}

fn again(cause: String, is_for_size: bool, reply: &Reply, is_blamed: bool) -> Reading {
    Reading::Again(Failure {
        cause,
        is_for_size,
        wait: reply.retry_after(),
        is_blamed,
    })
}

/// Everything an error says of its kind, wherever it says it.
fn said(error: &Value) -> impl Iterator<Item = &str> {
    let extensions = &error["extensions"];
    [
        &extensions["code"],
        &extensions["classification"],
        &error["code"],
        &error["message"],
    ]
    .into_iter()
    .filter_map(Value::as_str)
}

fn is_about_sign_in(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    [
        "access_token_invalid",
        "auth_fail",
        "unauthorized",
        "unauthenticated",
    ]
    .iter()
    .any(|sign| word.contains(sign))
}

/// Whether an error says that this account may not see what was asked for. For the last two, which come
/// from an older API, Meetup has no other words.
fn is_about_rights(error: &Value) -> bool {
    said(error).any(|word| {
        let word = word.to_ascii_lowercase();
        word == "forbidden"
            || word.contains("mothership_admin_error")
            || word.contains("admin status required")
    })
}

fn is_validation(error: &Value) -> bool {
    said(error).any(|word| word == "ValidationError" || word == "InvalidSyntax")
}

fn hole(error: &Value) -> Hole {
    let step = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let path = error["path"]
        .as_array()
        .map(|steps| steps.iter().map(step).collect());
    let path: Vec<String> = path.unwrap_or_default();
    let extensions = &error["extensions"];
    let kind = extensions["code"]
        .as_str()
        .or_else(|| extensions["classification"].as_str());
    let kind = brief(kind.unwrap_or("an error without a kind"));
    let words = error["message"].as_str().map(brief);
    Hole {
        path,
        cause: kind,
        words: words.unwrap_or_default(),
        is_forbidden: is_about_rights(error),
    }
}

/// Meetup's words, made fit for one line of a log.
fn brief(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain
        .chars()
        .take(300)
        .collect::<String>()
        .trim()
        .to_owned()
}
