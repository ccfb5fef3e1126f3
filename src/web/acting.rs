//! What is done on a page, and by a link in a message: asked, not now, a note, who looks after a group, what is agreed.
//!
//! Each act is a form that is sent to an address of its own, in the name of whoever sent it. A form without a word of
//! ours is refused ([`crate::app::keys`]), as is one about a group that its sender does not see. What was kept is there when
//! the page comes back, which says so.

use super::{
    Session,
    forms::{IS_TAKEN_BACK, TAKEN_BACK, told},
    frame::{self, Tab},
    login,
    pages::{Failed, look},
    site::Site,
};
use crate::{
    app::{
        Misused,
        acts::{self, Act, Kept, Link, NoLink, Said},
        keys::Purpose,
        meant, memory,
    },
    community::GroupId,
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
/// to which group,
const ABOUT: &str = "about";
/// and what is kept by it.
const KEPT: &str = "kept";

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
    kept: String,
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

/// What came of it, or what is told where that cannot be; `nothing` begins it.
fn or_why<T>(came: anyhow::Result<T>, nothing: &str) -> Result<Result<T, String>, Failed> {
    let error = match came {
        Ok(came) => return Ok(Ok(came)),
        Err(error) => error,
    };
    match error.downcast::<Misused>() {
        Ok(misused) => {
            let told = misused.0.replace('\n', ": ");
            Ok(Err(format!("{nothing}: {told}.")))
        }
        Err(error) => Err(Failed::Broken(error)),
    }
}

/// What a form comes to where it does nothing.
const NOT_KEPT: &str = "Nothing was kept";
/// And that of one that takes something back.
const NOT_TAKEN: &str = "Nothing was taken back";

/// A page that says why a form did nothing.
fn refused(
    site: &Site,
    session: &Session,
    sent: &Sent,
    (status, title, told): (StatusCode, &str, &str),
) -> Response {
    let body = html! { p { (told) } p { a href=(login::safe(site, &sent.back)) { "Back" } } };
    frame::plain(site, Some(session), Tab::Other, status, title, &body)
}

/// The group that a form is about, if its sender may do so much; else what they are told, below `nothing`.
async fn about(
    site: &Site,
    session: &Session,
    (urlname, sent): (&str, &Sent),
    nothing: &str,
) -> Result<Result<GroupId, Response>, Failed> {
    let no = |status, title: &str, told: &str| {
        Ok(Err(refused(site, session, sent, (status, title, told))))
    };
    if !session.may(Right::Write) {
        let told = "Your token lets you look, not keep anything: ask whoever runs gatherd for the right \"write\".";
        return no(StatusCode::FORBIDDEN, "Not yours to do", told);
    }
    if !site.keys.is_form_word(session.mark(), &sent.word) {
        let told = format!(
            "This form is from another page or another sign-in. {nothing}: go back, load the page again and send it \
             once more."
        );
        return no(StatusCode::FORBIDDEN, nothing, &told);
    }
    let look = look(site, session, Tab::Other).await?;
    match look.report().group(urlname) {
        Some(group) => Ok(Ok(group.figures.id.as_str().into())),
        None => no(
            StatusCode::NOT_FOUND,
            nothing,
            "No group of yours is called so.",
        ),
    }
}

/// Takes a form about a group.
pub(super) async fn take(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Path((urlname, word)): Path<(String, String)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failed> {
    let no = |status, told: &str| refused(&site, &session, &sent, (status, NOT_KEPT, told));
    let id = match about(&site, &session, (&urlname, &sent), NOT_KEPT).await? {
        Ok(id) => id,
        Err(answer) => return Ok(answer),
    };
    let Some(act) = Act::parse(&word) else {
        return Ok(no(StatusCode::NOT_FOUND, "Nothing is done so."));
    };
    let (author, said) = (session.name.clone(), sent.said());
    let kept = acts::keep(&site.config, &site.database, act, &id, &said, author).await;
    let kept = match or_why(kept, NOT_KEPT)? {
        Ok(kept) => kept,
        Err(told) => return Ok(no(StatusCode::UNPROCESSABLE_ENTITY, &told)),
    };
    // A target moves figures.
    site.showing.ask();
    let kept = match kept {
        Some(kept) => acts::kept_as(&site.database, &id, kept).await?,
        None => None,
    };
    let back = login::safe(&site, &sent.back);
    Ok(Redirect::to(&with_done(&back, act.word(), &urlname, kept)).into_response())
}

/// Takes back what is kept of a group.
pub(super) async fn take_back(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Path(urlname): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failed> {
    let no = |status, told: &str| refused(&site, &session, &sent, (status, NOT_TAKEN, told));
    let id = match about(&site, &session, (&urlname, &sent), NOT_TAKEN).await? {
        Ok(id) => id,
        Err(answer) => return Ok(answer),
    };
    let Some(kept) = Kept::read(&sent.kept) else {
        return Ok(no(StatusCode::NOT_FOUND, "Nothing is kept by that name."));
    };
    let taken = acts::take_back(&site.database, &id, kept).await;
    if let Err(told) = or_why(taken, NOT_TAKEN)? {
        return Ok(no(StatusCode::CONFLICT, &told));
    }
    site.showing.ask();
    let back = login::safe(&site, &sent.back);
    Ok(Redirect::to(&with_done(&back, TAKEN_BACK, &urlname, None)).into_response())
}

/// The address to come back to, which says what was done, at the group it was done for, and what is kept by it.
fn with_done(back: &str, done: &str, urlname: &str, kept: Option<Kept>) -> String {
    let (path, _) = back.split_once('#').unwrap_or((back, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let before = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key != DONE && key != ABOUT && key != KEPT);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query
        .extend_pairs(before)
        .append_pair(DONE, done)
        .append_pair(ABOUT, urlname);
    if let Some(kept) = kept {
        query.append_pair(KEPT, &kept.written());
    }
    let query = query.finish();
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
    let author = Some(channel);
    let kept = acts::keep(&site.config, &site.database, act, &group, &said, author).await;
    let (status, title, told, kept) = match or_why(kept, NOT_KEPT)? {
        Err(told) => (StatusCode::UNPROCESSABLE_ENTITY, NOT_KEPT, told, None),
        Ok(kept) => (StatusCode::OK, "Done", told(act).to_owned(), kept),
    };
    let kept = match kept {
        Some(kept) => acts::kept_as(&site.database, &group, kept).await?,
        None => None,
    };
    site.showing.ask();
    let body = html! {
        p { (told) }
        p.about { bdi { (clean(&known.name)) } }
        @if let Some(kept) = kept {
            form.acting method="post" action=(site.to(&format!("/act/{link}/{TAKEN_BACK}"))) {
                input type="hidden" name="kept" value=(kept.written());
                input type="hidden" name="word" value=(site.keys.sign(Purpose::TakeBack, &[&link, &kept.written()]));
                button type="submit" { "Take it back" }
            }
        }
        @if !status.is_success() { p { a href=(site.to(&format!("/act/{link}"))) { "Once more" } } }
    };
    Ok(frame::plain(&site, None, Tab::Other, status, title, &body))
}

/// Takes back what a link just kept: only whoever kept it was given the word for that.
pub(super) async fn act_back(
    State(site): State<Arc<Site>>,
    Path(link): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failed> {
    let known = match followed(&site, &link).await? {
        Ok(known) => known,
        Err(answer) => return Ok(answer),
    };
    let signed_for = [link.as_str(), sent.kept.as_str()];
    let is_ours = site
        .keys
        .is_signed(Purpose::TakeBack, &signed_for, &sent.word);
    let kept = Kept::read(&sent.kept).filter(|_| is_ours);
    let (status, title, told) = match kept {
        None => {
            let told = "This form is none that the link led to.".to_owned();
            (StatusCode::FORBIDDEN, NOT_TAKEN, told)
        }
        Some(kept) => {
            let taken = acts::take_back(&site.database, &known.link.group, kept).await;
            match or_why(taken, NOT_TAKEN)? {
                Ok(()) => (StatusCode::OK, "Taken back", IS_TAKEN_BACK.to_owned()),
                Err(told) => (StatusCode::CONFLICT, NOT_TAKEN, told),
            }
        }
    };
    site.showing.ask();
    let body = html! {
        p { (told) }
        p.about { bdi { (clean(&known.name)) } }
        p { a href=(site.to(&format!("/act/{link}"))) { "The link is still good" } }
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
