//! The server: as many connections at once as do no harm, each for as long as a page takes and not much longer. Whoever
//! sends slowly takes a place here and nothing else; the daemon's lanes do not notice.

use super::{routes::routes, site::Site};
use crate::meetup::Stop;
use axum::{extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};
use tower::ServiceExt as _;

/// Connections at once; more wait in the system's queue.
const MOST: usize = 128;
/// A request's head must have come by then, and between two of them no more may pass.
const HEAD: Duration = Duration::from_secs(10);
/// No connection lasts longer, whatever goes over it.
const LONGEST: Duration = Duration::from_secs(120);
/// Pages under way when all ends get so long.
const FAREWELL: Duration = Duration::from_secs(1);
/// Where no connection can be taken, such as without free files, so long is waited.
const REST: Duration = Duration::from_millis(200);

/// Listens.
///
/// # Errors
/// If the address is taken, or not this machine's.
pub(crate) async fn bind(listen: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(listen).await
}

/// Serves the site until told to stop.
pub(crate) async fn serve(site: Arc<Site>, listener: TcpListener, stop: &Stop) {
    let router = routes(Arc::clone(&site));
    let places = Arc::new(Semaphore::new(MOST));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let taken = tokio::select! {
            () = stop.thrown() => break,
            place = Arc::clone(&places).acquire_owned() => {
                let Ok(place) = place else { break };
                tokio::select! {
                    () = stop.thrown() => break,
                    taken = listener.accept() => taken.map(|it| (place, it)),
                }
            }
        };
        match taken {
            Ok((place, (stream, from))) => {
                let (router, site) = (router.clone(), Arc::clone(&site));
                connections.spawn(async move {
                    let _place = place;
                    let serving = connection(router, site, stream, from);
                    // What broke off is the browser's to ask again.
                    drop(tokio::time::timeout(LONGEST, serving).await);
                });
            }
            Err(error) => {
                tracing::debug!("a connection to the pages was not taken: {error}");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    drop(
        tokio::time::timeout(FAREWELL, async {
            while connections.join_next().await.is_some() {}
        })
        .await,
    );
}

async fn connection(
    router: axum::Router,
    site: Arc<Site>,
    stream: TcpStream,
    from: SocketAddr,
) -> Result<(), hyper::Error> {
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(from));
        if let Some(within) = site.within(request.uri()) {
            *request.uri_mut() = within;
        }
        router.clone().oneshot(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(32 * 1024)
        .serve_connection(TokioIo::new(stream), answer)
        .await
}
