//! Why an address was not reached, found in the types of what went wrong.

use std::error::Error;
use std::io;

/// How far a request came. Deliberately without the address, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreached {
    /// The name of the host is not known.
    #[error("no such name in DNS")]
    NoName,
    /// Nobody accepts the connection, as the system put it.
    #[error("no connection ({0})")]
    NoConnection(String),
    /// Somebody does, but not with TLS that can be trusted.
    #[error("TLS fails ({0})")]
    NoTrust(String),
    /// The proxy of the environment cannot be reached, or does not let through.
    #[error("the proxy {host} does not let through ({cause})")]
    Proxy {
        /// Its host and port.
        host: String,
        /// What it said, or what became of the connection to it.
        cause: String,
    },
}

impl Unreached {
    /// How far one came, where a failure of something else than HTTP says that it was not all the way.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable, TimedOut};
        let mut next = Some(error);
        while let Some(at) = next {
            if at.is::<rustls::Error>() {
                return Some(Self::NoTrust(plain(&at.to_string())));
            }
            next = match at.downcast_ref::<io::Error>() {
                Some(io) => match (io.get_ref(), io.kind()) {
                    (Some(inner), _) => Some(inner),
                    (
                        None,
                        kind
                        @ (ConnectionRefused | HostUnreachable | NetworkUnreachable | TimedOut),
                    ) => {
                        return Some(Self::NoConnection(kind.to_string()));
                    }
                    (None, _) => None,
                },
                None => at.source(),
            };
        }
        None
    }

    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoName => "check the address, and this machine's DNS",
            Self::NoConnection(_) => {
                "check the network and the firewall: gatherd asks this host by itself; a proxy is named by HTTPS_PROXY"
            }
            Self::NoTrust(_) => {
                "check this machine's clock and certificates; where a company's proxy opens TLS, name its certificate in [network_access] ca_file"
            }
            Self::Proxy { .. } => {
                "check HTTPS_PROXY and what that proxy allows; hosts in NO_PROXY are asked without it"
            }
        }
    }
}

/// What our resolver says of a name that it does not find.
#[derive(Debug, thiserror::Error)]
#[error("no such name")]
pub(super) struct NoName;

/// Looks through a failure for what it was, where `proxy` stands on the way.
pub(super) fn cause(error: &reqwest::Error, proxy: Option<String>) -> Unreached {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    let mut said = "no answer".to_owned();
    let mut is_nameless = false;
    while let Some(at) = next {
        said = at.to_string();
        if at.is::<rustls::Error>() {
            return Unreached::NoTrust(plain(&said));
        }
        is_nameless |= at.is::<NoName>();
        next = match at.downcast_ref::<io::Error>() {
            // Its `source` would skip what it wraps.
            Some(io) => match io.get_ref() {
                Some(inner) => Some(inner),
                None => {
                    said = io.kind().to_string();
                    None
                }
            },
            None => at.source(),
        };
    }
    if error.is_timeout() {
        "timed out".clone_into(&mut said);
    }
    match proxy {
        Some(host) => Unreached::Proxy {
            host,
            cause: plain(&said),
        },
        None if is_nameless => Unreached::NoName,
        None => Unreached::NoConnection(plain(&said)),
    }
}

fn plain(said: &str) -> String {
    said.chars().filter(|c| !c.is_control()).take(200).collect()
}
