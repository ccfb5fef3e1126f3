//! Where the authorise page sends the browser back to: a listener on loopback that hears one answer.
//!
//! What comes in is judged elsewhere; here it is only taken, and answered with a page. Nothing of the
//! question is ever shown on it.

use anyhow::{Result, anyhow};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};
use url::{Host, Url};

/// The browser gets its page within this, or never.
const FAREWELL: Duration = Duration::from_secs(2);

/// A browser that came back: what it brought, and what its page will say.
pub(super) struct Visitor {
    /// The question part of the address.
    pub(super) query: String,
    /// Takes the page.
    pub(super) page: oneshot::Sender<Page>,
}

/// What the browser shows in the end.
pub(super) enum Page {
    /// Signed in.
    Welcome,
    /// Not signed in; the terminal says why.
    Refused,
    /// An answer to another sign-in.
    Foreign,
    /// Nobody asked for this.
    Stray,
}

/// The listener. Dropped without [`RedirectListener::close`], it ends with the program.
pub(super) struct RedirectListener {
    pub(super) visitors: mpsc::Receiver<Visitor>,
    over: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

impl RedirectListener {
    /// Listens where `redirect_uri` points. None: it points elsewhere, or to https, and only what is
    /// pasted can be heard.
    pub(super) async fn open(redirect_uri: &Url) -> Result<Option<Self>> {
        let addresses = loopback(redirect_uri);
        if addresses.is_empty() {
            return Ok(None);
        }
        let port = redirect_uri.port_or_known_default().unwrap_or(80);
        let mut listeners = Vec::new();
        for (place, address) in addresses.iter().enumerate() {
            match TcpListener::bind((*address, port)).await {
                Ok(listener) => listeners.push(listener),
                // A machine without IPv6 has no second address for `localhost`.
                Err(error) if place > 0 && error.kind() != ErrorKind::AddrInUse => {}
                Err(error) => return Err(taken(redirect_uri, &error)),
            }
        }
        let (told, visitors) = mpsc::channel(1);
        let (over, ended) = watch::channel(false);
        let router = Router::new()
            .route(redirect_uri.path(), get(land))
            .with_state(told);
        let serve = |listener: TcpListener| {
            let (router, mut ended) = (router.clone(), ended.clone());
            tokio::spawn(async move {
                let over = async move {
                    // A sender that is gone ends it too.
                    let _ = ended.wait_for(|ended| *ended).await;
                };
                // What goes wrong here is a browser's trouble; the pasted line still works.
                let _ = axum::serve(listener, router)
                    .with_graceful_shutdown(over)
                    .await;
            })
        };
        let servers = listeners.into_iter().map(serve).collect();
        Ok(Some(Self {
            visitors,
            over,
            servers,
        }))
    }

    /// Lets the last page reach its browser, and stops listening.
    pub(super) async fn close(self) {
        self.over.send_replace(true);
        drop(self.visitors);
        let ended = async {
            for server in self.servers {
                let _ = server.await;
            }
        };
        let _ = tokio::time::timeout(FAREWELL, ended).await;
    }
}

/// Where a browser of this machine may arrive: for `localhost` it chooses between two.
fn loopback(redirect_uri: &Url) -> Vec<IpAddr> {
    match redirect_uri.host() {
        _ if redirect_uri.scheme() != "http" => Vec::new(),
        Some(Host::Domain("localhost")) => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        Some(Host::Ipv4(ip)) if ip.is_loopback() => vec![ip.into()],
        Some(Host::Ipv6(ip)) if ip.is_loopback() => vec![ip.into()],
        _ => Vec::new(),
    }
}

fn taken(redirect_uri: &Url, error: &std::io::Error) -> anyhow::Error {
    let cause = match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
        std::io::ErrorKind::PermissionDenied => "this account may not listen there".to_owned(),
        kind => kind.to_string(),
    };
    anyhow!(
        "redirect_uri {redirect_uri}: {cause}\nend that program; or register another redirect_uri with a free port for the client; or run `gatherd auth login --no-browser` and paste the address that the browser ends at"
    )
}

async fn land(State(told): State<mpsc::Sender<Visitor>>, RawQuery(query): RawQuery) -> Response {
    let (page, shown) = oneshot::channel();
    let visitor = Visitor {
        query: query.unwrap_or_default(),
        page,
    };
    let page = match told.send(visitor).await {
        Ok(()) => shown.await.unwrap_or(Page::Refused),
        Err(_) => Page::Stray,
    };
    page.into_response()
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::Welcome => (
                StatusCode::OK,
                "Signed in",
                "gatherd is signed in to Meetup. You can close this page.",
            ),
            Self::Refused => (
                StatusCode::BAD_REQUEST,
                "Not signed in",
                "gatherd is not signed in. The terminal says why and what to do.",
            ),
            Self::Foreign => (
                StatusCode::BAD_REQUEST,
                "Not this sign-in",
                "This answer belongs to another sign-in. gatherd goes on waiting for the page that it opened.",
            ),
            Self::Stray => (
                StatusCode::NOT_FOUND,
                "Nothing to do",
                "gatherd waits for the answer of Meetup's page, and this is none.",
            ),
        };
        let page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <style>body {{ font: 1.1em sans-serif; margin: 4em auto; max-width: 32em; padding: 0 1em }}</style>\n\
             <h1>{title}</h1>\n<p>{text}</p>\n</html>\n"
        );
        let headers = [
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::CONNECTION, "close"),
            (
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'",
            ),
        ];
        (status, headers, Html(page)).into_response()
    }
}
