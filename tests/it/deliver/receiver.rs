//! A chat service on loopback that keeps what it was sent and answers as told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

/// How to answer one request.
#[derive(Clone, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    pub delay: Duration,
}

pub fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        body: body.to_owned(),
        ..Answer::default()
    }
}

/// One request that came in.
#[derive(Clone)]
pub struct Received {
    pub headers: HeaderMap,
    /// What of it is text.
    pub body: String,
    #[cfg_attr(
        not(feature = "png"),
        expect(dead_code, reason = "pictures are no text")
    )]
    pub bytes: Bytes,
    pub method: String,
    pub path: String,
    pub query: Option<String>,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

#[derive(Default)]
struct Inner {
    answers: VecDeque<Answer>,
    received: Vec<Received>,
}

#[derive(Clone, Default)]
pub struct Receiver {
    inner: Arc<Mutex<Inner>>,
    address: String,
}

impl Receiver {
    /// Answers in that order, and 200 `ok` from then on.
    pub async fn start(answers: Vec<Answer>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            inner: Arc::new(Mutex::new(Inner {
                answers: answers.into(),
                received: Vec::new(),
            })),
            address: format!("http://{}", listener.local_addr().unwrap()),
        };
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    /// A secret address of it.
    pub fn url(&self) -> String {
        format!(
            "{}/services/T0SECRET/B0SECRET/verysecrettoken?key=keysecret1&token=tokensecret2",
            self.address
        )
    }

    /// Answers the next request so.
    pub fn answer_next(&self, answer: Answer) {
        self.inner.lock().unwrap().answers.push_back(answer);
    }

    pub fn received(&self) -> Vec<Received> {
        self.inner.lock().unwrap().received.clone()
    }
}

async fn take(
    State(receiver): State<Receiver>,
    method: Method,
    headers: HeaderMap,
    uri: axum::http::Uri,
    body: Bytes,
) -> Response {
    let answer = {
        let mut inner = receiver.inner.lock().unwrap();
        inner.received.push(Received {
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body,
            method: method.to_string(),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
        });
        inner.answers.pop_front()
    };
    let answer = answer.unwrap_or_else(|| self::answer(200, "ok"));
    tokio::time::sleep(answer.delay).await;
    let mut response = (StatusCode::from_u16(answer.status).unwrap(), answer.body).into_response();
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}
