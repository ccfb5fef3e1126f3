//! Signing in: access tokens that expire, refresh tokens that work once, codes, signed assertions.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The access token that always works: for trials and tests that are about something else.
pub const TRIAL_TOKEN: &str = "trial-access-token";
/// The client that is registered from the start.
pub const CLIENT_ID: &str = "demo-client";
/// Its secret.
pub const CLIENT_SECRET: &str = "demo-secret";
/// Its first refresh token.
pub const SEED_REFRESH_TOKEN: &str = "demo-refresh-0";

/// What a token may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// The network and everything in it.
    Network,
    /// Groups and events, but no network: the account has no Pro subscription.
    NoNetwork,
    /// The same, and nobody is signed in.
    Nobody,
}

/// What the person at the authorise page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consent {
    /// Agrees at once, as the network's owner.
    #[default]
    Given,
    /// Agrees at once, as somebody with these rights.
    GivenBy(Rights),
    /// Refuses at once.
    Denied,
    /// Is shown a page with both choices as links.
    Asked,
}

#[derive(Debug, Clone, Copy)]
struct Access {
    rights: Rights,
    expires: Option<Instant>,
}

/// A key registered for the JWT flow.
#[derive(Debug, Clone)]
struct SigningKey {
    public: Vec<u8>,
    member: String,
}

/// Every token ever given.
#[derive(Debug)]
pub struct Tokens {
    /// What the person at the authorise page does.
    pub consent: Consent,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Rights>,
    codes: HashMap<String, (String, Rights)>,
    keys: HashMap<String, SigningKey>,
    given: u64,
}

impl Default for Tokens {
    fn default() -> Self {
        let trial = Access {
            rights: Rights::Network,
            expires: None,
        };
        Self {
            access: HashMap::from([(TRIAL_TOKEN.to_owned(), trial)]),
            consent: Consent::default(),
            refresh: HashMap::from([(SEED_REFRESH_TOKEN.to_owned(), Rights::Network)]),
            codes: HashMap::new(),
            keys: HashMap::new(),
            given: 0,
        }
    }
}

/// A reply of the token endpoint: status and body.
pub type Reply = (u16, Value);

impl Tokens {
    /// What a bearer may see; none for an unknown or expired token.
    pub fn rights(&self, token: &str) -> Option<Rights> {
        let access = self.access.get(token)?;
        access
            .expires
            .is_none_or(|end| Instant::now() < end)
            .then_some(access.rights)
    }

    /// Makes a token valid for good, with these rights.
    pub fn allow(&mut self, token: &str, rights: Rights) {
        self.access.insert(
            token.to_owned(),
            Access {
                rights,
                expires: None,
            },
        );
    }

    /// Makes a refresh token valid for one use.
    pub fn allow_refresh(&mut self, token: &str) {
        self.refresh.insert(token.to_owned(), Rights::Network);
    }

    /// Ends every access token, the trial token too.
    pub fn revoke_all(&mut self) {
        self.access.clear();
    }

    /// Ends every refresh token: a person must sign in again.
    pub fn revoke_refresh(&mut self) {
        self.refresh.clear();
    }

    /// Registers a public key (PKCS #1 DER) for the JWT flow.
    pub fn register_key(&mut self, id: &str, member: &str, public: Vec<u8>) {
        self.keys.insert(
            id.to_owned(),
            SigningKey {
                public,
                member: member.to_owned(),
            },
        );
    }

    /// Gives a code for the authorise page's redirect.
    pub fn code(&mut self, redirect_uri: &str, rights: Rights) -> String {
        self.given += 1;
        let code = format!("code-{}", self.given);
        self.codes
            .insert(code.clone(), (redirect_uri.to_owned(), rights));
        code
    }

    /// Answers a form posted to the token endpoint.
    pub fn exchange(&mut self, form: &HashMap<String, String>, lives: Duration, now: i64) -> Reply {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let client_is_known =
            field("client_id") == CLIENT_ID && field("client_secret") == CLIENT_SECRET;
        match field("grant_type") {
            "refresh_token" | "authorization_code" if !client_is_known => {
                refuse(401, "invalid_client", "")
            }
            "refresh_token" => {
                if let Some(rights) = self.refresh.remove(field("refresh_token")) {
                    self.give(lives, rights)
                } else {
                    refuse(
                        400,
                        "invalid_grant",
                        "Unknown or previously used refresh_token",
                    )
                }
            }
            "authorization_code" => match self.codes.remove(field("code")) {
                Some((redirect_uri, rights)) if redirect_uri == field("redirect_uri") => {
                    self.give(lives, rights)
                }
                _ => refuse(400, "invalid_grant", "Unknown or previously used code"),
            },
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
                match self.assertion(field("assertion"), now) {
                    Ok(()) => self.give(lives, Rights::Network),
                    Err(reason) => refuse(400, "invalid_grant", reason),
                }
            }
            _ => refuse(400, "unsupported_grant_type", ""),
        }
    }

    fn give(&mut self, lives: Duration, rights: Rights) -> Reply {
        self.given += 1;
        let token = format!("access-{}", self.given);
        let access = Access {
            rights,
            expires: Some(Instant::now() + lives),
        };
        self.access.insert(token.clone(), access);
        let next = format!("demo-refresh-{}", self.given);
        let body = json!({
            "access_token": token, "token_type": "bearer", "expires_in": lives.as_secs(),
            "refresh_token": next
        });
        self.refresh.insert(next, rights);
        (200, body)
    }

    fn assertion(&self, jwt: &str, now: i64) -> Result<(), &'static str> {
        let part = |text: &str| -> Option<Value> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
        };
        let (signed, signature) = jwt.rsplit_once('.').ok_or("The assertion is no JWT")?;
        let (head, body) = signed.split_once('.').ok_or("The assertion is no JWT")?;
        let head = part(head).ok_or("The header is unreadable")?;
        let claims = part(body).ok_or("The claims are unreadable")?;
        if head["alg"] != "RS256" || head["typ"] != "JWT" {
            return Err("The algorithm must be RS256");
        }
        let key = head["kid"].as_str().and_then(|id| self.keys.get(id));
        let key = key.ok_or("Unknown signing key")?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| "Bad signature")?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &key.public)
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| "Bad signature")?;
        if claims["aud"] != "api.meetup.com" {
            return Err("Wrong audience");
        }
        if claims["iss"] != CLIENT_ID || claims["sub"] != key.member.as_str() {
            return Err("Wrong issuer or subject");
        }
        match claims["exp"].as_i64() {
            Some(exp) if exp <= now => Err("The assertion has expired"),
            Some(exp) if exp > now + 600 => Err("The assertion lives too long"),
            Some(_) => Ok(()),
            None => Err("The assertion has no expiry"),
        }
    }
}

fn refuse(status: u16, error: &str, description: &str) -> Reply {
    let mut body = json!({"error": error});
    if !description.is_empty() {
        body["error_description"] = description.into();
    }
    (status, body)
}
