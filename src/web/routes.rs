//! All addresses, on one screen.

use super::{
    acting, assets, badge, entry, guard, login, machine,
    pages::{
        calendar, definitions, explain, group, groups, health, map, missing, monday, people, trust,
        year,
    },
    prometheus, refused,
    site::Site,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn_with_state, map_response},
    response::Response,
    routing::{get, post},
};
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

/// As much as a form may send.
const FORM: usize = 32 * 1024;

pub(super) fn routes(site: Arc<Site>) -> Router {
    let known = Router::new()
        .route("/", get(monday::page))
        .route("/groups", get(groups::page))
        .route("/groups.csv", get(groups::csv))
        .route("/groups/{urlname}", get(group::page))
        .route("/groups/{urlname}/{act}", post(acting::take))
        .route("/groups/{urlname}/take-back", post(acting::take_back))
        .route("/calendar", get(calendar::page))
        .route("/calendar.ics", get(calendar::file))
        .route("/explain/{key}", get(explain::page))
        .route("/definitions", get(definitions::page))
        .route("/map", get(map::page))
        .route("/year", get(year::this_year))
        .route("/year/{year}", get(year::page))
        .route("/trust", get(trust::page))
        .route("/health", get(health::page))
        .route("/api/report", get(machine::report))
        .route("/api/groups", get(machine::groups))
        .route("/api/groups/{urlname}", get(machine::group))
        .route("/metrics", get(prometheus::metrics))
        .fallback(missing::page);
    // Lists of persons are made of names.
    let known = match site.config.privacy.names {
        true => known.route("/people", get(people::page)),
        false => known,
    };
    let known = known.route_layer(from_fn_with_state(Arc::clone(&site), entry::required));
    let open = Router::new()
        .route("/assets/style.css", get(assets::style_sheet))
        .route("/assets/icon.svg", get(assets::icon_svg))
        .route("/calendar/{signed}/events.ics", get(calendar::signed))
        .route("/login", get(login::page).post(login::take))
        .route("/logout", post(login::leave))
        .route("/badge/{name}", get(badge::badge))
        .route("/act/{link}", get(acting::ask).post(acting::act))
        .route("/act/{link}/take-back", post(acting::act_back))
        .route("/healthz", get(machine::healthz))
        .route("/readyz", get(machine::readyz));
    open.merge(known)
        .layer(DefaultBodyLimit::max(FORM))
        .layer(map_response(no_empty_refusal))
        // Before what is answered is packed; what the outer layers refuse is made a page by the outermost.
        .layer(from_fn_with_state(Arc::clone(&site), refused::as_page))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(Arc::clone(&site), guard::guard))
        .layer(from_fn_with_state(Arc::clone(&site), refused::as_page))
        .with_state(site)
}

/// Where something is asked for in a way that it is not served, that is said.
async fn no_empty_refusal(answer: Response) -> Response {
    if answer.status() == StatusCode::METHOD_NOT_ALLOWED {
        let (head, _) = answer.into_parts();
        return Response::from_parts(head, "this address is not asked for in that way\n".into());
    }
    answer
}
