//! The token endpoint, through the oauth2 crate over our own client: no redirects, bounded answers.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use http::StatusCode;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RefreshToken,
    RequestTokenError, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::transport::{Broken, Reply, Transport};

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
    /// For now. `may_have_counted`: the request may have been carried out all the same.
    Later {
        cause: String,
        wait: Option<Duration>,
        may_have_counted: bool,
    },
}

/// Meetup's tokens live an hour; used where an answer does not say.
const USUAL_LIFE: Duration = Duration::from_secs(3600);

/// Trades a refresh token for an access token and the next refresh token.
pub(crate) async fn refresh(
    transport: &Transport,
    endpoint: &Url,
    client_id: &str,
    client_secret: &SecretString,
    token: &SecretString,
) -> Result<Granted, Denied> {
    let client = BasicClient::new(ClientId::new(client_id.to_owned()))
        .set_client_secret(ClientSecret::new(client_secret.expose_secret().to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(endpoint.clone()));
    let token = RefreshToken::new(token.expose_secret().to_owned());
    match client
        .exchange_refresh_token(&token)
        .request_async(&OverTransport(transport))
        .await
    {
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
    let code: String = response.error().as_ref().chars().take(60).collect();
    Denied::Rejected(code.chars().filter(char::is_ascii_graphic).collect())
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
