//! The routes, and what happens to a question on its way to the answer.

use super::document::validation_error;
use super::node::Trouble;
use super::reception::Reception;
use super::wire::Wire;
use super::{Asked, Desk, Shared, signin};
use crate::demo::switches::TooLargeSaid;
use apollo_compiler::response::JsonMap;
use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde_json::json;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/gql-ext", post(ask))
        .route("/gql2", post(newer))
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
        Err(Trouble::TooLarge(_)) if switches.too_large_said != TooLargeSaid::Status => {
            return desk.too_large(&document);
        }
        Err(Trouble::Denied) => {
            let error =
                json!({"message": "admin status required", "code": "mothership_admin_error"});
            return desk.json(400, &json!({"errors": [error]}));
        }
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

/// The other address of the same API, where there is one.
async fn newer(
    state: State<Arc<Shared>>,
    wire: ConnectInfo<Wire>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if state.world().switches.gql2 {
        return ask(state, wire, headers, body).await;
    }
    StatusCode::NOT_FOUND.into_response()
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
