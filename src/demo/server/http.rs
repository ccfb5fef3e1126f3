//! The routes, and what happens to a question on its way to the answer.

use super::document::{Document, validation_error};
use super::execute::execute;
use super::faults::Fault;
use super::node::Trouble;
use super::points::Throttled;
use super::resolve::Sight;
use super::tokens::Rights;
use super::wire::Wire;
use super::{Asked, Desk, Shared, signin};
use crate::demo::clock::http_date;
use crate::demo::switches::{BadToken, Points, Switches};
use apollo_compiler::introspection;
use apollo_compiler::response::JsonMap;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

const HTML: &str = "<!DOCTYPE html><html><head><title>We are sorry</title></head>\
                    <body><h1>Something went wrong</h1></body></html>";

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/gql-ext", post(ask))
        .route("/gql", post(retired))
        .route("/oauth2/access", post(signin::exchange))
        .route("/oauth2/authorize", get(signin::authorize))
        .with_state(shared)
}

#[derive(serde::Deserialize)]
struct Question {
    query: String,
    #[serde(default)]
    variables: Option<JsonMap>,
}

async fn ask(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let switches = shared.world().switches.clone();
    let desk = Reception {
        shared: &shared,
        switches: &switches,
    };
    let Ok(question) = serde_json::from_slice::<Question>(&body) else {
        shared.desk().counters.requests += 1;
        return desk.json(
            400,
            &json!({"errors": [{"message": "The body is no GraphQL request"}]}),
        );
    };
    let (document, number, turn, fault) = desk.receive(&question.query);
    let name = document
        .as_ref()
        .map_or("", |document| document.name.as_str())
        .to_owned();
    let variables = question.variables.unwrap_or_default();
    let checked = document.and_then(|document| {
        let variables = shared.desk().library.variables(&document, &variables)?;
        Ok((document, variables))
    });
    // What was asked is paid for, whatever comes of it.
    let arrival = match &checked {
        Ok((document, variables)) => {
            let plan = document.plan(variables).unwrap_or_default();
            let key = plan.first().map_or("", |field| field.key).to_owned();
            let arrived = {
                let Desk {
                    window, counters, ..
                } = &mut *shared.desk();
                window.arrive(plan.len() as u32, &switches, counters, Instant::now())
            };
            arrived.map_err(|throttled| (key, throttled))
        }
        Err(_) => Ok(()),
    };
    if !switches.latency.is_zero() {
        tokio::time::sleep(switches.latency).await;
    }
    if let Some(fault) = fault
        && let Some(response) = desk.fail(fault, &wire).await
    {
        return response;
    }
    if let Some(hook) = &mut *shared.hook.lock().unwrap_or_else(PoisonError::into_inner) {
        hook(
            Asked {
                operation: &name,
                number,
                turn,
            },
            &mut shared.world(),
        );
    }
    let rights = match desk.rights(&headers) {
        Ok(rights) => rights,
        Err(refusal) => return *refusal,
    };
    if let Err((key, throttled)) = arrival {
        return desk.throttle(&key, throttled);
    }
    let (document, variables) = match checked {
        Ok(checked) => checked,
        Err(errors) => return desk.json(200, &json!({"errors": errors})),
    };
    let body = match desk.answer(&document, &variables, rights) {
        Ok(body) => body,
        Err(Trouble::TooLarge(200)) => {
            let errors =
                json!([{"message": "The request timed out", "extensions": {"code": "TIMEOUT"}}]);
            return desk.json(200, &json!({"errors": errors, "data": null}));
        }
        Err(Trouble::TooLarge(status)) => return desk.html(status),
        Err(Trouble::Refused(message) | Trouble::Field(message)) => {
            let errors = json!([validation_error(&message)]);
            return desk.json(200, &json!({"errors": errors, "data": null}));
        }
    };
    desk.deliver(body, fault, &wire)
}

/// One request at the front desk.
pub(super) struct Reception<'a> {
    pub(super) shared: &'a Shared,
    pub(super) switches: &'a Switches,
}

type Received = (Result<Arc<Document>, Value>, u64, u64, Option<Fault>);

impl Reception<'_> {
    fn receive(&self, query: &str) -> Received {
        let mut desk = self.shared.desk();
        let document = desk.library.document(query);
        desk.numbered += 1;
        desk.counters.requests += 1;
        let number = desk.numbered;
        let name = document
            .as_ref()
            .map_or("", |document| document.name.as_str());
        let turns = desk
            .counters
            .by_operation
            .entry(name.to_owned())
            .or_default();
        *turns += 1;
        let turn = *turns;
        let fault = desk.faults.take(name, number);
        (document, number, turn, fault)
    }

    fn rights(&self, headers: &HeaderMap) -> Result<Rights, Box<Response>> {
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        if let Some(rights) = bearer.and_then(|token| self.shared.desk().tokens.rights(token)) {
            return Ok(rights);
        }
        let coded = |code: &str| {
            json!({"errors": [{"message": "The access token is not valid",
                               "extensions": {"code": code}}], "data": null})
        };
        Err(Box::new(match self.switches.bad_token {
            BadToken::Status401 => {
                self.json(401, &json!({"errors": [{"message": "Unauthorized"}]}))
            }
            BadToken::TokenInvalid => self.json(200, &coded("access_token_invalid")),
            BadToken::AuthFail => self.json(200, &coded("auth_fail")),
            BadToken::Unauthorized => self.json(
                200,
                &json!({"errors": [{"message": "Unauthorized"}], "data": null}),
            ),
            BadToken::SeesLess => return Ok(Rights::NoNetwork),
        }))
    }

    fn throttle(&self, key: &str, throttled: Throttled) -> Response {
        let ahead = Duration::from_secs(self.switches.clock_ahead_seconds.unsigned_abs());
        let now = DateTime::<Utc>::from(std::time::SystemTime::now());
        let reset = if self.switches.reset_at_in_past {
            now - Duration::from_secs(90)
        } else {
            now + throttled.wait
        };
        let reset = if self.switches.clock_ahead_seconds < 0 {
            reset - ahead
        } else {
            reset + ahead
        };
        let consumed = if self.switches.consumed_points_as_text {
            Value::from(throttled.consumed.to_string())
        } else {
            Value::from(throttled.consumed)
        };
        let body = json!({"errors": [{
            "message": "Too many requests, please try again shortly.", "path": [key],
            "extensions": {"code": "RATE_LIMITED", "consumedPoints": consumed,
                           "resetAt": reset.to_rfc3339_opts(SecondsFormat::Millis, true)}
        }], "data": null});
        self.json(self.switches.throttle_status, &body)
    }

    fn answer(
        &self,
        document: &Document,
        variables: &apollo_compiler::validation::Valid<JsonMap>,
        rights: Rights,
    ) -> Result<Vec<u8>, Trouble> {
        let refused = |errors: Value| Trouble::Refused(errors[0]["message"].to_string());
        let plan = document.plan(variables).map_err(refused)?;
        if plan
            .iter()
            .any(|field| matches!(field.name, "__schema" | "__type"))
        {
            return self
                .introspect(document, variables)
                .map_err(Trouble::Refused);
        }
        let (blemishes, cursors) = {
            let desk = self.shared.desk();
            (desk.blemishes.clone(), desk.cursors)
        };
        let answered = {
            let world = self.shared.world();
            let sight = Sight {
                world: &world,
                blemishes: &blemishes,
                cursors,
                now: world.now(),
                sees_network: rights == Rights::Network,
            };
            execute(&sight, &plan)?
        };
        {
            let Desk {
                window, counters, ..
            } = &mut *self.shared.desk();
            counters.rows += u64::from(answered.rows);
            if let Points::PerNode { rows_per_point } = self.switches.points {
                let more = answered.rows / rows_per_point.max(1);
                window.add(more, counters, self.switches, Instant::now());
            }
        }
        let mut body = Vec::with_capacity(answered.data.as_ref().map_or(0, Vec::len) + 256);
        body.extend_from_slice(b"{");
        if !answered.errors.is_empty() {
            body.extend_from_slice(b"\"errors\":");
            body.extend_from_slice(Value::Array(answered.errors).to_string().as_bytes());
            body.push(b',');
        }
        body.extend_from_slice(b"\"data\":");
        body.extend_from_slice(answered.data.as_deref().unwrap_or(b"null"));
        body.push(b'}');
        Ok(body)
    }

    fn introspect(
        &self,
        document: &Document,
        variables: &apollo_compiler::validation::Valid<JsonMap>,
    ) -> Result<Vec<u8>, String> {
        let desk = self.shared.desk();
        let schema = desk.library.schema();
        let operation = document.operation().map_err(|errors| errors.to_string())?;
        introspection::partial_execute(
            schema,
            &schema.implementers_map(),
            &document.valid,
            operation,
            variables,
        )
        .map_err(|error| error.message().to_string())
        .and_then(|answer| serde_json::to_vec(&answer).map_err(|error| error.to_string()))
    }

    /// What a fault makes of the request; none when the answer still comes.
    pub(super) async fn fail(&self, fault: Fault, wire: &Wire) -> Option<Response> {
        Some(match fault {
            Fault::CutBody => return None,
            Fault::Slow(time) => {
                tokio::time::sleep(time).await;
                return None;
            }
            Fault::Refuse | Fault::Reset => {
                wire.doom(0, fault == Fault::Reset);
                self.respond(200, "text/plain", Body::empty())
            }
            Fault::Hang => {
                tokio::time::sleep(Duration::from_secs(86_400)).await;
                self.respond(504, "text/plain", Body::empty())
            }
            Fault::Status(status) => self.json(
                status,
                &json!({"errors": [{"message": format!("Status {status}")}]}),
            ),
            Fault::Html(status) => self.html(status),
            Fault::TooMany(after) => {
                let mut response = self.json(429, &json!({"message": "Too many requests"}));
                if let Some(seconds) = after {
                    response
                        .headers_mut()
                        .insert(header::RETRY_AFTER, seconds.into());
                }
                response
            }
            Fault::EmptyBody => self.respond(200, "application/json", Body::empty()),
            Fault::InvalidJson => self.respond(
                200,
                "application/json",
                Body::from("{\"data\":{\"proNetwork\":{\"id\""),
            ),
            Fault::RateLimited => self.throttle(
                "proNetwork",
                Throttled {
                    consumed: 500,
                    wait: self.switches.points_window / 2,
                },
            ),
            Fault::CursorRefused => {
                let errors = json!([validation_error("The cursor is invalid")]);
                self.json(200, &json!({"errors": errors, "data": null}))
            }
            Fault::ServerError => {
                let errors = json!([{"message": "Internal Server Error(s) while executing query",
                                     "extensions": {"classification": "ExecutionAborted"}}]);
                self.json(200, &json!({"errors": errors}))
            }
        })
    }

    pub(super) fn deliver(&self, mut body: Vec<u8>, fault: Option<Fault>, wire: &Wire) -> Response {
        if fault == Some(Fault::CutBody) {
            // Blanks make even a short answer long enough to be cut behind its headers.
            body.resize(body.len().max(1_000), b' ');
            wire.doom(150 + body.len() / 2, false);
        }
        self.shared.desk().counters.bytes += body.len() as u64;
        self.respond(200, "application/json;charset=UTF-8", Body::from(body))
    }

    pub(super) fn json(&self, status: u16, body: &Value) -> Response {
        self.respond(
            status,
            "application/json;charset=UTF-8",
            Body::from(body.to_string()),
        )
    }

    pub(super) fn html(&self, status: u16) -> Response {
        self.respond(status, "text/html; charset=utf-8", Body::from(HTML))
    }

    fn respond(&self, status: u16, kind: &'static str, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
        let date = http_date(Utc::now().timestamp() + self.switches.clock_ahead_seconds);
        if let Ok(date) = header::HeaderValue::from_str(&date) {
            headers.insert(header::DATE, date);
        }
        response
    }
}

async fn retired(State(shared): State<Arc<Shared>>) -> Response {
    let switches = shared.world().switches.clone();
    let body = json!({"message": "This API endpoint is deprecated and no longer available"});
    Reception {
        shared: &shared,
        switches: &switches,
    }
    .json(503, &body)
}
