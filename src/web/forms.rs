//! The forms of a page: what can be done about a group, for whoever may. What lies in a folder has none.

use super::{Session, site::Site};
use crate::{
    app::{
        acts::{Act, Kept},
        showing::Look,
    },
    community::Contact,
    config::Right,
    report::{GroupReport, Remembered, clean, each_remembered, group_name},
};
use chrono::{NaiveDate, TimeDelta};
use maud::{Markup, html};

/// Where something can be done: whose forms they are, and where they come back to.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub site: &'a Site,
    pub session: &'a Session,
    /// The address they come back to.
    pub back: &'a str,
    /// What was just done, if anything,
    pub done: &'a str,
    /// and to which group, by urlname.
    pub about: &'a str,
    /// What is kept by it, as [`Kept::written`].
    pub kept: &'a str,
}

/// What stands in the address in the place of an act where something was taken back, and in that of its form.
pub(super) const TAKEN_BACK: &str = "take-back";

/// That it was done.
pub(super) fn told(act: Act) -> &'static str {
    match act {
        Act::Asked => "Kept that somebody was asked.",
        Act::NotNow => "Kept: it is left alone until then.",
        Act::Note => "The note is kept.",
        Act::Own => "Kept who looks after it.",
        Act::Agree => "Kept what is agreed; figures follow in a moment.",
    }
}

/// That it was taken back.
pub(super) const IS_TAKEN_BACK: &str = "Taken back: it is not kept any more.";

/// What was done, where the address says so, and the way back while it is kept.
pub(super) fn done(desk: Option<&Desk<'_>>, look: &Look) -> Markup {
    let Some(desk) = desk else {
        return html! {};
    };
    let told = match Act::parse(desk.done) {
        Some(act) => told(act),
        None if desk.done == TAKEN_BACK => IS_TAKEN_BACK,
        None => return html! {},
    };
    let group = look.report().group(desk.about);
    let kept = group
        .and_then(|it| look.contact(it))
        .zip(Kept::read(desk.kept))
        .filter(|(contact, kept)| contact.kept_at(kept.id) == Some(kept.at))
        .map(|(_, kept)| kept);
    html! {
        div.done {
            p role="status" { (told) }
            @if let (Some(group), Some(kept)) = (group, kept) {
                (take_back(desk, group, kept, "Take it back", "Take back what was just kept"))
            }
        }
    }
}

/// The form that takes back what is kept of a group, for whoever may write.
fn take_back(desk: &Desk<'_>, group: &GroupReport, kept: Kept, name: &str, about: &str) -> Markup {
    let Desk {
        site,
        session,
        back,
        ..
    } = *desk;
    let to = site.links().group(&group.figures.urlname);
    html! {
        @if session.may(Right::Write) {
            form.back method="post" action={ (to) "/" (TAKEN_BACK) } {
                input type="hidden" name="word" value=(site.keys.form_word(session.mark()));
                input type="hidden" name="back" value=(back);
                input type="hidden" name="kept" value=(kept.written());
                button type="submit" aria-label=[(name != about).then_some(about)] { (name) }
            }
        }
    }
}

/// What is kept of a group, each with its way back, for whoever may write.
pub(super) fn memory(desk: &Desk<'_>, look: &Look, group: &GroupReport) -> Markup {
    let all = look.contact(group);
    let all = all.map_or_else(Vec::new, |it| each_remembered(it, look.looked_at()));
    html! {
        @if !all.is_empty() {
            h3 { "What is kept of it" }
            ul.memory {
                @for Remembered { id, at, line } in all {
                    li {
                        span { bdi { (clean(&line)) } } " "
                        (take_back(desk, group, Kept { id, at }, "Take back", &format!("Take back: {}", clean(&line))))
                    }
                }
            }
        }
    }
}

/// The forms of a group, for whoever may write. `back`: where they come back to.
pub(super) fn forms(
    desk: Option<&Desk<'_>>,
    group: &GroupReport,
    contact: Option<&Contact>,
    today: NaiveDate,
) -> Markup {
    let Some(desk) = desk.filter(|it| it.session.may(Right::Write)) else {
        return html! {};
    };
    let Desk {
        site,
        session,
        back,
        ..
    } = *desk;
    let to = |act: Act| {
        format!(
            "{}/{}",
            site.links().group(&group.figures.urlname),
            act.word()
        )
    };
    let about = group_name(&group.figures.name, &group.figures.urlname);
    let hidden = || {
        html! {
            input type="hidden" name="word" value=(site.keys.form_word(session.mark()));
            input type="hidden" name="back" value=(back);
        }
    };
    let whom = group
        .figures
        .leaders
        .first()
        .and_then(|it| it.name.as_deref());
    let owner = contact.and_then(|it| it.owner.as_ref());
    let me = session.name.as_deref().unwrap_or_default();
    let in_weeks = |weeks| (today + TimeDelta::weeks(weeks)).to_string();
    html! {
        div.acts {
            details {
                summary { "Asked" }
                form method="post" action=(to(Act::Asked)) aria-label={ "Asked somebody of " (about) } {
                    (hidden())
                    label { "Whom" input name="whom" maxlength="200" value=(whom.map(clean).unwrap_or_default()); }
                    label { "Look again on" input type="date" name="day" min=(today) value=(in_weeks(2)); }
                    button type="submit" { "Keep" }
                }
            }
            details {
                summary { "Not now" }
                form method="post" action=(to(Act::NotNow)) aria-label={ "Leave " (about) " alone" } {
                    (hidden())
                    label { "Leave it alone until" input type="date" name="day" min=(today + TimeDelta::days(1)) value=(in_weeks(6)) required; }
                    button type="submit" { "Keep" }
                }
            }
            details {
                summary { "Note" }
                form method="post" action=(to(Act::Note)) aria-label={ "Note about " (about) } {
                    (hidden())
                    label { "Note" textarea name="text" maxlength="2000" required {} }
                    button type="submit" { "Keep" }
                }
            }
            details {
                summary { @match owner { Some(it) => { "Looked after by " (clean(&it.name)) }, None => "Take it" } }
                form method="post" action=(to(Act::Own)) aria-label={ "Who looks after " (about) } {
                    (hidden())
                    label { "Who looks after it; empty: nobody"
                        input name="name" maxlength="200" value=(owner.map_or_else(|| me.to_owned(), |it| clean(&it.name)));
                    }
                    button type="submit" { "Keep" }
                }
            }
            a.button href={ (site.links().group(&group.figures.urlname)) "#letter" } { "Letter" }
        }
    }
}

/// The form of what is agreed.
pub(super) fn agree(
    desk: Option<&Desk<'_>>,
    group: &GroupReport,
    contact: Option<&Contact>,
) -> Markup {
    let Some(desk) = desk.filter(|it| it.session.may(Right::Write)) else {
        return html! {};
    };
    let Desk {
        site,
        session,
        back,
        ..
    } = *desk;
    let agreed = contact.and_then(|it| it.target).map(|it| it.every_months);
    let to = format!(
        "{}/{}",
        site.links().group(&group.figures.urlname),
        Act::Agree.word()
    );
    html! {
        form.filters method="post" action=(to) {
            input type="hidden" name="word" value=(site.keys.form_word(session.mark()));
            input type="hidden" name="back" value=(back);
            label { "Agreed: an event every"
                select name="every_months" {
                    option value="" selected[agreed.is_none()] { "as configured" }
                    @for months in 1..=4_u8 {
                        option value=(months) selected[agreed == Some(months)] {
                            @if months == 1 { "month" } @else { (months) " months" }
                        }
                    }
                }
            }
            button type="submit" { "Keep" }
        }
    }
}
