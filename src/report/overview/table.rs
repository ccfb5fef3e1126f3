//! The list of groups as a table that fits the page.

use chrono::{Datelike as _, NaiveDate};

use super::GroupLine;
use crate::community::Status;
use crate::report::plain::{clean, fit, pad, width};
use crate::report::text::{Ink, Page, Style};
use crate::report::words::{count, median, number};

/// Under this a name says nothing any more.
const SHORTEST_NAME: usize = 14;
/// Columns that are left out where there is too little room, the least telling first.
const SPARED: [usize; 3] = [CONTACT, LEADER, NEXT];
const NAME: usize = 0;
const NEXT: usize = 4;
const LEADER: usize = 5;
const CONTACT: usize = 7;

/// A column: its heading, and whether its cells stand at its right.
const HEADS: [(&str, bool); 8] = [
    ("group", false),
    ("status", false),
    ("people", true),
    ("days", true),
    ("next", true),
    ("leader", true),
    ("cause", false),
    ("contact", true),
];

/// What the columns mean that need words for it, beside their headings.
const MEANINGS: [&str; 8] = [
    "",
    "",
    " People: of the last 365 days, and against the year before.",
    " Days: since the last event/usual between events.",
    "",
    " Leader: when one was last seen or hosted.",
    "",
    " Contact: when you last noted or asked.",
];

/// The lines as a table; `all` is how many groups there are.
pub fn overview_text(lines: &[GroupLine], all: usize, today: NaiveDate, style: Style) -> String {
    let mut page = Page::new(style);
    if lines.is_empty() {
        page.line(
            Ink::Plain,
            &format!("no group of {} is so", number(all as i64)),
        );
        return page.text;
    }
    let shared = shared_start(lines);
    let rows: Vec<[String; 8]> = lines.iter().map(|it| cells(it, today)).collect();
    let mut shown: Vec<usize> = (0..HEADS.len()).collect();
    let wide = |column: usize| {
        let cells = rows
            .iter()
            .map(|row| width(&row[column]))
            .max()
            .unwrap_or(0);
        cells.max(width(HEADS[column].0))
    };
    // A column with nothing in it says nothing.
    shown.retain(|column| rows.iter().any(|row| !row[*column].is_empty()));
    let room = |shown: &[usize]| {
        let others = shown.iter().filter(|it| **it != NAME);
        let taken: usize = others.map(|column| wide(*column) + GAP.len()).sum();
        page.width.saturating_sub(taken)
    };
    for spared in SPARED {
        if room(&shown) < SHORTEST_NAME {
            shown.retain(|column| *column != spared);
        }
    }
    let mut room = room(&shown).min(wide(NAME));
    let cut = if wide(NAME) > room { shared } else { 0 };
    if cut > 0 {
        let rests = rows.iter().map(|row| width(&row[NAME][cut..]) + 1);
        room = room.min(rests.max().unwrap_or(0).max(width(HEADS[NAME].0)));
    }
    let row = |cells: &[String; 8]| {
        let cells = shown.iter().map(|column| match *column {
            NAME => pad(&cells[NAME], room),
            column if HEADS[column].1 => {
                let missing = wide(column).saturating_sub(width(&cells[column]));
                format!("{}{}", " ".repeat(missing), cells[column])
            }
            column => pad(&cells[column], wide(column)),
        });
        cells.collect::<Vec<_>>().join(GAP)
    };
    page.line(Ink::Bold, &row(&HEADS.map(|(head, _)| head.to_owned())));
    for cells in &rows {
        let mut cells = cells.clone();
        if cut > 0 {
            cells[NAME] = format!("…{}", &cells[NAME][cut..]);
        }
        cells[NAME] = fit(&cells[NAME], room);
        page.line(Ink::Plain, &row(&cells));
    }
    page.blank();
    let of = match lines.len() == all {
        true => count(all as i64, "group", "groups"),
        false => format!(
            "{} of {} groups",
            number(lines.len() as i64),
            number(all as i64)
        ),
    };
    page.paragraph(
        "",
        &format!(
            "{of}.{}",
            shown
                .iter()
                .map(|column| MEANINGS[*column])
                .collect::<String>()
        ),
    );
    page.text
}

const GAP: &str = " ";

fn cells(it: &GroupLine, today: NaiveDate) -> [String; 8] {
    let date = |on: Option<NaiveDate>| on.map_or_else(String::new, |on| day(on, today));
    let more = it.causes.len().saturating_sub(1);
    let cause = it.causes.first().map_or_else(String::new, |first| {
        let more = match more {
            0 => String::new(),
            n => format!(" +{n}"),
        };
        format!("{}{more}", first.in_short())
    });
    let days = it.days_since_last_held.map_or_else(String::new, |days| {
        // The same as is said of its pause.
        let usual = it.usual_days.map_or_else(|| "–".to_owned(), median);
        format!("{days}/{usual}")
    });
    [
        clean(&it.urlname),
        it.status.map_or("unknown", in_short).to_owned(),
        people(it),
        days,
        date(it.next_on),
        date(it.leader_on),
        cause,
        date(it.contact_on),
    ]
}

/// "114 -46%": people of the year, and the change.
fn people(it: &GroupLine) -> String {
    let now = it.people_365;
    match it.people_365_year_before {
        Some(before) if before > 0 => {
            let change = 100 * (now - before);
            let half = if change < 0 { -before / 2 } else { before / 2 };
            format!("{} {:+}%", number(now), (change + half) / before)
        }
        _ if it.days_since_last_held.is_none() => String::new(),
        _ => format!("{}     ", number(now)),
    }
}

/// "6 May"; "May'25" where it is not this year.
fn day(on: NaiveDate, today: NaiveDate) -> String {
    let form = if on.year() == today.year() {
        "%-d %b"
    } else {
        "%b'%y"
    };
    on.format(form).to_string()
}

/// What a status is called in a list.
fn in_short(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Unstarted => "not begun",
        Status::Restarted => "restarted",
        Status::Quiet => "quiet",
        Status::Overdue => "paused",
        Status::OnTarget => "as agreed",
        Status::Meeting => "at times",
    }
}

/// The bytes at the start of every urlname up to a dash: what they share says nothing of any.
fn shared_start(lines: &[GroupLine]) -> usize {
    let names: Vec<String> = lines.iter().map(|it| clean(&it.urlname)).collect();
    let Some((first, others)) = names.split_first() else {
        return 0;
    };
    if others.is_empty() {
        return 0;
    }
    let ends = first.match_indices('-').map(|(at, dash)| at + dash.len());
    ends.filter(|end| others.iter().all(|it| it.starts_with(&first[..*end])))
        .max()
        .unwrap_or(0)
}
