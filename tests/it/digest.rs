//! The digest: what it tells of hand-made worlds, part by part, and whole.

mod changes;
mod edges;
mod keys;
mod memory;
mod months;
mod parts;
mod restated;
mod whole;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use gatherd::community::{Access, Asked, Before, Contact, MemberId, Mute, Muted, Note, Telling};
use gatherd::metrics::{self, Logged, NetworkFigures, Settings};
use gatherd::report::message::{Line, Message, Span};
use gatherd::report::{self, Digest, Freshness, Given, Report};

use crate::world::{A, World, id_of};

/// Our own person.
const STAFF: u32 = 50;

fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn settings(a: i64) -> Settings {
    Settings {
        staff: Some(vec![MemberId(id_of(STAFF))]),
        ..Settings::as_of(instant(a))
    }
}

fn report_with(world: &World, settings: &Settings) -> Report {
    let measured = metrics::measure(&world.store(), settings).unwrap();
    let read_at = settings.generated_at - TimeDelta::hours(6);
    report::compose(
        measured,
        settings,
        Freshness::new(Some(read_at), Vec::new()),
    )
}

fn report_at(world: &World, a: i64) -> Report {
    report_with(world, &settings(a))
}

/// A digest in the making.
struct Told {
    report: Report,
    contacts: Vec<Contact>,
    before: Vec<Before>,
    elsewhere: Vec<Telling>,
    logged: BTreeMap<String, Logged>,
    again: Option<Report>,
    is_monthly: bool,
    /// The network's figures over the report's groups alone, where it is narrowed.
    own: Option<NetworkFigures>,
    is_for_operator: bool,
}

impl Told {
    fn of(report: Report) -> Self {
        Self {
            report,
            contacts: Vec::new(),
            before: Vec::new(),
            elsewhere: Vec::new(),
            logged: BTreeMap::new(),
            again: None,
            is_monthly: false,
            own: None,
            is_for_operator: false,
        }
    }

    /// A later digest: so many days ago the world was told as it was then.
    fn after(world: &World, days: i64) -> Self {
        let then = Self::of(report_at(world, A - days * crate::world::DAY));
        let mut told = Self::of(report_at(world, A));
        told.before = vec![then.filed()];
        told.before[0].please_write_to.clear();
        told.logged = world.logged(A - days * crate::world::DAY, A);
        told
    }

    /// Narrows it to some groups, as a channel is.
    fn narrow(&mut self, world: &World, groups: &[&str]) {
        let access = Access {
            groups: groups.iter().map(|it| (*it).to_owned()).collect(),
            ..Access::default()
        };
        let only = Settings {
            only: vec![access.clone()],
            ..settings(self.report.as_of.timestamp())
        };
        self.own = Some(report_with(world, &only).network);
        self.report = self.report.clone().narrowed(&access);
    }

    fn digest(&self) -> Digest {
        let given = Given {
            now: self.report.as_of.fixed_offset(),
            contacts: &self.contacts,
            before: &self.before,
            elsewhere: &self.elsewhere,
            logged: &self.logged,
            again: self.again.as_ref(),
            staff: &[MemberId(id_of(STAFF))],
            is_monthly: self.is_monthly,
            own: self.own.as_ref(),
            is_for_operator: self.is_for_operator,
        };
        report::digest(&self.report, &given)
    }

    fn text(&self) -> String {
        shown(&self.digest().message)
    }

    /// What is kept of it for later digests.
    fn filed(&self) -> Before {
        Before::of(&self.report, self.digest().please_write_to)
    }

    /// The urlnames it asks to write to.
    fn named(&self) -> Vec<String> {
        let named = self.digest().please_write_to;
        named.into_iter().map(|it| it.urlname).collect()
    }

    /// The lines under a heading that begins so; none where there is no such part.
    fn part(&self, heading: &str) -> String {
        let message = self.digest().message;
        let parts = message.sections.into_iter().filter(|section| {
            let has = section.heading.as_deref();
            has.is_some_and(|it| it.starts_with(heading))
        });
        let alone = Message {
            sections: parts.collect(),
            elsewhere: message.elsewhere,
            ..Message::default()
        };
        shown(&alone).trim().to_owned()
    }
}

/// Memory of contact with the nth group.
fn contact(world: &World, nth: usize) -> Contact {
    let group = &world.groups[nth];
    Contact {
        owner: None,
        group: format!("g{}", nth + 1).as_str().into(),
        urlname: group.urlname.clone(),
        name: group.name.clone(),
        is_gone: false,
        notes: Vec::new(),
        asked: Vec::new(),
        mutes: Vec::new(),
        target: None,
    }
}

fn ago(days: i64) -> DateTime<Utc> {
    instant(A - days * crate::world::DAY)
}

fn asked(days: i64, whom: Option<&str>, again: Option<&str>) -> Asked {
    Asked {
        author: None,
        id: 1,
        whom: whom.map(str::to_owned),
        again_on: again.map(|day| day.parse().unwrap()),
        at: ago(days),
    }
}

fn note(days: i64) -> Note {
    Note {
        author: None,
        id: 2,
        text: "back in spring".to_owned(),
        at: ago(days),
    }
}

fn mute(alert: Option<&str>) -> Mute {
    Mute {
        author: None,
        id: 1,
        what: Muted::parse(alert.map(str::to_owned)),
        until_on: None,
        at: ago(30),
    }
}

fn line_text(line: &Line) -> String {
    let text = |span: &Span| match span {
        Span::Plain(text) | Span::Bold(text) | Span::Code(text) => text.clone(),
        Span::Link { text, .. } => format!("[{text}]"),
    };
    line.0.iter().map(text).collect()
}

/// A message as text; what leads somewhere stands in brackets.
fn shown(message: &Message) -> String {
    let mut text = format!("{}\n", message.title);
    for section in &message.sections {
        text.push('\n');
        if let Some(heading) = &section.heading {
            text.push_str(&format!("## {heading}\n"));
        }
        for line in &section.lines {
            text.push_str(&format!("{}\n", line_text(line)));
        }
        for fact in &section.facts {
            text.push_str(&format!("{}: {}\n", fact.label, line_text(&fact.value)));
        }
        for entry in &section.entries {
            let lines: Vec<String> = entry.lines.iter().map(line_text).collect();
            text.push_str(&format!("- {}\n", lines.join("\n  ")));
        }
        if section.unlisted > 0 {
            let elsewhere = section.elsewhere.as_ref().unwrap_or(&message.elsewhere);
            let more = match section.others.as_slice() {
                [] => format!("and {} more; {elsewhere}", section.unlisted),
                others => format!(
                    "{} ({}): {} (all: {elsewhere})",
                    section.others_are,
                    section.unlisted,
                    others.join(", ")
                ),
            };
            text.push_str(&format!("{more}\n"));
        }
    }
    text.push('\n');
    for line in &message.footer {
        text.push_str(&format!("{}\n", line_text(line)));
    }
    text
}
