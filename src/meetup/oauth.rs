//! The token endpoint, through the oauth2 crate over our own client: no redirects, bounded answers.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use http::StatusCode;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RedirectUrl, RefreshToken,
    RequestTokenError, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::transport::{Broken, Reply, Transport};
use crate::config::SignIn;

/// What the token endpoint granted.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) access_token: SecretString,
    pub(crate) refresh_token: Option<SecretString>,
    pub(crate) expires_in: Duration,
}

/// Why it did not.
#[derive(Debug)]
pub(crate) enum Denied {
    /// For good; the OAuth error code.
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

/// A registered client, as it is configured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'s> {
    id: &'s str,
    secret: &'s SecretString,
}

/// What the oauth2 crate makes of it.
type Ready =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

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

    fn at(&self, token_endpoint: &Url) -> Ready {
        BasicClient::new(ClientId::new(self.id.to_owned()))
            .set_client_secret(ClientSecret::new(self.secret.expose_secret().to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(TokenUrl::from_url(token_endpoint.clone()))
    }
}

/// Where a person agrees.
pub(crate) fn address(
    client: &Client<'_>,
    endpoint: &Url,
    redirect_uri: &Url,
    state: &CsrfToken,
) -> Url {
    BasicClient::new(ClientId::new(client.id.to_owned()))
        .set_auth_uri(AuthUrl::from_url(endpoint.clone()))
        .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone()))
        .authorize_url(|| state.clone())
        .url()
        .0
}

/// Trades the code of the authorise page for an access token and the first refresh token.
pub(crate) async fn redeem(
    transport: &Transport,
    endpoint: &Url,
    client: &Client<'_>,
    code: &SecretString,
    redirect_uri: &Url,
) -> Result<Granted, Denied> {
    let code = AuthorizationCode::new(code.expose_secret().to_owned());
    let redirect = RedirectUrl::from_url(redirect_uri.clone());
    let answer = client
        .at(endpoint)
        .set_redirect_uri(redirect)
        .exchange_code(code)
        .request_async(&OverTransport(transport))
        .await;
    read(answer)
}

/// Trades a refresh token for an access token and the next refresh token.
pub(crate) async fn refresh(
    transport: &Transport,
    endpoint: &Url,
    client: &Client<'_>,
    token: &SecretString,
) -> Result<Granted, Denied> {
    let token = RefreshToken::new(token.expose_secret().to_owned());
    let answer = client
        .at(endpoint)
        .exchange_refresh_token(&token)
        .request_async(&OverTransport(transport))
        .await;
    read(answer)
}

fn read(
    answer: Result<BasicTokenResponse, RequestTokenError<Trouble, BasicErrorResponse>>,
) -> Result<Granted, Denied> {
    match answer {
        Ok(response) => Ok(granted(&response)),
        Err(RequestTokenError::ServerResponse(response)) => Err(rejected(&response)),
        Err(RequestTokenError::Request(trouble)) => Err(trouble.into()),
        // The rest of the error quotes the answer, which may hold tokens.
        Err(_) => Err(garbled()),
    }
}

/// Trades a signed assertion for an access token.
pub(crate) async fn exchange(
    transport: &Transport,
    endpoint: &Url,
    assertion: &SecretString,
) -> Result<Granted, Denied> {
    let request = transport.post(endpoint).form(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", assertion.expose_secret()),
    ]);
    let reply = usable(transport.send(request).await)?;
    if reply.status.is_success() {
        let response = serde_json::from_slice::<BasicTokenResponse>(&reply.body);
        return response.map(|it| granted(&it)).map_err(|_| garbled());
    }
    match serde_json::from_slice::<BasicErrorResponse>(&reply.body) {
        Ok(response) => Err(rejected(&response)),
        Err(_) => Err(Denied::Rejected(format!("HTTP {}", reply.status.as_u16()))),
    }
}

fn granted(response: &BasicTokenResponse) -> Granted {
    Granted {
        access_token: response.access_token().secret().clone().into(),
        refresh_token: response
            .refresh_token()
            .map(|it| it.secret().clone().into()),
        expires_in: response.expires_in().unwrap_or(USUAL_LIFE),
    }
}

fn rejected(response: &BasicErrorResponse) -> Denied {
    Denied::Rejected(plain(response.error().as_ref()))
}

/// A code from outside, fit for a message.
pub(crate) fn plain(code: &str) -> String {
    let printable = code.chars().filter(char::is_ascii_graphic);
    printable.take(60).collect()
}

fn garbled() -> Denied {
    let cause = "the answer is no token answer, or broke off".to_owned();
    Denied::Later {
        cause,
        wait: None,
        may_have_counted: true,
    }
}

/// No answer that is worth reading.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Broken(Broken),
    #[error("HTTP {}", status.as_u16())]
    Status {
        status: StatusCode,
        wait: Option<Duration>,
    },
    /// A refusal without OAuth's words.
    #[error("HTTP 401")]
    Unauthorized,
}

impl From<Trouble> for Denied {
    fn from(trouble: Trouble) -> Self {
        let cause = trouble.to_string();
        match trouble {
            Trouble::Broken(broken) => {
                let may_have_counted = !matches!(broken, Broken::NoConnection | Broken::Unsendable);
                Self::Later {
                    cause,
                    wait: None,
                    may_have_counted,
                }
            }
            Trouble::Unauthorized => Self::Unsaid(cause),
            Trouble::Status { wait, .. } => Self::Later {
                cause,
                wait,
                may_have_counted: false,
            },
        }
    }
}

/// Lets through what an OAuth server said itself; a CDN's page or a 5xx says nothing about the token.
fn usable(reply: Result<Reply, Broken>) -> Result<Reply, Trouble> {
    let reply = reply.map_err(Trouble::Broken)?;
    let status = reply.status;
    let is_passing = status.is_server_error()
        || status.is_redirection()
        || status == StatusCode::TOO_MANY_REQUESTS
        || reply.is_html();
    if is_passing {
        return Err(Trouble::Status {
            status,
            wait: reply.retry_after(),
        });
    }
    // The oauth2 crate would take one without its usual body for garbled.
    let is_said = serde_json::from_slice::<BasicErrorResponse>(&reply.body).is_ok();
    if status == StatusCode::UNAUTHORIZED && !is_said {
        return Err(Trouble::Unauthorized);
    }
    Ok(reply)
}

/// What the oauth2 crate asks its HTTP client to be.
struct OverTransport<'t>(&'t Transport);

impl<'c> AsyncHttpClient<'c> for OverTransport<'_> {
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Trouble>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = self.0.prepared(request).map_err(Trouble::Broken)?;
            let reply = usable(self.0.send(request).await)?;
            let mut response = HttpResponse::new(reply.body.to_vec());
            *response.status_mut() = reply.status;
            *response.headers_mut() = reply.headers;
            Ok(response)
        })
    }
}
