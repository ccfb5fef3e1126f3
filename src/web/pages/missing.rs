//! Where there is no page.

use crate::web::{
    frame::{self, Tab},
    login, session,
    site::Site,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use maud::html;
use std::sync::Arc;

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Some(session) = session::of(&site, &headers) else {
        return login::ask(&site, &uri, &headers);
    };
    let body = html! {
        p { "Nothing is here. " a href=(site.to("/groups")) { "All groups" } " may lead on." }
    };
    let title = "No such page";
    frame::plain(
        &site,
        Some(&session),
        Tab::Other,
        StatusCode::NOT_FOUND,
        title,
        &body,
    )
}
