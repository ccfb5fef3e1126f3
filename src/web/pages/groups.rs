//! All groups, one line each.

use super::{Failed, look};
use crate::{
    app::showing::Look,
    chart::strip,
    community::{Cause, Order, Status},
    report::{
        GroupLine, clean, country, fit, group_name, latest_months, local_day, median, number,
        overview_csv, say, worst,
    },
    web::{
        Session,
        frame::{self, Tab},
        links::Links,
        marks,
        site::Site,
    },
};
use axum::{
    Extension,
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// More lines than this are folded by region or country, unless an order is asked for.
const FOLDED: usize = 120;
/// Months of the strip, the running one among them.
const MONTHS: i64 = 24;
/// As much of a note as tells which it is.
const NOTE: usize = 60;

/// What the address asks for: empty asks for nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    status: String,
    cause: String,
    country: String,
    timezone: String,
    region: String,
    owner: String,
    q: String,
    sort: String,
}

/// Whether what is told of a group holds a text in small letters: its names, its latest note, who looks after it.
fn holds(line: &GroupLine, wanted: &str) -> bool {
    let told = [line.note.as_deref(), line.owner.as_deref()];
    let told = told.into_iter().flatten();
    let mut all = [line.urlname.as_str(), &line.name].into_iter().chain(told);
    all.any(|it| clean(it).to_lowercase().contains(wanted))
}

impl Asked {
    fn lines(&self, look: &Look) -> Vec<GroupLine> {
        let mut lines = look.lines(Order::parse(&self.sort));
        let (status, cause) = (Status::parse(&self.status), Cause::parse(&self.cause));
        let wanted = clean(&self.q).to_lowercase();
        let is = |asked: &str, known: Option<&str>| {
            asked.is_empty() || known.is_some_and(|it| it.eq_ignore_ascii_case(asked))
        };
        lines.retain(|it| {
            status.is_none_or(|status| it.status == Some(status))
                && cause.is_none_or(|cause| it.causes.contains(&cause))
                && is(&self.country, it.country.as_deref())
                && is(&self.timezone, it.timezone.as_deref())
                && is(&self.owner, it.owner.as_deref())
                && look.is_in_region(&self.region, &it.urlname)
                && (wanted.is_empty() || holds(it, &wanted))
        });
        lines
    }

    /// The same as the query of an address.
    fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in [
            ("status", &self.status),
            ("cause", &self.cause),
            ("country", &self.country),
            ("timezone", &self.timezone),
            ("region", &self.region),
            ("owner", &self.owner),
            ("q", &self.q),
            ("sort", &self.sort),
        ] {
            if !value.is_empty() {
                query.append_pair(key, value);
            }
        }
        match query.finish() {
            query if query.is_empty() => query,
            query => format!("?{query}"),
        }
    }
}

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Groups).await?;
    let body = body(site.links(), &session, &look, &asked);
    Ok(frame::page(
        &site,
        &session,
        Tab::Groups,
        Tab::Groups.name(),
        &look,
        &body,
    ))
}

/// What stands on it; what it is narrowed and sorted by only where that can be asked for.
pub(in crate::web) fn body(
    links: Links<'_>,
    session: &Session,
    look: &Look,
    asked: &Asked,
) -> Markup {
    let all = look.report().groups.len();
    let lines = asked.lines(look);
    let is_folded = lines.len() > FOLDED && asked.sort.is_empty();
    let groups = look.report().groups.iter().map(|it| &it.figures);
    let strips: HashMap<String, String> = groups
        .map(|it| (it.urlname.clone(), strip(&latest_months(it, MONTHS))))
        .collect();
    html! {
        h1 { (Tab::Groups.name()) }
        @if all == 0 {
            (frame::nothing_yet(links, session, look))
        } @else {
            @if links.files().is_none() { (filters(links, look, asked)) (mine(links, session, look)) }
            p.about {
                @if lines.len() == all { (number(all as i64)) " groups" }
                @else { (number(lines.len() as i64)) " of " (number(all as i64)) " groups" }
                @if is_folded { ", by place: first where somebody is to be written to, the worst of these in front. " }
                @else if asked.sort.is_empty() { ", those to write to first. " }
                @else { ". " }
                a href=(links.groups_csv(&asked.query())) { "As CSV" }
            }
            @if is_folded {
                (folded(links, look, &lines, &strips))
            } @else {
                (table(links, Tab::Groups.name(), &lines, &strips, look.today()))
            }
            (legend())
        }
    }
}

pub(in crate::web) async fn csv(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Groups).await?;
    let text = table_of(&look, &asked);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"groups.csv\"",
        ),
    ];
    Ok((headers, text).into_response())
}

/// The same groups for a spreadsheet.
pub(in crate::web) fn table_of(look: &Look, asked: &Asked) -> String {
    overview_csv(&asked.lines(look))
}

fn filters(links: Links<'_>, look: &Look, asked: &Asked) -> Markup {
    let groups = || look.report().groups.iter();
    let codes = groups().filter_map(|it| it.figures.country.as_deref());
    // By their names.
    let countries: BTreeMap<String, String> = codes
        .map(|it| (country(it), clean(it).to_uppercase()))
        .collect();
    let owners: BTreeSet<String> = look
        .contacts
        .iter()
        .filter_map(|it| it.owner.as_ref().map(|it| it.name.clone()))
        .collect();
    let zones: BTreeSet<String> = groups()
        .filter_map(|it| it.figures.timezone.as_deref().map(clean))
        .collect();
    html! {
        form.filters method="get" action=[links.tab(Tab::Groups)] {
            label { "Text " input type="search" name="q" value=(asked.q); }
            label { "Status "
                select name="status" {
                    option value="" { "any" }
                    @for status in Status::ALL {
                        option value=(status.as_str()) selected[asked.status == status.as_str()] { (say(*status)) }
                    }
                }
            }
            label { "Cause "
                select name="cause" {
                    option value="" { "any" }
                    @for cause in Cause::ALL {
                        option value=(cause.as_str()) selected[asked.cause == cause.as_str()] { (cause.in_short()) }
                    }
                }
            }
            @if !look.regions.is_empty() {
                @let names = look.regions.iter().map(|it| it.name.clone()).collect();
                (choices("Region", "region", &names, &asked.region))
            }
            @if countries.len() > 1 {
                (options("Country", "country", countries.iter().map(|(name, code)| (code, name.clone())), &asked.country))
            }
            @if zones.len() > 1 { (choices("Time zone", "timezone", &zones, &asked.timezone)) }
            @if !owners.is_empty() { (choices("Looked after by", "owner", &owners, &asked.owner)) }
            label { "First "
                select name="sort" {
                    option value="" { "whom to write to" }
                    @for order in Order::ALL {
                        option value=(order.as_str()) selected[asked.sort == order.as_str()] { (named(*order)) }
                    }
                }
            }
            button type="submit" { "Show" }
        }
    }
}

/// The way to the groups that whoever looks looks after.
fn mine(links: Links<'_>, session: &Session, look: &Look) -> Markup {
    let me = session.name.as_deref().unwrap_or_default();
    let owners = look.contacts.iter().filter_map(|it| it.owner.as_ref());
    let count = owners.filter(|it| it.name.eq_ignore_ascii_case(me)).count();
    let asked = Asked {
        owner: me.to_owned(),
        ..Asked::default()
    };
    let to = links.tab(Tab::Groups).filter(|_| count > 0);
    html! {
        @if let Some(to) = to { p.about { a href={ (to) (asked.query()) } { "Mine" } " (" (count) ")" } }
    }
}

fn choices(label: &str, name: &str, known: &BTreeSet<String>, asked: &str) -> Markup {
    options(label, name, known.iter().map(|it| (it, clean(it))), asked)
}

/// What can be chosen, each by its word in the address and what it is called.
fn options<'a>(
    label: &str,
    name: &str,
    known: impl Iterator<Item = (&'a String, String)>,
    asked: &str,
) -> Markup {
    html! {
        label { (label) " "
            select name=(name) {
                option value="" { "any" }
                @for (it, called) in known {
                    option value=(it) selected[it.eq_ignore_ascii_case(asked)] { (called) }
                }
            }
        }
    }
}

/// What comes first by an order.
fn named(order: Order) -> &'static str {
    match order {
        Order::Stake => "most at stake",
        Order::Days => "longest without an event",
        Order::Name => "name",
        Order::People => "most people",
        Order::Change => "greatest loss of people",
        Order::Next => "next date",
        Order::Leader => "leader unseen longest",
        Order::Cause => "most urgent cause",
        Order::Contact => "longest without contact",
        Order::Status => "worst status",
        Order::Country => "country",
        Order::Timezone => "time zone",
        Order::Owner => "who looks after it",
    }
}

/// By region, where there are any, else by country; each with its worst status, its lines behind it.
fn folded(
    links: Links<'_>,
    look: &Look,
    lines: &[GroupLine],
    strips: &HashMap<String, String>,
) -> Markup {
    let mut places: BTreeMap<String, Vec<GroupLine>> = BTreeMap::new();
    for line in lines {
        let region = || {
            look.report()
                .group(&line.urlname)
                .and_then(|it| look.region_of(it))
        };
        let of = || line.country.as_deref().map(country);
        let place = match look.regions.is_empty() {
            true => of().unwrap_or_else(|| "no country".to_owned()),
            false => region().map_or_else(|| "in no region".to_owned(), clean),
        };
        places.entry(place).or_default().push(line.clone());
    }
    let worst_of = |lines: &[GroupLine]| {
        let all = lines.iter().map(|it| it.status);
        all.min_by_key(|it| worst(*it)).flatten()
    };
    let mut places: Vec<(String, Vec<GroupLine>)> = places.into_iter().collect();
    // Where somebody is to be written to stands first, of these what is worst off.
    places.sort_by_cached_key(|(place, lines)| {
        let with_cause = lines.iter().filter(|it| !it.causes.is_empty()).count();
        let worst = worst(worst_of(lines));
        (with_cause == 0, worst, Reverse(with_cause), place.clone())
    });
    html! {
        @for (place, lines) in &places {
            @let with_cause = lines.iter().filter(|it| !it.causes.is_empty()).count();
            @let worst = worst_of(lines);
            details.place {
                summary {
                    strong { (place) } " · " (lines.len()) " groups"
                    @if with_cause > 0 { " · " (with_cause) " to write to" }
                    @if let Some(worst) = worst {
                        " · worst: " (marks::status(Some(worst)))
                    }
                }
                (table(links, place, lines, strips, look.today()))
            }
        }
    }
}

fn table(
    links: Links<'_>,
    caption: &str,
    lines: &[GroupLine],
    strips: &HashMap<String, String>,
    today: NaiveDate,
) -> Markup {
    let day = |on: Option<NaiveDate>| on.map_or_else(String::new, |on| local_day(on, today));
    html! {
        @if lines.is_empty() { p.empty { "No group is so." } }
        @else {
            div.wide tabindex="0" role="region" aria-label=(caption) {
                table.groups {
                    caption { (caption) }
                    thead {
                        tr {
                            th scope="col" { "Group" }
                            th scope="col" { "Status" }
                            th scope="col" { "24 months" }
                            th.n scope="col" { "People" }
                            th.n scope="col" { "Days" }
                            th.n scope="col" { "Next" }
                            th.n scope="col" { "Leader" }
                            th scope="col" { "Cause" }
                            th.n scope="col" { "Contact" }
                        }
                    }
                    tbody {
                        @for it in lines {
                            tr {
                                th scope="row" {
                                    a href=(links.group(&it.urlname)) { bdi { (group_name(&it.name, &it.urlname)) } }
                                    @if let Some(owner) = &it.owner { small { "Owner: " (clean(owner)) } }
                                    @if let Some(note) = &it.note { small { "Last note: " (fit(&clean(note), NOTE)) } }
                                }
                                td data-label="Status" { (marks::status(it.status)) }
                                td data-label="24 months" { @if let Some(strip) = strips.get(&it.urlname) { (PreEscaped(strip)) } }
                                td.n data-label="People" { (number(it.people_365)) @if let Some(change) = change(it) { " " small { (change) } } }
                                td.n data-label="Days" { (days(it)) }
                                td.n data-label="Next" { (day(it.next_on)) }
                                td.n data-label="Leader" { (day(it.leader_on)) }
                                td data-label="Cause" { @for cause in &it.causes { span.tag { (cause.in_short()) } " " } }
                                td.n data-label="Contact" { (day(it.contact_on)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// "days / usual".
fn days(it: &GroupLine) -> String {
    let Some(days) = it.days_since_last_held else {
        return String::new();
    };
    let usual = it.usual_days.map_or_else(|| "–".to_owned(), median);
    format!("{days} / {usual}")
}

/// The change against the year before, in percent.
fn change(it: &GroupLine) -> Option<String> {
    let before = it.people_365_year_before.filter(|before| *before > 0)?;
    let change = 100 * (it.people_365 - before);
    let half = if change < 0 { -before / 2 } else { before / 2 };
    Some(format!("{:+}\u{202f}%", (change + half) / before))
}

fn legend() -> Markup {
    html! {
        p.legend {
            "24 months: one square each, fuller where it met more often; the last, underlined, is the month that runs. People: who took part in the \
             last 365 days, and against the year before. Days: since the last event / usual between events. Leader: when one \
             was last seen or hosted. Contact: when you last noted something or asked."
        }
    }
}
