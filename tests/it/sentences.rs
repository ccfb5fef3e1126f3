//! Every sentence of digests and group pages is read again over many worlds: what it claims is counted from
//! the rows. A sentence that no template knows fails, and so does a template that nothing ever said.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use gatherd::community::{Asked, Before, Contact, MemberId, Note};
use gatherd::metrics::{self, Settings, Target};
use gatherd::report::{self, Beside, Digest, Freshness, Given, Report};

use crate::drawn;
use crate::recount::Question;
use crate::recount::sentences::{
    ASKED_DAYS, Pattern, Piece, Place, Scene, Template, pieces, sentences, templates,
};
use crate::world::{A, DAY, Person, World, id_of};

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
        let at = instant(self.a - ASKED_DAYS * DAY);
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
                whom: Some("Person 7".to_owned()),
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
        let given = Given {
            now: report.as_of.fixed_offset(),
            contacts: &contacts,
            before,
            elsewhere: &[],
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
        let line = line.replace('\\', "").replace("&amp;", "&");
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
    asked.and_then(|n| n.parse().ok()).unwrap_or(120)
}

fn drawn_case(seed: u64) -> Case {
    let (mut world, a, asked) = drawn::draw(10_000 + seed);
    for (nth, group) in world.groups.iter_mut().enumerate() {
        let nth = nth as u64 + seed;
        group.status = ["PAID", "GRACE", "PAID", "FROZEN", "PAID"][(nth % 5) as usize];
        group.tie = [None, Some("ACTIVE"), Some("DELISTED"), Some("ACTIVE")][(nth % 4) as usize];
    }
    Case {
        name: format!("seed {seed}"),
        contacts: (0..world.groups.len())
            .filter(|nth| (*nth as u64 + seed).is_multiple_of(3))
            .collect(),
        world,
        a,
        asked,
        is_monthly: seed % 2 == 0,
        with_people: seed % 3 != 0,
    }
}

/// A network of groups of every kind, with a past long enough for what leans on many cases.
fn network(seed: u32) -> Case {
    let mut world = World {
        admin: Some(0),
        ..World::default()
    };
    for n in 0..44_u32 {
        let group = world.group(&format!("city-{n:02}"));
        let lead = 100 + n;
        world.groups[group].name = format!("City {n}");
        world.member(group, lead, "ORGANIZER", "LEADER");
        if n % 4 == 0 {
            world.member(group, 200 + n, "COORGANIZER", "LEADER").seen = Some(A - 500 * DAY);
        }
        world.groups[group].founded =
            Some(A - i64::from(300 + 90 * n) * DAY - i64::from(n) * 3_600);
        let kind = n % 11;
        let (last, gap, events) = match kind {
            0 => (20, 30, 20),
            1 => (34, 30, 30),
            2 => (76, 30, 14),
            3 => (92, 45, 9),
            4 => (168 + i64::from(n % 12), 30, 8),
            5 => (200, 60, 9),
            6 => (420, 30, 12),
            7 => (900, 30, 6),
            8 => (35, 240, 7),
            9 => (1_200, 30, 3),
            _ => (3, 28, 26),
        };
        for event in 0..events {
            let days = last + event * gap + i64::from((n * 7 + event as u32 * 3) % 5);
            let crowd = if kind == 0 && event < 3 {
                4
            } else {
                12 + n % 9
            };
            let yes: Vec<Person> = (0..crowd)
                .map(|k| 1_000 + (n % 6) * 40 + k * 2 + event as u32 % 2)
                .collect();
            let hosts: &[Person] = match kind {
                1 => &[lead, 300],
                3 => &[0],
                10 if event == 0 => &[lead, 400 + n],
                _ => &[lead],
            };
            let event = world.met(group, days, &yes).hosted_by(hosts);
            let notice = [2, 5, 10, 18, 30][(n as usize + days as usize) % 5];
            event.created = event.starts.map(|starts| starts - notice * DAY);
        }
        // Young groups, with one event or none.
        if kind == 9 {
            world.events.retain(|it| it.group != group);
            world.groups[group].founded = Some(A - i64::from(60 + n) * DAY);
            if n % 2 == 0 {
                world.met(group, 41, &[1, 2, 3]).hosted_by(&[lead]);
            }
        }
        if kind == 10 {
            let next = world.event(group, A + i64::from(2 + n % 9) * DAY);
            next.status = "ACTIVE";
            next.created = Some(A - 20 * DAY);
            next.answer("YES", &[1_001, 1_002]);
            if n % 3 == 0 {
                world.events.last_mut().unwrap().joint = Some("together".to_owned());
            }
        }
    }
    // A past of first events and long pauses, some of which ended.
    for n in 0..30_u32 {
        let group = world.group(&format!("past-{n:02}"));
        world.groups[group].name = format!("Past {n}");
        world.groups[group].founded = Some(A - 2_600 * DAY);
        world.member(group, 500 + n, "ORGANIZER", "LEADER");
        let first = 2_500 - i64::from(n * 9);
        world.met(group, first, &[1, 2, 3]).hosted_by(&[500 + n]);
        if n % 2 == 0 {
            world
                .met(group, first - 250, &[1, 2, 3])
                .hosted_by(&[500 + n]);
        }
        if n % 3 == 0 {
            world.met(group, first - 300, &[1, 2]).hosted_by(&[500 + n]);
            world.met(group, first - 330, &[1, 2]).hosted_by(&[500 + n]);
        }
    }
    let (_, _, mut asked) = drawn::draw(1);
    asked.staff = Some(vec![]);
    if seed > 0 {
        asked.staff = Some(vec![300]);
    }
    asked.share = 0.75;
    asked.default_target = 1;
    asked.generated = A;
    asked.call_after = 90;
    asked.call_at = 0.6;
    asked.show_rate = None;
    asked.policy = gatherd::community::Policy {
        events_per_year: (seed != 1).then_some(4),
        warn_after_days: (seed > 1).then_some(120),
        act_after_days: (seed > 1).then_some(180),
        close_after_days: (seed > 2).then_some(365),
        first_event_within_days: (seed > 1).then_some(50),
        min_leaders: (seed > 1).then_some(2),
    };
    Case {
        name: format!("network {seed}"),
        contacts: (0..world.groups.len())
            .filter(|nth| seed > 0 && nth % 7 == 3)
            .collect(),
        world,
        a: A + i64::from(seed) * 30 * DAY,
        asked,
        is_monthly: seed != 1,
        with_people: true,
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
    for seed in 0..4 {
        let mut case = network(seed);
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
