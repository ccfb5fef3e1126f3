//! Whether an address answers at all: its name, a connection, its certificate, a proxy on the way.

use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::{Clients, Unreached};
use crate::config::NetworkAccess;

/// Time for each step.
const PATIENCE: Duration = Duration::from_secs(10);

/// How an address was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// By TLS, with a certificate that this machine trusts.
    pub is_encrypted: bool,
    /// The proxy on the way.
    pub proxy: Option<String>,
}

/// Tries to reach an address by a request to its host's root, which changes nothing: any answer will
/// do, and so will a server that hangs up or stays silent once it is connected.
///
/// # Errors
///
/// How far one gets, where that is not all the way.
pub async fn reach(url: &Url, access: &NetworkAccess) -> Result<Reached, Unreached> {
    if url.scheme() != "https" {
        return here(url).await;
    }
    let clients = Clients::new(access, PATIENCE, PATIENCE).map_err(Unreached::NoTrust)?;
    let root = url.join("/").map_err(|_| Unreached::NoName)?;
    if let Err(error) = clients.to(&root).head(root.clone()).send().await
        && let Some(unreached) = clients.unreached(&root, &error)
    {
        return Err(unreached);
    }
    Ok(Reached {
        is_encrypted: true,
        proxy: clients.proxy(&root),
    })
}

/// On this machine, where no request is needed to know.
async fn here(url: &Url) -> Result<Reached, Unreached> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err(Unreached::NoName);
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = lookup_host((host, port)).await;
    let mut cause = None;
    for address in found.map_err(|_| Unreached::NoName)? {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {
                return Ok(Reached {
                    is_encrypted: false,
                    proxy: None,
                });
            }
            Ok(Err(error)) => cause = Some(error.kind().to_string()),
            Err(_) => cause = Some("timed out".to_owned()),
        }
    }
    Err(cause.map_or(Unreached::NoName, Unreached::NoConnection))
}
