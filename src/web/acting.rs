//! What is done on a page, and by a link in a message: asked, not now, a note, who looks after a group, what is agreed.
//!
//! Each act is a form that is sent to an address of its own, in the name of whoever sent it. A form without a word of
//! ours is refused ([`crate::app::keys`]), as is one about a group that its sender does not see. What was kept is there when
//! the page comes back, which says so.

use super::{
    Session,
    forms::told,
    frame::{self, Tab},
    login,
    pages::{Failed, look},
    site::Site,
};
use crate::{
    app::{
        Misused,
        acts::{self, Act, Link, NoLink, Said},
        meant, memory,
    },
    config::Right,
    report::clean,
};
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{TimeDelta, Utc};
use maud::html;
use serde::Deserialize;
use std::sync::Arc;

/// What was done, in the address that is come back to,
const DONE: &str = "done";
/// and to which group.
const ABOUT: &str = "about";

/// What a form sends; what is not of its act is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    word: String,
    back: String,
    whom: String,
    day: String,
    text: String,
    name: String,
    every_months: String,
}

impl Sent {
    fn said(&self) -> Said {
        Said {
            whom: self.whom.clone(),
            day: self.day.clone(),
            text: self.text.clone(),
            name: self.name.clone(),
            every_months: self.every_months.clone(),
        }
    }
}

/// What is told where it cannot be kept; none: it was.
fn why_not(kept: anyhow::Result<()>) -> Result<Option<String>, Failed> {
    let Err(error) = kept else { return Ok(None) };
    match error.downcast::<Misused>() {
        Ok(misused) => {
            let told = misused.0.replace('\n', ": ");
            Ok(Some(format!("Nothing was kept: {told}.")))
        }
        Err(error) => Err(Failed::Broken(error)),
    }
}

/// Takes a form about a group.
pub(super) async fn take(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Path((urlname, word)): Path<(String, String)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failed> {
    let refused = |status, title: &str, told: &str| {
        let body = html! { p { (told) } p { a href=(login::safe(&site, &sent.back)) { "Back" } } };
        frame::plain(&site, Some(&session), Tab::Other, status, title, &body)
    };
    if !session.may(Right::Write) {
        let told = "Your token lets you look, not keep anything: ask whoever runs gatherd for the right \"write\".";
        return Ok(refused(StatusCode::FORBIDDEN, "Not yours to do", told));
    }
    if !site.keys.is_form_word(session.mark(), &sent.word) {
        let told = "This form is from another page or another sign-in. Nothing was kept: go back, load the page \
                    again and send it once more.";
        return Ok(refused(StatusCode::FORBIDDEN, "Nothing was kept", told));
    }
    let look = look(&site, &session, Tab::Other).await?;
    let (Some(act), Some(group)) = (Act::parse(&word), look.report().group(&urlname)) else {
        let told = "No group of yours is called so.";
        return Ok(refused(StatusCode::NOT_FOUND, "Nothing was kept", told));
    };
    let id = group.figures.id.as_str().into();
    let author = session.name.clone();
    let said = sent.said();
    let kept = acts::keep(&site.config, &site.database, act, &id, &said, author).await;
    if let Some(told) = why_not(kept)? {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(refused(status, "Nothing was kept", &told));
    }
    // A target moves figures.
    site.showing.ask();
    let back = login::safe(&site, &sent.back);
    Ok(Redirect::to(&with_done(&back, act, &urlname)).into_response())
}

/// The address to come back to, which says what was done, at the group it was done for.
fn with_done(back: &str, act: Act, urlname: &str) -> String {
    let (path, _) = back.split_once('#').unwrap_or((back, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key != DONE && key != ABOUT);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair(DONE, act.word())
        .append_pair(ABOUT, urlname)
        .finish();
    let at: String = url::form_urlencoded::byte_serialize(urlname.as_bytes()).collect();
    format!("{path}?{query}#{at}")
}

/// The page of a link: it asks once more.
pub(super) async fn ask(
    State(site): State<Arc<Site>>,
    Path(link): Path<String>,
) -> Result<Response, Failed> {
    let known = match followed(&site, &link).await? {
        Ok(known) => known,
        Err(answer) => return Ok(answer),
    };
    let today = memory::today(&site.config);
    let in_weeks = |weeks| (today + TimeDelta::weeks(weeks)).to_string();
    let tomorrow = today + TimeDelta::days(1);
    let (title, button) = match known.link.act {
        Act::Asked => ("Somebody was asked", "Keep that somebody was asked"),
        Act::NotNow => ("Not now", "Leave it alone until then"),
        Act::Note => ("A note", "Keep the note"),
        Act::Own => ("Who looks after it", "Keep who looks after it"),
        Act::Agree => ("What is agreed", "Keep what is agreed"),
    };
    let body = html! {
        p.about { bdi { (clean(&known.name)) } " · in the name of the channel " (known.link.channel) }
        form.acting method="post" action=(site.to(&format!("/act/{link}"))) {
            @match known.link.act {
                Act::Asked => {
                    label { "Whom" input name="whom" maxlength="200"; }
                    label { "Look again on" input type="date" name="day" min=(today) value=(in_weeks(2)); }
                },
                Act::NotNow => { label { "Leave it alone until" input type="date" name="day" min=(tomorrow) value=(in_weeks(6)) required; } },
                Act::Note => { label { "Note" textarea name="text" maxlength="2000" required {} } },
                Act::Own => { label { "Who" input name="name" maxlength="200" required; } },
                Act::Agree => { label { "Every so many months, 1 to 4" input name="every_months" inputmode="numeric" required; } },
            }
            button type="submit" { (button) }
        }
    };
    Ok(frame::plain(
        &site,
        None,
        Tab::Other,
        StatusCode::OK,
        title,
        &body,
    ))
}

/// Does what a link is good for.
pub(super) async fn act(
    State(site): State<Arc<Site>>,
    Path(link): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failed> {
    let known = match followed(&site, &link).await? {
        Ok(known) => known,
        Err(answer) => return Ok(answer),
    };
    let Link {
        act,
        group,
        channel,
        ..
    } = known.link;
    let said = sent.said();
    let kept = acts::keep(
        &site.config,
        &site.database,
        act,
        &group,
        &said,
        Some(channel),
    )
    .await;
    let (status, title, told) = match why_not(kept)? {
        Some(told) => (StatusCode::UNPROCESSABLE_ENTITY, "Nothing was kept", told),
        None => (StatusCode::OK, "Done", told(act).to_owned()),
    };
    site.showing.ask();
    let body = html! {
        p { (told) }
        p.about { bdi { (clean(&known.name)) } }
        @if !status.is_success() { p { a href=(site.to(&format!("/act/{link}"))) { "Once more" } } }
    };
    Ok(frame::plain(&site, None, Tab::Other, status, title, &body))
}

/// A link that somebody follows, with the name of its group.
struct Followed {
    link: Link,
    name: String,
}

async fn followed(site: &Site, written: &str) -> Result<Result<Followed, Response>, Failed> {
    let refused = |status, told: &str| {
        let body = html! { p { (told) } };
        let title = "This link leads nowhere";
        Ok(Err(frame::plain(
            site,
            None,
            Tab::Other,
            status,
            title,
            &body,
        )))
    };
    let link = match Link::read(&site.keys, written, Utc::now()) {
        Ok(link) => link,
        Err(NoLink::Over) => {
            let told = "It was good for 30 days, which are over: the next message has new ones.";
            return refused(StatusCode::GONE, told);
        }
        Err(NoLink::Foreign) => {
            let told = "It is not whole, or not from here. Open it from the message itself.";
            return refused(StatusCode::NOT_FOUND, told);
        }
    };
    let has_channel = |it: &crate::config::Channel| it.name == link.channel;
    if !site.config.channels.iter().any(has_channel) {
        let told = "The channel it was sent to is not configured any more.";
        return refused(StatusCode::GONE, told);
    }
    match meant::with_id(&site.database, link.group.as_str()).await {
        Ok(group) => Ok(Ok(Followed {
            link,
            name: group.name,
        })),
        Err(_) => refused(StatusCode::GONE, "Its group is not in the mirror any more."),
    }
}
