//! Whether an address answers at all: its name, a connection, its certificate. Nothing is asked of it.

use std::error::Error as _;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

/// Time for each step.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far one gets towards an address. Deliberately without the address: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// All the way; whether the connection is encrypted.
    There {
        /// By TLS, with a certificate that this machine trusts.
        is_encrypted: bool,
    },
    /// The name of the host is not known.
    NoName,
    /// Nobody accepts the connection, as the system put it.
    NoConnection(String),
    /// Somebody does, but not with TLS that can be trusted.
    NoTrust(String),
}

/// Tries to reach an address.
pub async fn reach(url: &Url) -> Reached {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Reached::NoName;
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<SocketAddr> = match timeout(PATIENCE, lookup_host((host, port))).await {
        Ok(Ok(found)) => found.collect(),
        _ => Vec::new(),
    };
    if found.is_empty() {
        return Reached::NoName;
    }
    if let Err(cause) = connect(&found).await {
        return Reached::NoConnection(cause);
    }
    if url.scheme() != "https" {
        return Reached::There {
            is_encrypted: false,
        };
    }
    match shake_hands(url).await {
        Ok(()) => Reached::There { is_encrypted: true },
        Err(cause) => Reached::NoTrust(cause),
    }
}

async fn connect(found: &[SocketAddr]) -> Result<(), String> {
    let mut cause = String::new();
    for address in found {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => cause = error.kind().to_string(),
            Err(_) => "timed out".clone_into(&mut cause),
        }
    }
    Err(cause)
}

/// A request to the host's root, which changes nothing: any answer proves the handshake.
async fn shake_hands(url: &Url) -> Result<(), String> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .user_agent(concat!("gatherd/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(|_| "the system's certificates cannot be loaded".to_owned())?;
    let Ok(root) = url.join("/") else {
        return Err("the address has no root".to_owned());
    };
    match client.head(root).send().await {
        Err(error) if error.is_connect() => Err(innermost(&error.without_url())),
        // Whoever hangs up or stays silent after the handshake was reached all the same.
        _ => Ok(()),
    }
}

/// The last cause, which is the certificate's where there is one.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut said = "no TLS".to_owned();
    while let Some(inner) = cause {
        said = inner.to_string();
        cause = inner.source();
    }
    said.chars().filter(|c| !c.is_control()).take(200).collect()
}
