//! The token endpoint, through the oauth2 crate over our own client: no redirects, bounded answers. The
//! crate asks and reads; each reply is kept beside it too, for what the crate does not tell.

use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use http::{StatusCode, header};
use oauth2::basic::{
    BasicClient, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RedirectUrl, RefreshToken,
    RequestTokenError, StandardRevocableToken, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::token_reply::{Refusal, Tokens, plain};
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

/// A registered client, as it is configured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'s> {
    id: &'s str,
    secret: &'s SecretString,
}

/// What the oauth2 crate makes of it, with replies read our way.
type Ready = oauth2::Client<
    Refusal,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

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
        oauth2::Client::new(ClientId::new(self.id.to_owned()))
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
    let exchange = Exchange::over(transport);
    let answer = client
        .at(endpoint)
        .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone()))
        .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
        .request_async(&exchange)
        .await;
    exchange.read(answer)
}

/// Trades a refresh token for an access token and the next refresh token.
pub(crate) async fn refresh(
    transport: &Transport,
    endpoint: &Url,
    client: &Client<'_>,
    token: &SecretString,
) -> Result<Granted, Denied> {
    let exchange = Exchange::over(transport);
    let answer = client
        .at(endpoint)
        .exchange_refresh_token(&RefreshToken::new(token.expose_secret().to_owned()))
        .request_async(&exchange)
        .await;
    exchange.read(answer)
}

/// Trades a signed assertion for an access token. The crate has no such grant (RFC 7523) and no way to
/// add one, so the form is ours; it is sent and read as the others are.
pub(crate) async fn exchange(
    transport: &Transport,
    endpoint: &Url,
    assertion: &SecretString,
) -> Result<Granted, Denied> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .append_pair("assertion", assertion.expose_secret())
        .finish();
    let request = http::Request::post(endpoint.as_str())
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.into_bytes())
        .map_err(|_| Broken::Unsendable)?;
    let exchange = Exchange::over(transport);
    let response = exchange.send(request).await?;
    let tokens = serde_json::from_slice(response.body()).ok();
    match tokens.filter(|_| response.status().is_success()) {
        Some(tokens) => exchange.read(Ok(tokens)),
        None => Err(exchange.denied(None)),
    }
}

/// One request and its reply.
struct Exchange<'t> {
    transport: &'t Transport,
    reply: OnceLock<Reply>,
}

impl<'t> Exchange<'t> {
    fn over(transport: &'t Transport) -> Self {
        Self {
            transport,
            reply: OnceLock::new(),
        }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Broken> {
        let (parts, form) = request.into_parts();
        let endpoint = Url::parse(&parts.uri.to_string()).map_err(|_| Broken::Unsendable)?;
        let request = self.transport.post(&endpoint);
        let reply = self
            .transport
            .send(request.headers(parts.headers).body(form))
            .await?;
        // Without its headers, and any success as the usual one: the crate would not look for tokens
        // in what is declared as anything but JSON, nor under another status.
        let mut response = HttpResponse::new(reply.body.to_vec());
        if !reply.status.is_success() {
            *response.status_mut() = reply.status;
        }
        self.reply.get_or_init(|| reply);
        Ok(response)
    }

    fn read(
        &self,
        answer: Result<Tokens, RequestTokenError<Broken, Refusal>>,
    ) -> Result<Granted, Denied> {
        match answer {
            Ok(tokens) => Ok(Granted::from(&tokens)),
            Err(RequestTokenError::Request(broken)) => Err(broken.into()),
            Err(RequestTokenError::ServerResponse(refusal)) => Err(self.denied(Some(refusal))),
            // The rest of the error quotes the answer, which may hold tokens.
            Err(_) => Err(self.denied(None)),
        }
    }

    /// Why nothing was granted; `refusal` as the crate read it.
    fn denied(&self, refusal: Option<Refusal>) -> Denied {
        let Some(reply) = self.reply.get() else {
            return Broken::Unsendable.into();
        };
        let status = reply.status;
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
            return later(cause, false);
        }
        // The crate reads none under a success.
        match refusal.or_else(|| serde_json::from_slice(&reply.body).ok()) {
            Some(refusal) if refusal.is_passing() => return later(refusal.code(), false),
            Some(refusal) => return Denied::Rejected(refusal.code()),
            None => {}
        }
        match status {
            StatusCode::UNAUTHORIZED => Denied::Unsaid(cause),
            status if status.is_success() => later(
                "the answer is no token answer, or broke off".to_owned(),
                true,
            ),
            // Somebody on the way may answer so, a filter for instance.
            _ => later(cause, false),
        }
    }
}

/// What the oauth2 crate asks its HTTP client to be.
impl<'c> AsyncHttpClient<'c> for Exchange<'_> {
    type Error = Broken;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Broken>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl From<&Tokens> for Granted {
    fn from(tokens: &Tokens) -> Self {
        let access_token = tokens.access_token().secret();
        Self {
            access_token: (!access_token.is_empty()).then(|| access_token.clone().into()),
            refresh_token: tokens.refresh_token().map(|it| it.secret().clone().into()),
            expires_in: tokens.expires_in().unwrap_or(USUAL_LIFE),
            strange_type: match tokens.token_type() {
                BasicTokenType::Bearer => None,
                other => Some(plain(other.as_ref())),
            },
        }
    }
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
