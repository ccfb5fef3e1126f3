//! A server that answers from a script, and a ledger that remembers what it was told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use gatherd::meetup::{Ledger, Meetup, Reserve, Settings, SignIn, Waits};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

/// One answer.
#[derive(Clone, Default)]
pub struct Say {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    after: Duration,
}

impl Say {
    pub fn status(status: u16, body: &str) -> Self {
        Self {
            status,
            body: body.to_owned(),
            ..Self::default()
        }
    }

    pub fn json(body: &Value) -> Self {
        Self::status(200, &body.to_string()).header("content-type", "application/json")
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn after(mut self, delay: Duration) -> Self {
        self.after = delay;
        self
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub method: String,
    pub path: String,
    pub query: String,
    pub token: Option<String>,
    pub body: String,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .into_owned()
            .collect()
    }

    /// A field of the form.
    pub fn field(&self, name: &str) -> String {
        self.form()
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
            .unwrap_or_default()
    }
}

type Reply = Box<dyn FnMut(&Heard) -> Say + Send>;

struct Shared {
    heard: Mutex<Vec<Heard>>,
    script: Mutex<VecDeque<Say>>,
    otherwise: Mutex<Reply>,
}

/// The server. `/gql` answers questions, `/token` hands out tokens, as the test likes.
#[derive(Clone)]
pub struct Fake {
    pub url: String,
    shared: Arc<Shared>,
}

impl Fake {
    /// Answers from the script and then with what `otherwise` says.
    pub async fn start(otherwise: impl FnMut(&Heard) -> Say + Send + 'static) -> Self {
        let shared = Arc::new(Shared {
            heard: Mutex::default(),
            script: Mutex::default(),
            otherwise: Mutex::new(Box::new(otherwise)),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    /// What to say first.
    pub fn script(&self, says: impl IntoIterator<Item = Say>) {
        self.shared.script.lock().unwrap().extend(says);
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    /// The requests to one path.
    pub fn heard_at(&self, path: &str) -> Vec<Heard> {
        self.heard()
            .into_iter()
            .filter(|it| it.path == path)
            .collect()
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<axum::body::Body> {
    let token = headers
        .get("authorization")
        .map(|it| it.to_str().unwrap().to_owned());
    let heard = Heard {
        method: method.to_string(),
        query: uri.query().unwrap_or_default().to_owned(),
        path: uri.path().to_owned(),
        token,
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    shared.heard.lock().unwrap().push(heard.clone());
    let scripted = shared.script.lock().unwrap().pop_front();
    let say = scripted.unwrap_or_else(|| shared.otherwise.lock().unwrap()(&heard));
    tokio::time::sleep(say.after).await;
    let mut response = Response::builder().status(StatusCode::from_u16(say.status).unwrap());
    for (name, value) in say.headers {
        response = response.header(name, value);
    }
    response.body(say.body.into()).unwrap()
}

/// Accepts connections and breaks off in the middle of the answer.
pub async fn breaking_off() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = vec![0; 65_536];
            let _ = tokio::io::AsyncReadExt::read(&mut socket, &mut request).await;
            let half = "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{\"data\":";
            let _ = socket.write_all(half.as_bytes()).await;
        }
    });
    url
}

/// What the ledger was told.
#[derive(Default)]
pub struct Told {
    pub reserved: Vec<(String, u32)>,
    pub answered: Vec<i64>,
    pub refused: Vec<(i64, i64, Option<u32>)>,
    /// Wishes to answer with "wait" before granting one.
    pub waits: u32,
}

/// A ledger without a limit.
pub fn ledger() -> (Arc<Ledger>, Arc<Mutex<Told>>) {
    let told = Arc::new(Mutex::new(Told::default()));
    let (one, two, three) = (Arc::clone(&told), Arc::clone(&told), Arc::clone(&told));
    let ledger = Ledger {
        reserve: Box::new(move |operation, points| {
            let mut told = one.lock().unwrap();
            if told.waits > 0 {
                told.waits -= 1;
                let until_ms = chrono::Utc::now().timestamp_millis() + 20;
                return Ok(Reserve::Wait { until_ms });
            }
            told.reserved.push((operation.to_owned(), points));
            let asked = i64::try_from(told.reserved.len()).unwrap();
            Ok(Reserve::Granted { asked, points })
        }),
        answered: Box::new(move |asked, _| {
            two.lock().unwrap().answered.push(asked);
            Ok(())
        }),
        refused: Box::new(move |asked, not_before_ms, consumed| {
            let refusal = (asked, not_before_ms, consumed);
            three.lock().unwrap().refused.push(refusal);
            Ok(())
        }),
    };
    (Arc::new(ledger), told)
}

/// Waits that a test can wait for.
pub fn impatient() -> Waits {
    Waits {
        connect: Duration::from_millis(500),
        request: Duration::from_millis(500),
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
        attempts: 4,
        question: Duration::from_secs(10),
        shortest_reset: Duration::from_millis(1),
        longest_reset: Duration::from_millis(400),
        refusals: 3,
        budget: Duration::from_millis(200),
        renew_ahead: Duration::from_secs(120),
        lock: Duration::from_secs(5),
    }
}

pub fn settings(url: &str, state_dir: &std::path::Path) -> Settings {
    Settings {
        endpoint: format!("{url}/gql").parse().unwrap(),
        token_endpoint: format!("{url}/token").parse().unwrap(),
        sign_in: SignIn::AccessToken("trial".to_owned().into()),
        max_concurrency: 2,
        page_size: 500,
        network_access: Default::default(),
        state_dir: state_dir.to_owned(),
        waits: impatient(),
    }
}

/// Meetup at this address, with a trial token.
pub fn meetup(url: &str) -> (Meetup, Arc<Mutex<Told>>) {
    let (ledger, told) = ledger();
    let nowhere = std::path::Path::new("/nonexistent");
    (Meetup::new(settings(url, nowhere), ledger).unwrap(), told)
}

/// A group's memberships with nobody in them.
pub fn nobody() -> Say {
    Say::json(&json!({"data": {"group": {"memberships": {
        "totalCount": 0, "pageInfo": {"hasNextPage": false, "endCursor": null}, "edges": []}}}}))
}

/// Meetup's words for "no points left".
pub fn rate_limited(reset_at: &str) -> Value {
    json!({"data": null, "errors": [{
        "message": "Too many requests, please try again shortly.", "path": ["group"],
        "extensions": {"code": "RATE_LIMITED", "consumedPoints": "500", "resetAt": reset_at}}]})
}
