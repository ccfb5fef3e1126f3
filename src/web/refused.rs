//! What is refused, and what broke, for whoever looks with a browser: a page, with the words that a program gets as they
//! are.

use super::{
    entry::wants_page,
    frame::{self, Tab},
    site::Site,
};
use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};
use maud::html;
use std::sync::Arc;

/// Words of a refusal are no longer than that.
const WORDS: usize = 4096;

/// Makes a page of a refusal in plain words, where a page was asked for. All else of the answer stays as it is.
pub(super) async fn as_page(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let is_browser = wants_page(request.headers());
    let answer = next.run(request).await;
    let status = answer.status();
    let is_refusal = status.is_client_error() || status.is_server_error();
    if !is_refusal || !is_browser || !is_plain(answer.headers()) {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    let words = to_bytes(body, WORDS).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words);
    let told = html! {
        @for line in words.lines().filter(|it| !it.trim().is_empty()) { p { (line) } }
        p { a href=(site.to("/")) { "The first page" } }
    };
    let page = frame::plain(&site, None, Tab::Other, status, title(status), &told);
    let (new, body) = page.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    for (name, value) in &new.headers {
        head.headers.insert(name, value.clone());
    }
    Response::from_parts(head, body)
}

/// Whether it says nothing but words: nothing at all, too.
fn is_plain(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let is_packed = headers.contains_key(header::CONTENT_ENCODING);
    !is_packed && kind.is_none_or(|it| it.as_bytes().starts_with(b"text/plain"))
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Nothing is here",
        StatusCode::METHOD_NOT_ALLOWED => "This address is not asked for so",
        StatusCode::PAYLOAD_TOO_LARGE => "That was too much",
        StatusCode::MISDIRECTED_REQUEST => "Not a name of this site",
        StatusCode::SERVICE_UNAVAILABLE => "Not ready",
        it if it.is_server_error() => "This page could not be made",
        _ => "This was not taken",
    }
}
