//! The token endpoint and the page on which a person would allow gatherd to read.

use super::Shared;
use super::faults::Fault;
use super::reception::Reception;
use super::tokens::{CLIENT_ID, Consent, Rights};
use super::wire::Wire;
use crate::demo::switches::{Switches, TokenReply};
use axum::extract::{ConnectInfo, Form, RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use chrono::Utc;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) async fn exchange(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    headers: HeaderMap,
    Form(mut form): Form<HashMap<String, String>>,
) -> Response {
    let switches = shared.world().switches.clone();
    let desk = Reception {
        shared: &shared,
        switches: &switches,
    };
    let fault = {
        let mut desk = shared.desk();
        desk.counters.token_requests += 1;
        desk.faults.take_for_tokens()
    };
    if let Some(fault) = fault
        && let Some(response) = desk.fail(fault, &wire).await
    {
        return response;
    }
    if let Some((id, secret)) = basic(&headers) {
        form.entry("client_id".to_owned()).or_insert(id);
        form.entry("client_secret".to_owned()).or_insert(secret);
    }
    let now = Utc::now().timestamp() + switches.clock_ahead_seconds;
    let (status, body) = shared
        .desk()
        .tokens
        .exchange(&form, switches.token_lives, now);
    let (status, body) = oddly(&switches, status, body);
    let mut response = desk.json(status, &body);
    if fault == Some(Fault::CutBody) {
        response = desk.deliver(body.to_string().into_bytes(), fault, &wire);
    }
    response
}

/// The answer as the switches would have it written.
fn oddly(switches: &Switches, status: u16, mut body: Value) -> (u16, Value) {
    if status == 400 && switches.tokens_refused_as_auth_fail {
        let error = json!({"code": "auth_fail", "message": "The token is not valid"});
        return (status, json!({"errors": [error]}));
    }
    if let (200, Some(fields)) = (status, body.as_object_mut()) {
        let life = fields["expires_in"].as_u64().unwrap_or_default();
        match switches.token_reply {
            TokenReply::Usual => {}
            TokenReply::LifeAsText => fields["expires_in"] = life.to_string().into(),
            TokenReply::LifeAsFraction => fields["expires_in"] = (life as f64 + 0.5).into(),
            TokenReply::LifeNegative => fields["expires_in"] = json!(-1),
            TokenReply::NoLife => drop(fields.remove("expires_in")),
            TokenReply::NoType => drop(fields.remove("token_type")),
            TokenReply::ScopeAsList => {
                drop(fields.insert("scope".into(), json!(["basic", "ageless"])));
            }
        }
    }
    (status, body)
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    use base64::Engine as _;
    let value = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Basic ")?;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(value)
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

pub(super) async fn authorize(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Response {
    let switches = shared.world().switches.clone();
    let desk = Reception {
        shared: &shared,
        switches: &switches,
    };
    let asked: HashMap<String, String> =
        url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let field = |name: &str| asked.get(name).map_or("", String::as_str);
    if field("client_id") != CLIENT_ID || field("response_type") != "code" {
        return desk.html(400);
    }
    let Ok(mut target) = url::Url::parse(field("redirect_uri")) else {
        return desk.html(400);
    };
    let decided = match (shared.desk().tokens.consent, field("decision")) {
        (Consent::Given, _) | (Consent::Asked, "allow") => Some(Rights::Network),
        (Consent::GivenBy(rights), _) => Some(rights),
        (Consent::Denied, _) | (Consent::Asked, "deny") => None,
        (Consent::Asked, _) => return desk.respond(200, HTML, choice(&asked)),
    };
    let (name, value) = match decided {
        Some(rights) => {
            let code = shared.desk().tokens.code(field("redirect_uri"), rights);
            ("code", code)
        }
        None => ("error", "access_denied".to_owned()),
    };
    target
        .query_pairs_mut()
        .append_pair(name, &value)
        .append_pair("state", field("state"));
    let mut response = desk.html(302);
    if let Ok(location) = header::HeaderValue::from_str(target.as_str()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

const HTML: &str = "text/html; charset=utf-8";

/// The page that asks.
fn choice(asked: &HashMap<String, String>) -> axum::body::Body {
    let link = |decision: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(asked)
            .append_pair("decision", decision)
            .finish();
        query.replace('&', "&amp;")
    };
    format!(
        "<!DOCTYPE html><html><head><title>Allow gatherd?</title></head><body>\
         <h1>Allow gatherd to read as you?</h1>\
         <a id=\"allow\" href=\"?{}\">Allow</a> <a id=\"deny\" href=\"?{}\">Deny</a></body></html>",
        link("allow"),
        link("deny")
    )
    .into()
}
