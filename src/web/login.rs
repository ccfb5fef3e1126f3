//! Signing in: a token is shown once, and a cookie stands for it.

use super::session::{COOKIE, STAYS, cookie_value, with_token};
use super::site::Site;
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use chrono::Utc;
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// Whoever shows a wrong token waits so long, and few may try at once.
const WRONG: Duration = Duration::from_secs(1);
static TRIES: Semaphore = Semaphore::const_new(4);

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Shown {
    token: String,
    #[serde(default)]
    back: String,
}

/// Asks a browser that nobody knows to sign in, and to come back.
pub(super) fn ask(site: &Site, uri: &Uri, headers: &HeaderMap) -> Response {
    let wanted = site.back_to(uri);
    let is_from_elsewhere = headers
        .get("sec-fetch-site")
        .is_some_and(|value| value == "cross-site");
    if is_from_elsewhere {
        // Whoever follows a link in a chat does not show the cookie, which is for this site's own links alone: so the
        // page asks for itself once more.
        let again = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="refresh" content="0";
                    title { "gatherd" }
                }
                body { p { a href=(wanted) { "Go on" } } }
            }
        };
        return Html(again.into_string()).into_response();
    }
    let page = form(site, &wanted, None);
    (StatusCode::UNAUTHORIZED, Html(page.into_string())).into_response()
}

/// The page of the form.
pub(super) async fn page(State(site): State<Arc<Site>>) -> Response {
    Html(form(&site, &site.to("/"), None).into_string()).into_response()
}

/// Takes a token.
pub(super) async fn take(State(site): State<Arc<Site>>, Form(shown): Form<Shown>) -> Response {
    let back = safe(&site, &shown.back);
    let Ok(_turn) = TRIES.try_acquire() else {
        let page = form(
            &site,
            &back,
            Some("Too many are trying at once. Wait a moment."),
        );
        return (StatusCode::TOO_MANY_REQUESTS, Html(page.into_string())).into_response();
    };
    let Some(viewer) = with_token(&site, shown.token.trim()) else {
        tokio::time::sleep(WRONG).await;
        tracing::warn!("somebody showed a token to the pages that nobody has");
        let page = form(&site, &back, Some("Nobody has this token."));
        return (StatusCode::UNAUTHORIZED, Html(page.into_string())).into_response();
    };
    let value = cookie_value(&site, viewer, Utc::now().timestamp() + STAYS);
    let cookie = cookie(&site, &value, STAYS);
    ([(header::SET_COOKIE, cookie)], Redirect::to(&back)).into_response()
}

/// Forgets who signed in.
pub(super) async fn leave(State(site): State<Arc<Site>>) -> Response {
    let cookie = cookie(&site, "", 0);
    (
        [(header::SET_COOKIE, cookie)],
        Redirect::to(&site.to("/login")),
    )
        .into_response()
}

fn cookie(site: &Site, value: &str, seconds: i64) -> String {
    let public = site.config.http.public_url.as_ref();
    let secure = match public.is_some_and(|url| url.scheme() == "https") {
        true => "; Secure",
        false => "",
    };
    format!(
        "{COOKIE}={value}; Path={}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}",
        site.to("/")
    )
}

/// A path of this site, as it was asked for; anything else leads to its first page.
pub(super) fn safe(site: &Site, back: &str) -> String {
    let is_path = back.starts_with(&site.to("/"))
        && !back.starts_with("//")
        && !back.contains(['\\', '\r', '\n', '\t']);
    if is_path {
        back.to_owned()
    } else {
        site.to("/")
    }
}

fn form(site: &Site, back: &str, told: Option<&str>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Sign in · gatherd" }
                link rel="stylesheet" href=(site.links().style());
            }
            body.narrow {
                main #main {
                    h1 { "gatherd" }
                    p { "These pages show how user groups are doing. Whoever runs gatherd gives out tokens." }
                    @if let Some(told) = told { p.told role="alert" { (told) } }
                    form method="post" action=(site.to("/login")) {
                        input type="hidden" name="back" value=(back);
                        label for="token" { "Your token" }
                        input #token name="token" type="password" autocomplete="current-password" required autofocus;
                        button type="submit" { "Sign in" }
                    }
                }
            }
        }
    }
}
