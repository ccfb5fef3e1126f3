//! Every sentence of digests and group pages is read again over many worlds: what it claims is counted from
//! the rows. A sentence that no template knows fails, and so does a template that nothing ever said.

mod alerts;
mod fresh;
mod letters;
mod logs;
mod network;
mod orders;
mod restated;
mod turned;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use gatherd::community::{Asked, Before, Contact, MemberId, Mute, Muted, Note};
use gatherd::metrics::{self, Settings};
use gatherd::report::{self, Beside, Digest, Freshness, Given, Report};

use crate::drawn;
use crate::recount::Question;
use crate::recount::sentences::{
    Pattern, Piece, Place, Scene, Template, pieces, sentences, templates,
};
use crate::world::{DAY, World, name_of};

fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

/// One world and what is asked of it.
struct Case {
    name: String,
    world: World,
    a: i64,
    asked: drawn::Asked,
    /// Groups in which somebody was asked, and something noted.
    contacts: Vec<usize>,
    /// How many days before A.
    asked_days: i64,
    is_monthly: bool,
    with_people: bool,
}

impl Case {
    fn settings(&self, a: i64) -> Settings {
        Settings {
            zone: chrono_tz::UTC,
            with_people: self.with_people,
            ..self.asked.settings(a)
        }
    }

    fn question(&self, a: i64) -> Question<'_> {
        Question {
            generated: self.asked.generated.max(a),
            zone: chrono_tz::UTC,
            ..self.asked.question(&self.world, a)
        }
    }

    /// Who was asked in a group: one of its members, somebody else, or it was not noted.
    fn whom(&self, nth: usize) -> Option<String> {
        let members = &self.world.groups[nth].members;
        match (nth + self.asked_days as usize) % 4 {
            0 => None,
            1 => Some("Ana".to_owned()),
            2 => Some("Person".to_owned()),
            _ => members.first().map(|m| name_of(m.person)),
        }
    }

    /// Groups that said not now, and until when.
    fn left_alone(&self) -> BTreeMap<usize, NaiveDate> {
        let until = |nth: usize| self.today() + TimeDelta::days(1 + nth as i64);
        let others = (0..self.world.groups.len()).filter(|nth| !self.contacts.contains(nth));
        others
            .filter(|nth| nth % 5 == 2)
            .map(|nth| (nth, until(nth)))
            .collect()
    }

    fn today(&self) -> NaiveDate {
        instant(self.a).date_naive()
    }

    fn contacts(&self) -> Vec<Contact> {
        let mut contacts = self.asked_contacts();
        for (nth, until) in self.left_alone() {
            contacts.push(Contact {
                owner: None,
                notes: Vec::new(),
                asked: Vec::new(),
                mutes: vec![Mute {
                    author: None,
                    id: 3,
                    what: Muted::Calls,
                    until_on: Some(until),
                    at: instant(self.a - 3 * DAY),
                }],
                ..self.contact(nth)
            });
        }
        contacts
    }

    fn asked_contacts(&self) -> Vec<Contact> {
        self.contacts.iter().map(|nth| self.contact(*nth)).collect()
    }

    fn contact(&self, nth: usize) -> Contact {
        let at = instant(self.a - self.asked_days * DAY);
        Contact {
            owner: None,
            group: format!("g{}", nth + 1).as_str().into(),
            urlname: self.world.groups[nth].urlname.clone(),
            name: self.world.groups[nth].name.clone(),
            is_gone: false,
            notes: vec![Note {
                author: None,
                id: 1,
                text: "back in spring".to_owned(),
                at,
            }],
            asked: vec![Asked {
                author: None,
                id: 2,
                whom: self.whom(nth),
                again_on: None,
                at,
            }],
            mutes: Vec::new(),
            target: None,
        }
    }

    /// What is known of a world at an instant.
    fn scene<'a>(&self, question: &'a Question<'a>) -> Scene<'a> {
        let mut scene = Scene::of(question);
        let name = |nth: usize| self.world.groups[nth].name.clone();
        scene.with_people = self.with_people;
        scene.asked_at = self.a - self.asked_days * DAY;
        let asked = self.contacts.iter();
        scene.asked = asked.map(|nth| (name(*nth), self.whom(*nth))).collect();
        scene.read = fresh::all_read(&scene);
        let left_alone = self.left_alone().into_iter();
        scene.left_alone = left_alone.map(|(nth, until)| (name(nth), until)).collect();
        scene
    }

    fn report(&self, conn: &rusqlite::Connection, a: i64) -> Report {
        let settings = self.settings(a);
        let measured = metrics::measure(conn, &settings).unwrap();
        let last_pass = instant(a - fresh::READ_BEFORE);
        report::compose(
            measured,
            &settings,
            Freshness::new(Some(last_pass), Vec::new()),
        )
    }

    fn digest(&self, report: &Report, before: &[Before]) -> Digest {
        self.digest_and_again(report, before, None)
    }

    /// The same, with the instant before by what is known now.
    fn digest_and_again(
        &self,
        report: &Report,
        before: &[Before],
        again: Option<&Report>,
    ) -> Digest {
        let contacts = self.contacts();
        let staff: Vec<MemberId> = self.settings(self.a).staff.unwrap_or_default();
        let a = report.as_of.timestamp();
        let since = before.first().map(|it| it.as_of.timestamp());
        let logged = since.map_or_else(BTreeMap::new, |since| self.world.logged(since, a));
        let given = Given {
            now: report.as_of.fixed_offset(),
            contacts: &contacts,
            before,
            elsewhere: &[],
            logged: &logged,
            again,
            staff: &staff,
            is_monthly: self.is_monthly && !before.is_empty(),
            own: None,
            is_for_operator: true,
        };
        report::digest(report, &given)
    }
}

/// What was found over all worlds.
#[derive(Default)]
struct Findings {
    /// Which templates were said, and how often.
    seen: BTreeMap<usize, usize>,
    wrong: Vec<String>,
    unknown: BTreeMap<String, String>,
}

impl Findings {
    fn and(mut self, other: Self) -> Self {
        for (template, times) in other.seen {
            *self.seen.entry(template).or_default() += times;
        }
        self.wrong.extend(other.wrong);
        self.unknown.extend(other.unknown);
        self
    }

    fn check(
        &mut self,
        case: &Case,
        all: &[(Template, Pattern)],
        scene: &mut Scene<'_>,
        piece: &Piece,
    ) {
        scene.group = piece.group.clone();
        let mut is_known = false;
        let mut causes = Vec::new();
        for (nth, (template, pattern)) in all.iter().enumerate() {
            if template.place != piece.place {
                continue;
            }
            let Some(found) = pattern.find(&piece.text) else {
                continue;
            };
            is_known = true;
            let holds = template.holds;
            let held =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| holds(scene, &found)));
            match held {
                Ok(Ok(())) => {
                    *self.seen.entry(nth).or_default() += 1;
                    return;
                }
                Ok(Err(cause)) => causes.push(cause),
                Err(_) => causes.push("the recount fell over".to_owned()),
            }
        }
        let told = format!(
            "{}: {:?} {:?}: {}",
            case.name, piece.place, piece.group, piece.text
        );
        if is_known {
            self.wrong
                .push(format!("{told}\n    {}", causes.join("\n    ")));
        } else {
            let shape: String = piece
                .text
                .chars()
                .map(|c| if c.is_ascii_digit() { '0' } else { c })
                .collect();
            self.unknown
                .entry(format!(
                    "{:?} {}",
                    piece.place,
                    shape.chars().take(70).collect::<String>()
                ))
                .or_insert(told);
        }
    }
}

/// A link by its text.
fn unlinked(line: &str) -> String {
    let Some((before, rest)) = line.split_once('[') else {
        return line.to_owned();
    };
    let Some((text, rest)) = rest.split_once("](") else {
        return line.to_owned();
    };
    let after = rest.split_once(')').map_or("", |(_, after)| after);
    format!("{before}{text}{after}")
}

/// A page's claims, row by row.
fn page_pieces(name: &str, page: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut add = |label: &'static str, text: &str| {
        pieces.push(Piece {
            place: Place::Page(label),
            group: Some(name.to_owned()),
            text: text.to_owned(),
        });
    };
    for line in page.lines().skip(4) {
        let line = unlinked(&line.replace('\\', "").replace("&amp;", "&"));
        if let Some(row) = line.strip_prefix("| 2") {
            add("table", &format!("2{}", row.trim_end_matches(" |")));
        } else if let Some((label, text)) = line
            .strip_prefix("- **")
            .and_then(|it| it.split_once("**: "))
        {
            let label = LABELS
                .iter()
                .find(|it| **it == label)
                .unwrap_or_else(|| panic!("a row {label}"));
            match *label {
                "What helps" => sentences(text).iter().for_each(|it| add(label, it)),
                // The second line of an event says whose past its forecast is made of.
                "Next" => add(label, text.split("; from ").next().unwrap()),
                _ => add(label, text),
            }
        } else if !line.is_empty() && !line.starts_with('|') {
            sentences(&line).iter().for_each(|it| add("", it));
        }
    }
    pieces
}

const LABELS: [&str; 13] = [
    "Months",
    "Years",
    "Said yes",
    "Again",
    "Came",
    "Next",
    "Hosts",
    "Together",
    "Notice",
    "Hand-over",
    "Keys",
    "What helps",
    "Trust",
];

/// Reads everything that is said of a world: the first digest, the one a week later, and every group's page.
fn read(case: &Case, all: &[(Template, Pattern)], findings: &mut Findings) {
    let conn = case.world.store();
    let (then, now) = (case.a - 7 * DAY, case.a);
    let (asked_then, asked_now) = (case.question(then), case.question(now));
    let first = case.report(&conn, then);
    let told = case.digest(&first, &[]);
    let names = |digest: &Digest| -> Vec<String> {
        let of = digest.please_write_to.iter();
        let group = |urlname: &str| {
            case.world
                .groups
                .iter()
                .find(|it| it.urlname == urlname)
                .unwrap()
        };
        of.map(|it| group(&it.urlname).name.clone()).collect()
    };
    let mut scene = case.scene(&asked_then);
    scene.named = names(&told);
    for piece in pieces(&told.message) {
        findings.check(case, all, &mut scene, &piece);
    }
    scene.group = None;
    let filed = Before::of(&first, told.please_write_to);
    let report = case.report(&conn, now);
    let told = case.digest(&report, &[filed]);
    let mut later = case.scene(&asked_now);
    later.is_monthly = case.is_monthly;
    later.named = names(&told);
    later.before = Some(Box::new(scene));
    for piece in pieces(&told.message) {
        findings.check(case, all, &mut later, &piece);
    }
    for group in &report.groups {
        let page = report::group_markdown(&report, group, Beside::default());
        for piece in page_pieces(&group.figures.name, &page) {
            findings.check(case, all, &mut later, &piece);
        }
        for piece in letters::pieces(group) {
            findings.check(case, all, &mut later, &piece);
        }
    }
}

/// How many worlds are drawn.
fn worlds() -> u64 {
    let asked = std::env::var("WORLDS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(60)
}

fn drawn_case(seed: u64) -> Case {
    let (mut world, a, asked) = drawn::draw(10_000 + seed);
    for (nth, group) in world.groups.iter_mut().enumerate() {
        let nth = nth as u64 + seed;
        group.status = ["PAID", "GRACE", "PAID", "FROZEN", "PAID"][(nth % 5) as usize];
        group.tie = [None, Some("ACTIVE"), Some("DELISTED"), Some("ACTIVE")][(nth % 4) as usize];
    }
    logs::draw(&mut world, a, seed);
    Case {
        name: format!("seed {seed}"),
        contacts: (0..world.groups.len())
            .filter(|nth| (*nth as u64 + seed).is_multiple_of(3))
            .collect(),
        world,
        a,
        asked,
        asked_days: [9, 14, 20][(seed % 3) as usize],
        is_monthly: seed.is_multiple_of(2),
        with_people: !seed.is_multiple_of(3),
    }
}

#[test]
fn every_sentence_is_so_and_every_template_is_counted_again() {
    let all: Vec<(Template, Pattern)> = templates()
        .into_iter()
        .map(|it| {
            let pattern = Pattern::read(it.pattern);
            (it, pattern)
        })
        .collect();
    // Networks take as long as all else.
    let findings = std::thread::scope(|scope| {
        let networks = scope.spawn(|| {
            let mut findings = Findings::default();
            for seed in 0..network::CASES {
                let mut case = network::case(seed);
                case.asked.generated = case.a;
                read(&case, &all, &mut findings);
            }
            findings
        });
        let mut findings = Findings::default();
        read(&orders::case(), &all, &mut findings);
        for seed in 0..worlds() {
            read(&drawn_case(seed), &all, &mut findings);
        }
        for seed in 0..worlds() {
            fresh::read(seed, &all, &mut findings);
        }
        for seed in 0..worlds() {
            restated::read(seed, &all, &mut findings);
        }
        for seed in 0..worlds() {
            turned::read(seed, &all, &mut findings);
        }
        for seed in 0..worlds() / 2 {
            alerts::read(seed, &all, &mut findings);
        }
        findings.and(networks.join().unwrap())
    });
    let mut told = String::new();
    for wrong in findings.wrong.iter().take(40) {
        told.push_str(&format!("is not so: {wrong}\n"));
    }
    for (_, unknown) in findings.unknown.iter().take(60) {
        told.push_str(&format!("no template knows: {unknown}\n"));
    }
    let never: BTreeSet<String> = all
        .iter()
        .enumerate()
        .filter(|(nth, _)| !findings.seen.contains_key(nth))
        .map(|(_, (it, _))| format!("{:?} {}", it.place, it.pattern))
        .collect();
    for pattern in &never {
        told.push_str(&format!("nothing ever said: {pattern}\n"));
    }
    let said: usize = findings.seen.values().sum();
    println!(
        "{said} sentences by {} of {} templates",
        findings.seen.len(),
        all.len()
    );
    assert!(told.is_empty(), "{} wrong\n{told}", findings.wrong.len());
}
