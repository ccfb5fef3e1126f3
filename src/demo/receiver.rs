//! A small receiver on loopback for what gatherd delivers: it answers as told and hands on what came.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;
use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// A message that came.
#[derive(Debug, Clone)]
pub struct Received {
    /// The method it was sent with.
    pub method: String,
    /// The path it was sent to.
    pub path: String,
    /// The query part of the address, if any.
    pub query: Option<String>,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Its body as JSON; null if it is none.
    pub json: Value,
    /// The status it was answered with; 0 for a hang.
    pub status: u16,
}

/// How to answer a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// This status, with this body.
    Status(u16, String),
    /// This status, with `Retry-After` in seconds.
    Later(u16, u64),
    /// 302 to elsewhere, which no client should follow.
    Redirect(String),
    /// 200 after a while.
    Slow(Duration),
    /// No answer.
    Hang,
}

impl Default for Reply {
    fn default() -> Self {
        Self::Status(200, "ok".to_owned())
    }
}

type Callback = Box<dyn FnMut(&Received) + Send>;

#[derive(Default)]
struct Inbox {
    received: Mutex<Vec<Received>>,
    replies: Mutex<VecDeque<Reply>>,
    callback: Mutex<Option<Callback>>,
}

fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running receiver. Dropping it stops it.
pub struct Receiver {
    inbox: Arc<Inbox>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Listens on a free loopback port.
    ///
    /// # Errors
    ///
    /// If no port can be listened on.
    pub fn start() -> io::Result<Self> {
        let inbox = Arc::new(Inbox::default());
        let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let router = Router::new().fallback(receive).with_state(inbox.clone());
        let thread = std::thread::Builder::new()
            .name("receiver".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    let Ok(listener) = tokio::net::TcpListener::from_std(socket) else {
                        return;
                    };
                    tokio::select! {
                        _ = axum::serve(listener, router) => {}
                        _ = stopped => {}
                    }
                });
                runtime.shutdown_background();
            })?;
        Ok(Self {
            inbox,
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// An address to send to; every path is taken.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.address, path.trim_start_matches('/'))
    }

    /// Answers the next messages so, in this order; afterwards 200 again.
    pub fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        open(&self.inbox.replies).extend(replies);
    }

    /// Has a function called for each message, before it is answered.
    pub fn on_message(&self, callback: impl FnMut(&Received) + Send + 'static) {
        *open(&self.inbox.callback) = Some(Box::new(callback));
    }

    /// Everything that came so far.
    pub fn received(&self) -> Vec<Received> {
        open(&self.inbox.received).clone()
    }

    /// Everything that came since the last time, and forgets it.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *open(&self.inbox.received))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn receive(
    State(inbox): State<Arc<Inbox>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let reply = open(&inbox.replies).pop_front().unwrap_or_default();
    let status = match &reply {
        Reply::Status(status, _) | Reply::Later(status, _) => *status,
        Reply::Redirect(_) => 302,
        Reply::Slow(_) => 200,
        Reply::Hang => 0,
    };
    let received = Received {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().map(str::to_owned),
        headers,
        json: serde_json::from_slice(&body).unwrap_or_default(),
        body,
        status,
    };
    if let Some(callback) = &mut *open(&inbox.callback) {
        callback(&received);
    }
    open(&inbox.received).push(received);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    match reply {
        Reply::Status(_, text) => *response.body_mut() = Body::from(text),
        Reply::Later(_, seconds) => {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        Reply::Redirect(target) => {
            if let Ok(target) = header::HeaderValue::from_str(&target) {
                response.headers_mut().insert(header::LOCATION, target);
            }
        }
        Reply::Slow(time) => tokio::time::sleep(time).await,
        Reply::Hang => tokio::time::sleep(Duration::from_secs(86_400)).await,
    }
    response
}
