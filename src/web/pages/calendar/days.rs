//! The weeks, day by day.

use super::shown::{Folded, Shown};
use crate::{
    report::{Gap, clean, local_day},
    web::{links::Links, message::link},
};
use chrono::{Days, NaiveDate};
use maud::{Markup, html};

/// Each week with its days that have something, and whoever usually meets in it.
pub(super) fn weeks(
    links: Links<'_>,
    today: NaiveDate,
    monday: NaiveDate,
    weeks: u64,
    events: &[Folded<'_>],
    gaps: &[Gap],
) -> Markup {
    let day = |days: u64| monday.checked_add_days(Days::new(days)).unwrap_or(monday);
    html! {
        @for week in 0..weeks {
            @let (from, to) = (day(7 * week), day(7 * week + 6));
            @let of_week: Vec<&Folded<'_>> = events.iter().filter(|it| (from..=to).contains(&it.first.starts_local.date())).collect();
            @let missing: Vec<&Gap> = gaps.iter().filter(|it| (from..=to).contains(&it.on)).collect();
            section.week {
                h2 {
                    (from.format("%-d %b")) " – " (to.format("%-d %b"))
                    @if week == 0 { " " span.tag { "this week" } }
                    " " small { (of_week.len()) @if of_week.len() == 1 { " event" } @else { " events" } }
                }
                @if of_week.is_empty() { p.empty { "Nothing is announced." } }
                @for date in from.iter_days().take(7) {
                    @let of_day: Vec<&&Folded<'_>> = of_week.iter().filter(|it| it.first.starts_local.date() == date).collect();
                    @if !of_day.is_empty() {
                        div.day {
                            h3 { (date.format("%a %-d %b")) @if date == today { " " span.tag { "today" } } }
                            ul { @for it in of_day { li { (event(links, it)) } } }
                        }
                    }
                }
                @if !missing.is_empty() {
                    div.day.missing {
                        h3 { "Usually meets about then" }
                        ul { @for it in missing { li { (gap(links, it, today)) } } }
                    }
                }
            }
        }
    }
}

/// Who would usually have met before these weeks, and has nothing announced.
pub(super) fn due_before(
    links: Links<'_>,
    today: NaiveDate,
    monday: NaiveDate,
    gaps: &[Gap],
) -> Markup {
    let due: Vec<&Gap> = gaps.iter().filter(|it| it.on < monday).collect();
    html! {
        @if !due.is_empty() {
            section.week {
                h2 { "Due before this week " small { (due.len()) @if due.len() == 1 { " group" } @else { " groups" } } }
                p { "They would usually have met by now, and nothing is announced." }
                div.day.missing { ul { @for it in due { li { (gap(links, it, today)) } } } }
            }
        }
    }
}

fn event(links: Links<'_>, it: &Folded<'_>) -> Markup {
    let first = &it.first;
    html! {
        div.when {
            time datetime=(first.own.to_rfc3339()) { (first.starts_local.format("%H:%M")) }
            (own(first))
        }
        div {
            p { strong { @match first.url { Some(url) => (link(first.title, url)), None => bdi { (clean(first.title)) } } } }
            p.of {
                (group(links, first.group, first.group_name)) " · " (first.told)
                @if let Some(order) = &first.order { " · " span.order { "order " (order) } }
            }
            @for other in &it.others {
                p.of {
                    "with " (group(links, other.group, other.group_name))
                    @if other.starts_local != first.starts_local { " (" (other.starts_local.format("%a %H:%M")) " there)" }
                    @if !other.is_united { " · " (other.told) }
                    @if let Some(order) = &other.order { " · " span.order { "order " (order) } }
                }
            }
        }
    }
}

/// The time where the schedule's clock is read, if it is another one.
fn own(it: &Shown<'_>) -> Markup {
    let own = it.own.naive_local();
    let how = if own.date() == it.starts_local.date() {
        "%H:%M %Z"
    } else {
        "%a %H:%M %Z"
    };
    html! { @if own != it.starts_local { " " small { (it.own.format(how)) } } }
}

fn gap(links: Links<'_>, it: &Gap, today: NaiveDate) -> Markup {
    html! {
        div.when { (local_day(it.on, today)) }
        div {
            p { (group(links, &it.urlname, &it.name)) @if it.on < today { " " span.tag { (it.late(today)) } } }
            p.of { (it.why(today)) }
        }
    }
}

fn group(links: Links<'_>, urlname: &str, name: &str) -> Markup {
    html! { a href=(links.group(urlname)) { bdi { (clean(name)) } } }
}
