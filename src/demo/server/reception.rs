//! One request at the front desk: taken in, refused, answered or spoiled.

use super::document::{Document, validation_error};
use super::execute::execute;
use super::faults::Fault;
use super::node::Trouble;
use super::points::Throttled;
use super::resolve::Sight;
use super::spoil::spoilt;
use super::tokens::Rights;
use super::wire::Wire;
use super::{Desk, Shared};
use crate::demo::clock::http_date;
use crate::demo::switches::{BadToken, Denial, Points, Switches, TooLargeSaid};
use apollo_compiler::introspection;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

const HTML: &str = "<!DOCTYPE html><html><head><title>We are sorry</title></head>\
                    <body><h1>Something went wrong</h1></body></html>";

/// One request at the front desk.
pub(super) struct Reception<'a> {
    pub(super) shared: &'a Shared,
    pub(super) switches: &'a Switches,
}

pub(super) type Received = (Result<Arc<Document>, Value>, u64, u64, Option<Fault>);

impl Reception<'_> {
    pub(super) fn receive(&self, query: &str) -> Received {
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

    pub(super) fn rights(&self, headers: &HeaderMap) -> Result<Rights, Box<Response>> {
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
            BadToken::SeesLess => return Ok(Rights::Nobody),
        }))
    }

    pub(super) fn throttle(&self, key: &str, throttled: Throttled) -> Response {
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

    pub(super) fn answer(
        &self,
        document: &Document,
        variables: &Valid<JsonMap>,
        rights: Rights,
    ) -> Result<Vec<u8>, Trouble> {
        let refused = |errors: Value| Trouble::Refused(errors[0]["message"].to_string());
        let plan = document.plan(variables).map_err(refused)?;
        if plan
            .iter()
            .any(|field| matches!(field.name, "__schema" | "__type"))
        {
            if self.switches.introspection_refused {
                return Err(Trouble::Refused("Introspection is not allowed".to_owned()));
            }
            return self
                .introspect(document, variables)
                .map_err(Trouble::Refused);
        }
        let (blemishes, cursors) = {
            let desk = self.shared.desk();
            (desk.blemishes.clone(), desk.cursors)
        };
        let network = plan.iter().find(|field| field.name == "proNetwork");
        let denied = network.filter(|_| rights == Rights::NoNetwork);
        if denied.is_some() && self.switches.denial == Denial::AdminRequired {
            return Err(Trouble::Denied);
        }
        let mut answered = {
            let world = self.shared.world();
            let sight = Sight {
                world: &world,
                blemishes: &blemishes,
                cursors,
                now: world.now(),
                sees_network: rights == Rights::Network,
                is_somebody: rights != Rights::Nobody,
            };
            execute(&sight, &plan)?
        };
        if let (Some(field), Denial::Forbidden) = (denied, self.switches.denial) {
            answered.errors.push(json!({
                "message": "Access denied", "path": [field.key],
                "extensions": {"classification": "DataFetchingException", "code": "FORBIDDEN"}}));
        }
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
        variables: &Valid<JsonMap>,
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

    /// A page is refused for its size, in words.
    pub(super) fn too_large(&self, document: &Document) -> Response {
        let words = "Page size must not exceed the limit";
        let key = document.operation().ok().and_then(|operation| {
            let root = operation.root_fields(&document.valid).next()?;
            Some(root.response_key().to_string())
        });
        match self.switches.too_large_said {
            TooLargeSaid::Hole => {
                let error = json!({"message": words, "path": [key],
                    "extensions": {"classification": "DataFetchingException"}});
                self.json(
                    200,
                    &json!({"errors": [error], "data": {key.unwrap_or_default(): null}}),
                )
            }
            TooLargeSaid::BadRequest => self.json(400, &json!({"errors": [{"message": words}]})),
            TooLargeSaid::Status | TooLargeSaid::Validation => self.json(
                200,
                &json!({"errors": [validation_error(words)], "data": null}),
            ),
        }
    }

    /// What a fault makes of the request; none when the answer still comes.
    pub(super) async fn fail(&self, fault: Fault, wire: &Wire) -> Option<Response> {
        Some(match fault {
            Fault::CutBody | Fault::Spoilt(_) => return None,
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
            Fault::Endless => {
                let blanks =
                    || Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b' '; 65_536]));
                let body = futures_util::stream::repeat_with(blanks);
                self.respond(200, "application/json", Body::from_stream(body))
            }
        })
    }

    pub(super) fn deliver(&self, mut body: Vec<u8>, fault: Option<Fault>, wire: &Wire) -> Response {
        if fault == Some(Fault::CutBody) {
            // Blanks make even a short answer long enough to be cut behind its headers.
            body.resize(body.len().max(1_000), b' ');
            wire.doom(150 + body.len() / 2, false);
        }
        if let Some(Fault::Spoilt(spoil)) = fault {
            body = spoilt(&body, spoil);
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

    pub(super) fn respond(&self, status: u16, kind: &'static str, body: Body) -> Response {
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
