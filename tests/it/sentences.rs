//! Every sentence of digests and group pages is read again over many worlds: what it claims is counted from
//! the rows. A sentence that no template knows fails, and so does a template that nothing ever said.

mod network;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use gatherd::community::{Asked, Before, Contact, MemberId, Note};
use gatherd::metrics::{self, Settings, Target};
use gatherd::report::{self, Beside, Digest, Freshness, Given, Report};

use crate::drawn;
use crate::recount::Question;
use crate::recount::sentences::{
    Pattern, Piece, Place, Scene, Template, pieces, sentences, templates,
};
use crate::world::{DAY, NameLine, RoleLine, World, id_of};

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
        let asked = &self.asked;
        Settings {
            generated_at: instant(asked.generated.max(a)),
            staff: asked
                .staff
                .as_ref()
                .map(|staff| staff.iter().map(|p| MemberId(id_of(*p))).collect()),
            target_share: asked.share,
            targets: vec![Target {
                group: None,
                every_months: asked.default_target as u8,
            }],
            call_after_days: asked.call_after as u32,
            call_at: asked.call_at,
            policy: asked.policy,
            zone: chrono_tz::UTC,
            show_rate: asked.show_rate,
            with_people: self.with_people,
            ..Settings::as_of(instant(a))
        }
    }

    fn question(&self, a: i64) -> Question<'_> {
        Question {
            generated: self.asked.generated.max(a),
            zone: chrono_tz::UTC,
            ..self.asked.question(&self.world, a)
        }
    }

    fn contacts(&self) -> Vec<Contact> {
        let at = instant(self.a - self.asked_days * DAY);
        let contact = |nth: &usize| Contact {
            group: format!("g{}", nth + 1).as_str().into(),
            urlname: self.world.groups[*nth].urlname.clone(),
            name: self.world.groups[*nth].name.clone(),
            is_gone: false,
            notes: vec![Note {
                id: 1,
                text: "back in spring".to_owned(),
                at,
            }],
            asked: vec![Asked {
                id: 2,
                whom: Some("Ana".to_owned()),
                again_on: None,
                at,
            }],
            mutes: Vec::new(),
            target: None,
        };
        self.contacts.iter().map(contact).collect()
    }

    fn report(&self, conn: &rusqlite::Connection, a: i64) -> Report {
        let settings = self.settings(a);
        let measured = metrics::measure(conn, &settings).unwrap();
        let read_at = settings.as_of - TimeDelta::hours(6);
        report::compose(
            measured,
            &settings,
            Freshness::new(Some(read_at), Vec::new()),
        )
    }

    fn digest(&self, report: &Report, before: &[Before]) -> Digest {
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
            again: None,
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
    let mut scene = Scene::of(&asked_then);
    scene.with_people = case.with_people;
    scene.asked_at = case.a - case.asked_days * DAY;
    scene.named = names(&told);
    for piece in pieces(&told.message) {
        findings.check(case, all, &mut scene, &piece);
    }
    scene.group = None;
    let filed = Before::of(&first, told.please_write_to);
    let report = case.report(&conn, now);
    let told = case.digest(&report, &[filed]);
    let mut later = Scene::of(&asked_now);
    later.with_people = case.with_people;
    later.asked_at = case.a - case.asked_days * DAY;
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
    }
}

/// How many worlds are drawn.
fn worlds() -> u64 {
    let asked = std::env::var("WORLDS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(60)
}

/// Who leads the groups changes, and what they are called, in the week before and in the one before that.
fn log(world: &mut World, a: i64, seed: u64) {
    let (org, co) = (Some("ORGANIZER"), Some("COORGANIZER"));
    let mut turned = |group: usize, person: u32, old, new, days: i64| {
        let at = a - days * DAY;
        world.roles.push(RoleLine {
            group,
            person,
            old,
            new,
            at,
        });
    };
    let groups = world.groups.len();
    for group in 0..groups {
        match (group as u64 + seed) % 8 {
            0 => {
                turned(group, 901, org, co, 3);
                turned(group, 902, None, org, 3);
            }
            1 => {
                turned(group, 901, org, None, 9);
                turned(group, 903, org, None, 2);
                turned(group, 902, None, co, 2);
            }
            2 => {
                turned(group, 901, None, co, 4);
                turned(group, 901, co, Some("EVENT_ORGANIZER"), 2);
                turned(group, 902, None, co, 1);
            }
            3 => {
                turned(group, 901, None, co, 4);
                turned(group, 901, co, None, 2);
            }
            4 => turned(group, 901, None, org, 9),
            5 => turned(group, 901, None, org, 1),
            _ => {}
        }
    }
    for (group, row) in world.groups.iter().enumerate() {
        let is = (row.name.clone(), row.urlname.clone());
        let was = [
            ("Once".to_owned(), is.1.clone()),
            (is.0.clone(), "once".to_owned()),
            ("Once".to_owned(), "once".to_owned()),
        ];
        let mut line = |old: &(String, String), new: &(String, String), days: i64| {
            world.names.push(NameLine {
                group,
                old: old.clone(),
                new: new.clone(),
                at: a - days * DAY,
            });
        };
        match (group as u64 + seed) % 7 {
            nth @ 0..=2 => line(&was[nth as usize], &is, 5),
            3 => {
                line(&is, &was[0], 4);
                line(&was[0], &is, 3);
            }
            4 => line(&was[2], &is, 8),
            5 => {
                line(&was[2], &was[0], 4);
                line(&was[0], &is, 3);
            }
            _ => {}
        }
    }
}

fn drawn_case(seed: u64) -> Case {
    let (mut world, a, asked) = drawn::draw(10_000 + seed);
    for (nth, group) in world.groups.iter_mut().enumerate() {
        let nth = nth as u64 + seed;
        group.status = ["PAID", "GRACE", "PAID", "FROZEN", "PAID"][(nth % 5) as usize];
        group.tie = [None, Some("ACTIVE"), Some("DELISTED"), Some("ACTIVE")][(nth % 4) as usize];
    }
    log(&mut world, a, seed);
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
    let mut findings = Findings::default();
    for seed in 0..worlds() {
        read(&drawn_case(seed), &all, &mut findings);
    }
    for seed in 0..network::CASES {
        let mut case = network::case(seed);
        case.asked.generated = case.a;
        read(&case, &all, &mut findings);
    }
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
