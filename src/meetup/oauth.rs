//! The token endpoint. What it grants cannot be had twice, so nothing of an answer but its tokens
//! decides whether they are kept: a refresh token that works once must not be lost to a lifetime
//! written as text.

use std::time::Duration;

use http::{StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::transport::{Broken, Reply, Transport};
use crate::config::SignIn;

/// What the token endpoint granted: one token at least.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) access_token: Option<SecretString>,
    pub(crate) refresh_token: Option<SecretString>,
    pub(crate) expires_in: Duration,
    /// How it says the access token is to be shown, where that is not as a bearer's.
    pub(crate) strange_type: Option<String>,
}

/// Why it did not.
#[derive(Debug)]
pub(crate) enum Denied {
    /// For good; the endpoint's own code.
    Rejected(String),
    /// A bare refusal, by the endpoint or by something before it: for good if it is repeated.
    Unsaid(String),
    /// For now. `may_have_counted`: the request may have been carried out all the same.
    Later {
        cause: String,
        wait: Option<Duration>,
        may_have_counted: bool,
    },
}

/// Meetup's tokens live an hour; used where an answer does not say.
const USUAL_LIFE: Duration = Duration::from_secs(3600);
/// Codes that speak of the endpoint's own trouble.
const PASSING: [&str; 2] = ["temporarily_unavailable", "server_error"];

/// A registered client, as it is configured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'s> {
    id: &'s str,
    secret: &'s SecretString,
}

impl<'s> Client<'s> {
    /// The client of a sign-in that has one with a secret.
    pub(crate) fn of(sign_in: &'s SignIn) -> Option<Self> {
        let SignIn::Refresh {
            client_id,
            client_secret,
            ..
        } = sign_in
        else {
            return None;
        };
        Some(Self {
            id: client_id,
            secret: client_secret,
        })
    }
}

/// Where a person agrees.
pub(crate) fn address(
    client: &Client<'_>,
    endpoint: &Url,
    redirect_uri: &Url,
    state: &SecretString,
) -> Url {
    let mut address = endpoint.clone();
    address
        .query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client.id)
        .append_pair("state", state.expose_secret())
        .append_pair("redirect_uri", redirect_uri.as_str());
    address
}

/// Trades the code of the authorise page for an access token and the first refresh token.
pub(crate) async fn redeem(
    transport: &Transport,
    endpoint: &Url,
    client: &Client<'_>,
    code: &SecretString,
    redirect_uri: &Url,
) -> Result<Granted, Denied> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.expose_secret()),
        ("redirect_uri", redirect_uri.as_str()),
        ("client_id", client.id),
        ("client_secret", client.secret.expose_secret()),
    ];
    trade(transport, endpoint, &form).await
}

/// Trades a refresh token for an access token and the next refresh token.
pub(crate) async fn refresh(
    transport: &Transport,
    endpoint: &Url,
    client: &Client<'_>,
    token: &SecretString,
) -> Result<Granted, Denied> {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.expose_secret()),
        ("client_id", client.id),
        ("client_secret", client.secret.expose_secret()),
    ];
    trade(transport, endpoint, &form).await
}

/// Trades a signed assertion for an access token.
pub(crate) async fn exchange(
    transport: &Transport,
    endpoint: &Url,
    assertion: &SecretString,
) -> Result<Granted, Denied> {
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", assertion.expose_secret()),
    ];
    trade(transport, endpoint, &form).await
}

async fn trade(
    transport: &Transport,
    endpoint: &Url,
    form: &[(&str, &str)],
) -> Result<Granted, Denied> {
    let request = transport
        .post(endpoint)
        .header(header::ACCEPT, "application/json")
        .form(form);
    read(&transport.send(request).await?)
}

fn read(reply: &Reply) -> Result<Granted, Denied> {
    let status = reply.status;
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    if status.is_success()
        && let Some(granted) = granted(&body)
    {
        return Ok(granted);
    }
    let is_passing = status.is_server_error()
        || status.is_redirection()
        || status == StatusCode::TOO_MANY_REQUESTS
        || reply.is_html();
    let cause = format!("HTTP {}", status.as_u16());
    let later = |cause: String, may_have_counted| Denied::Later {
        cause,
        wait: reply.retry_after(),
        may_have_counted,
    };
    // A CDN's page or a 5xx says nothing about the token.
    if is_passing {
        return Err(later(cause, false));
    }
    match said(&body) {
        Some(code) if PASSING.contains(&code.as_str()) => return Err(later(code, false)),
        Some(code) => return Err(Denied::Rejected(code)),
        None => {}
    }
    Err(match status {
        StatusCode::UNAUTHORIZED => Denied::Unsaid(cause),
        status if status.is_success() => later(
            "the answer is no token answer, or broke off".to_owned(),
            true,
        ),
        // Somebody on the way may answer so, a filter for instance.
        _ => later(cause, false),
    })
}

/// The tokens of an answer, whatever else it says and however.
fn granted(body: &Value) -> Option<Granted> {
    let token = |name: &str| {
        let text = body[name].as_str().map(str::trim)?;
        (!text.is_empty()).then(|| SecretString::from(text.to_owned()))
    };
    let (access_token, refresh_token) = (token("access_token"), token("refresh_token"));
    if access_token.is_none() && refresh_token.is_none() {
        return None;
    }
    Some(Granted {
        access_token,
        refresh_token,
        expires_in: life(&body["expires_in"]).unwrap_or(USUAL_LIFE),
        strange_type: body["token_type"]
            .as_str()
            .filter(|it| !it.eq_ignore_ascii_case("bearer"))
            .map(plain),
    })
}

/// So many seconds, as a number or as text; none where that makes no life.
fn life(value: &Value) -> Option<Duration> {
    let seconds = value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())?;
    let life = Duration::try_from_secs_f64(seconds).ok()?;
    (life >= Duration::from_secs(1)).then_some(life)
}

/// Its code for a refusal, where OAuth has it or where Meetup's API has its own.
fn said(body: &Value) -> Option<String> {
    let errors = body["errors"].as_array().map_or(&[][..], Vec::as_slice);
    let ours = |error: &'_ Value| {
        let code = error["code"].as_str();
        code.or_else(|| error["extensions"]["code"].as_str())
            .map(plain)
    };
    body["error"]
        .as_str()
        .map(plain)
        .or_else(|| errors.iter().find_map(ours))
        .or_else(|| body["code"].as_str().map(plain))
        .filter(|code| !code.is_empty())
}

/// A code from outside, fit for a message.
pub(crate) fn plain(code: &str) -> String {
    let printable = code.chars().filter(char::is_ascii_graphic);
    printable.take(60).collect()
}

impl From<Broken> for Denied {
    fn from(broken: Broken) -> Self {
        Self::Later {
            cause: broken.to_string(),
            wait: None,
            may_have_counted: !matches!(broken, Broken::Unreached { .. } | Broken::Unsendable),
        }
    }
}
