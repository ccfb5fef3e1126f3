//! One file a page.

pub(super) mod calendar;
pub(super) mod definitions;
pub(super) mod explain;
pub(super) mod group;
pub(super) mod groups;
pub(super) mod health;
pub(super) mod map;
pub(super) mod missing;
pub(super) mod monday;
pub(super) mod people;
pub(super) mod trust;
pub(super) mod year;

use super::{
    Session,
    frame::{self, Tab},
    site::Site,
};
use crate::{app::showing::Look, config::Right};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::time::Duration;

/// What is being made is looked for so often,
const PAUSE: Duration = Duration::from_millis(100);
/// and so many times, before a page says that it is not there yet.
const TIMES: u32 = 50;

/// Waits a little until something is there.
async fn waits(mut is_there: impl FnMut() -> bool) {
    for _ in 0..TIMES {
        if is_there() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What somebody sees now, or the page that says why there is nothing to see.
pub(super) async fn look(site: &Site, session: &Session, tab: Tab) -> Result<Look, Failed> {
    waits(|| site.showing.latest().is_some()).await;
    let found = site
        .showing
        .look(&site.config, &site.database, &session.access)
        .await?;
    let Some(mut look) = found else {
        let why = "This is being measured for the first time.";
        let moment = frame::not_yet(site, session, tab, "A moment", why);
        return Err(Failed::Answer(Box::new(moment)));
    };
    if !session.may(Right::People) {
        look.hide_people();
    }
    Ok(look)
}

/// Why there is no page.
pub(super) enum Failed {
    /// Another page says it.
    Answer(Box<Response>),
    /// Something broke, as the log says.
    Broken(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        match self {
            Self::Answer(answer) => *answer,
            Self::Broken(error) => {
                tracing::error!("a page could not be made: {error:#}");
                let told = "This page could not be made. The daemon's log says why; `gatherd doctor` says what to do.\n";
                let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
                (StatusCode::INTERNAL_SERVER_ERROR, plain, told).into_response()
            }
        }
    }
}
