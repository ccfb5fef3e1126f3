//! The way in: who is let on to the pages.

use super::{login, session, site::Site};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// Whether a page is asked for, as a browser does, and not words for a program.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

/// Lets nobody on but a known session; a browser is asked to sign in, a program is told to show its token.
pub(super) async fn required(
    State(site): State<Arc<Site>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(session) = session::of(&site, request.headers()) else {
        if wants_page(request.headers()) && request.method() == Method::GET {
            return login::ask(&site, request.uri(), request.headers());
        }
        let told = "show a user's token: Authorization: Bearer TOKEN\n";
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
        return (StatusCode::UNAUTHORIZED, challenge, told).into_response();
    };
    request.extensions_mut().insert(session);
    next.run(request).await
}
