//! The one place that makes HTTP clients: no redirects, https by certificates this machine or the
//! company trusts, through the environment's proxies, except to this machine itself.

mod reach;
mod unreached;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

pub use reach::{Reached, reach};
pub use unreached::Unreached;

use crate::config::{NetworkAccess, is_loopback};
use unreached::NoName;

/// Two clients that differ only in the way out: a proxy would carry plain http away from this machine,
/// or answer for a `localhost` of its own.
#[derive(Debug, Clone)]
pub struct Clients {
    outside: reqwest::Client,
    local: reqwest::Client,
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, as the clients read them too.
    proxies: Arc<Matcher>,
}

impl Clients {
    /// With so much time for a connection and for a whole exchange.
    ///
    /// # Errors
    ///
    /// In words with their remedy, about certificates: nothing else can be wrong.
    pub fn new(access: &NetworkAccess, connect: Duration, whole: Duration) -> Result<Self, String> {
        // Already installed is as good as installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build = |is_local: bool| {
            let mut builder = reqwest::Client::builder()
                .user_agent(concat!("gatherd/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .dns_resolver(Resolver)
                .connect_timeout(connect)
                .timeout(whole);
            let own: Result<Vec<_>, _> = access
                .certificates()
                .iter()
                .map(|it| reqwest::Certificate::from_der(it))
                .collect();
            builder = builder.tls_certs_merge(own.map_err(|_| UNUSABLE)?);
            if is_local {
                builder = builder.no_proxy();
            }
            builder.build().map_err(|_| UNUSABLE)
        };
        Ok(Self {
            outside: build(false)?,
            local: build(true)?,
            proxies: Arc::new(Matcher::from_env()),
        })
    }

    /// The client for this address.
    pub fn to(&self, url: &Url) -> &reqwest::Client {
        if is_loopback(url) {
            &self.local
        } else {
            &self.outside
        }
    }

    /// Host and port of the proxy on the way to this address; none where there is none.
    pub fn proxy(&self, url: &Url) -> Option<String> {
        if is_loopback(url) {
            return None;
        }
        let found = self.proxies.intercept(&url.as_str().parse().ok()?)?;
        // Not the whole address: a password may stand in it.
        let host = found.uri().host().unwrap_or_default().to_owned();
        Some(match found.uri().port_u16() {
            Some(port) => format!("{host}:{port}"),
            None => host,
        })
    }

    /// How far a request came that never got to its address; none where it did.
    pub fn unreached(&self, url: &Url, error: &reqwest::Error) -> Option<Unreached> {
        error
            .is_connect()
            .then(|| unreached::cause(error, self.proxy(url)))
    }
}

const UNUSABLE: &str = "the certificates that servers are known by cannot be loaded\n\
                        install this machine's ca-certificates, or check SSL_CERT_FILE and [network_access] ca_file";

/// The system's resolver, whose failure is told by its type.
struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
            if found.is_empty() {
                return Err(NoName.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
