//! What the token endpoint says, as the oauth2 crate is to read it. What is granted cannot be had
//! twice, so nothing of an answer but its tokens decides whether they are kept: a refresh token that
//! works once must not be lost to a lifetime written as text.

use std::fmt;
use std::time::Duration;

use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, ErrorResponse, RefreshToken, Scope, TokenResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The tokens of an answer, one at least, whatever else it says and however.
#[derive(Debug, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Tokens {
    /// Empty where there is none: the crate knows no answer without one.
    access_token: AccessToken,
    refresh_token: Option<RefreshToken>,
    expires_in: Option<Duration>,
    /// A bearer's, where it does not say.
    token_type: BasicTokenType,
}

impl TryFrom<Value> for Tokens {
    type Error = &'static str;

    fn try_from(body: Value) -> Result<Self, Self::Error> {
        let token = |name: &str| {
            let text = body[name].as_str().map(str::trim)?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        let (access_token, refresh_token) = (token("access_token"), token("refresh_token"));
        if access_token.is_none() && refresh_token.is_none() {
            return Err("no tokens");
        }
        let token_type = match body["token_type"].as_str() {
            Some(kind) if !kind.eq_ignore_ascii_case("bearer") => {
                BasicTokenType::Extension(kind.to_owned())
            }
            _ => BasicTokenType::Bearer,
        };
        Ok(Self {
            access_token: AccessToken::new(access_token.unwrap_or_default()),
            refresh_token: refresh_token.map(RefreshToken::new),
            expires_in: life(&body["expires_in"]),
            token_type,
        })
    }
}

impl TokenResponse for Tokens {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    /// None: gatherd asks for no scope, and tokens are kept whatever theirs is.
    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
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
#[derive(Debug, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Refusal(String);

/// Codes that speak of the endpoint's own trouble.
const PASSING: [&str; 2] = ["temporarily_unavailable", "server_error"];

impl Refusal {
    /// Its code.
    pub(super) fn code(self) -> String {
        self.0
    }

    /// Whether it says nothing about the token.
    pub(super) fn is_passing(&self) -> bool {
        PASSING.contains(&self.0.as_str())
    }
}

impl TryFrom<Value> for Refusal {
    type Error = &'static str;

    fn try_from(body: Value) -> Result<Self, Self::Error> {
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
            .map(Self)
            .ok_or("no code")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ErrorResponse for Refusal {}

/// A code from outside, fit for a message.
pub(super) fn plain(code: &str) -> String {
    let printable = code.chars().filter(char::is_ascii_graphic);
    printable.take(60).collect()
}
