//! How the report reads, as text and as JSON.

mod excerpt;
mod group;
mod letters;
mod overview;
mod replay;

use chrono::{DateTime, TimeDelta, Utc};
use gatherd::community::{Access, MemberId};
use gatherd::metrics::{self, Settings};
use gatherd::report::{self, Beside, Freshness, Report, Style};
use unicode_width::UnicodeWidthStr as _;

use crate::world::{A, DAY, World, id_of};

fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn settings() -> Settings {
    Settings {
        staff: Some(vec![MemberId(id_of(50))]),
        ..Settings::as_of(instant(A))
    }
}

fn report_on(world: &World, settings: &Settings) -> Report {
    let measured = metrics::measure(&world.store(), settings).unwrap();
    let freshness = Freshness::new(
        Some(settings.generated_at - TimeDelta::hours(6)),
        vec![(
            "lagos".to_owned(),
            "meetup answers that it may not be seen".to_owned(),
        )],
    );
    report::compose(measured, settings, freshness)
}

/// One group of each kind.
fn story() -> World {
    let mut world = World {
        admin: Some(0),
        ..World::default()
    };

    let group = world.group("kathmandu");
    world.groups[group].name = "ACME काठमाडौं 👩‍💻".to_owned();
    world.groups[group].timezone = Some("Asia/Kathmandu".to_owned());
    world.groups[group].country = Some("np".to_owned());
    for n in 0..14 {
        let event = world
            .met(group, 20 + n * 30, &[1, 2, 3, 4, 10 + n as u32])
            .hosted_by(&[5]);
        event.offset = 20_700;
    }
    world.member(group, 5, "ORGANIZER", "LEADER");
    world.member(group, 0, "ORGANIZER", "LEADER");
    world
        .event(group, A + 17 * DAY)
        .answer("YES", &[1, 2])
        .status = "ACTIVE";

    let group = world.group("kano");
    world.groups[group].founded = Some(A - 90 * DAY);
    world.groups[group].country = Some("ng".to_owned());
    world.member(group, 6, "COORGANIZER", "LEADER");

    let group = world.group("sydney");
    world.groups[group].timezone = Some("Australia/Sydney".to_owned());
    world.groups[group].country = Some("au".to_owned());
    for n in 0..8 {
        let hosts: &[u32] = if n % 3 == 0 { &[50, 7] } else { &[50] };
        world
            .met(group, 98 + n * 30, &[1, 2, 8, 9])
            .hosted_by(hosts)
            .offset = 36_000;
    }
    world.member(group, 7, "EVENT_ORGANIZER", "ACTIVE").seen = None;

    let group = world.group("corvallis");
    for days in [40, 130, 200, 270, 340] {
        world.met(group, days, &[21, 22, 23]).hosted_by(&[24]);
    }
    for person in [24, 25, 26, 27] {
        world.member(group, person, "COORGANIZER", "LEADER");
    }

    let group = world.group("oslo");
    world.met(group, 20, &[31, 32]).answer("ATTENDED", &[33]);
    world.met(group, 260, &[31]);
    world.met(group, 300, &[31]);

    let group = world.group("mexico");
    world.met(group, 210, &[41]);
    world.met(group, 240, &[41, 42]);
    world.met(group, 250, &[41, 42]);
    world.event(group, A + 30 * DAY).status = "ACTIVE";

    for (urlname, days) in [("turin", 500), ("minsk", 700), ("quito", 2000)] {
        let group = world.group(urlname);
        world.met(group, days, &[41]);
        world.met(group, days + 1, &[41]);
        world.met(group, days + 2, &[41]);
    }
    world.group("tirana");
    let group = world.group("lagos");
    world.groups[group].is_complete = false;
    let group = world.group("boston");
    world.met(group, 100, &[1]);
    world.groups[group].gone = Some(A - 50 * DAY);
    world
}

#[test]
fn the_report_tells_the_story_of_a_small_network() {
    let text = report::text(&report_on(&story(), &settings()), Style::default());
    insta::assert_snapshot!(text, @r#"
    ACME · Monday 15 June 2026, 12:00 UTC

                                last 30 days      last 90 days     last 365 days   (a year before)
    Groups that met                    2 (1)             3 (1)             5 (3)
    Events held                        2 (1)             5 (2)            31 (8)
    People who said yes                8 (5)            13 (6)            25 (7)

    10 groups: 1 meets as agreed, 1 meets now and then, 1 long without a date, 1 restarted, 1 new, 4
    quiet, 1 with no first event yet.
    Meet as agreed: 1 of 5 groups (20%), leaving out the new, those without a first event and those
    quiet for over a year.
    Said yes more than once in the last 365 days, hosts and staff aside: 12 of 25 people (48%).
    In more than one group: 3 of 25 people (12%). For the first time, in the last 90 days: 5 people (6 a
    year before).

    ── Long without a date (1) ─────────────────────────────────────────────────────────────────────────
    ACME sydney (sydney) · AU
      Nothing held for 98 days and nothing announced; usually every 30. In other networks, about 4 in 10
      such pauses went past half a year.
      Last met Mon 9 Mar (14 weeks ago; 4 said yes).
      Months   J J A S O N D J F M A M J*  last 365 days: 8 events, typically 4 said yes
      Events   · · 1 1 1 1 1 1 1 1 · · ·   said yes more than once: 4 of 4 people
      Hosts    2 in the last 365 days; none in the last 90; one person alone hosted 5 of 8 events; by
               our staff alone: 5 of 8 events (63%)
      Contact  Person 7, event organizer · https://www.meetup.com/sydney/members/1007/

    ── New, no first event yet (1) ─────────────────────────────────────────────────────────────────────
    ACME kano (kano) · NG
      Founded on 17 Mar, no first event yet; 1 member. Nothing is announced.
      Contact  Person 6, co-organizer · https://www.meetup.com/kano/members/m6/

    ── Quiet for less than a year (1) ──────────────────────────────────────────────────────────────────
    ACME mexico (mexico)
      Quiet since November 2025: last met on 17 Nov 2025, 210 days ago. Next on Wed 15 Jul, 12:00; 0
      said yes so far.
      Months   J J A S O N D J F M A M J*  last 365 days: 3 events, typically 2 said yes
      Events   · · · · 2 1 · · · · · · ·   said yes more than once: 2 of 2 people
      Hosts    none known in the last 365 days
      Contact  needs an organizer: none on Meetup besides the network's own account

    ── Restarted (1) ───────────────────────────────────────────────────────────────────────────────────
    ACME oslo (oslo)
      Met again on 26 May after a pause of 240 days. Nothing is announced.
      Last met Tue 26 May (2 weeks ago; 3 said yes).
      Months   J J A S O N D J F M A M J*  last 365 days: 3 events, typically 1 said yes
      Events   · · 1 1 · · · · · · · 1 ·   said yes more than once: 1 of 3 people
      Hosts    none known in the last 365 days
      Contact  needs an organizer: none on Meetup besides the network's own account

    ── Meets now and then (1) ──────────────────────────────────────────────────────────────────────────
    ACME corvallis (corvallis)
      Met in 5 of the last 12 months (agreed: an event every month). Nothing is announced.
      Last met Wed 6 May (5 weeks ago; 3 said yes).
      Months   J J A S O N D J F M A M J*  last 365 days: 5 events, typically 3 said yes
      Events   · 1 · 1 · 1 · · 1 · · 1 ·   said yes more than once: 3 of 3 people
      Hosts    1 in the last 365 days; 1 in the last 90, 1 of them local; one person alone hosted 5 of 5
               events; no event by our staff alone
      Contact  Person 24, co-organizer · https://www.meetup.com/corvallis/members/1024/
               Person 25, co-organizer · https://www.meetup.com/corvallis/members/1025/
               Person 26, co-organizer · https://www.meetup.com/corvallis/members/1026/
               and 1 more

    ── Meets as agreed (1) ─────────────────────────────────────────────────────────────────────────────
    ACME काठमाडौं 👩‍💻 (kathmandu) · NP
      Met in 12 of the last 12 months (agreed: an event every month). Next on Thu 2 Jul, 12:00; 2 said
      yes so far.
      Last met Tue 26 May (2 weeks ago; 5 said yes).
      Months   J J A S O N D J F M A M J*  last 365 days: 12 events, typically 5 said yes
      Events   1 1 1 1 1 1 1 1 1 1 1 1 ·   said yes more than once: 4 of 16 people (25%)
      Hosts    1 in the last 365 days; 1 in the last 90, 1 of them local; one person alone hosted 12 of
               12 events; no event by our staff alone
      Contact  Person 5, organizer · https://www.meetup.com/kathmandu/members/1005/

    ── No first event yet (1) ──────────────────────────────────────────────────────────────────────────
    ACME tirana (tirana)
      No first event yet; founded in June 2016 (10 years ago). Nothing is announced.
      Contact  needs an organizer: none on Meetup besides the network's own account

    ── All quiet groups (4) ────────────────────────────────────────────────────────────────────────────
      6–12 months    1 group,      last met November 2025
      1–3 years      2 groups,     last met July 2024 to January 2025
      over 3 years   1 group,      last met December 2020
      Announced: ACME mexico next on 15 Jul.

    ────────────────────────────────────────────────────────────────────────────────────────────────────
    Data to Mon 15 Jun 2026, 06:00 UTC, 6 hours before this report, all but 1 group, which was never
    read.
    1 group could not be read:
      lagos: meetup answers that it may not be seen
    History still being read, so in no figure above: lagos.
    No longer sponsored, so in no figure above: ACME boston.
    Attendance was marked at 1 of 31 events of the groups (3%) in the last 365 days, and never in 4
    groups; elsewhere, figures are who said yes.
    Definitions version 2.
    "#);
}

#[test]
fn a_group_that_could_not_be_read_is_unknown_and_not_called_quiet_or_late() {
    let mut world = World::default();
    for (urlname, last) in [("lagos", 300), ("oslo", 100), ("rome", 10)] {
        let group = world.group(urlname);
        for n in 0..6 {
            world.met(group, last + n * 30, &[1, 2]);
        }
    }
    // Lagos cannot be read.
    let report = report_on(&world, &settings());
    let text = report::text(&report, Style::default());
    assert!(text.contains("1 unknown, not read lately."), "{text}");
    for bad in ["Quiet", " quiet,", "ACME lagos"] {
        assert!(!text.contains(bad), "{bad} in\n{text}");
    }
    assert!(text.contains("lagos: meetup answers that"), "{text}");
    assert!(!report::markdown(&report).contains("ACME lagos"));
    let lagos = report.group("lagos").unwrap();
    let page = report::group_text(&report, lagos, Beside::default(), Style::default());
    assert!(page.contains("NOT READ LATELY"), "{page}");
}

#[test]
fn the_wiki_page_shows_what_meetup_sends_and_does_not_act_on_it() {
    let mut world = story();
    world.groups[0].name = "a|b <img src=x> [x](javascript:alert(1)) @everyone `_*".to_owned();
    for event in &mut world.events {
        event.title = "## ![x](https://evil.example/x.png) | <script>".to_owned();
    }
    let report = report_on(&world, &settings());
    let page = report::markdown(&report);
    for bad in [
        "<img",
        "<script",
        "[x](javascript",
        "@everyone",
        "(https://evil",
    ] {
        assert!(!page.contains(bad), "{bad} in\n{page}");
    }
    // Each row of a table has as many cells as its head.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut head = 0;
    for line in page.lines() {
        if !line.starts_with('|') {
            head = 0;
        } else if head == 0 {
            head = cells(line);
        } else {
            assert_eq!(cells(line), head, "{line}");
        }
    }
    assert!(page.contains("## Long without a date (1)"), "{page}");
    assert!(page.contains("no forecast"), "{page}");
    let one = report::group_markdown(
        &report,
        report.group("kathmandu").unwrap(),
        Beside::default(),
    );
    assert!(
        one.contains("| 2026-05 | 1 | 5 |") && !one.contains("<script"),
        "{one}"
    );
}

#[test]
fn many_quiet_groups_are_counted_and_dated_not_listed() {
    let mut world = World::default();
    for n in 0..200 {
        let group = world.group(&format!("quiet-{n:03}"));
        for event in 0..3 {
            world.met(group, 185 + n * 10 + event, &[1]);
        }
    }
    let text = report::text(&report_on(&world, &settings()), Style::default());
    let sections = &text[text.find("── Quiet").unwrap()..];
    let named = (0..200)
        .filter(|n| text.contains(&format!("quiet-{n:03}")))
        .count();
    assert_eq!(named, 19, "by name those of a year alone:\n{text}");
    let bands: Vec<&str> = sections
        .lines()
        .skip_while(|line| !line.starts_with("── All quiet"))
        .skip(1)
        .take(3)
        .collect();
    insta::assert_snapshot!(bands.join("\n"), @r#"
    6–12 months    19 groups,    last met June 2025 to December 2025
    1–3 years      73 groups,    last met June 2023 to June 2025
    over 3 years   108 groups,   last met July 2020 to June 2023
    "#);
}

#[test]
fn without_events_or_passes_it_says_so() {
    let settings = Settings::as_of(instant(A));
    let measured = metrics::measure(&World::default().store(), &settings).unwrap();
    let report = report::compose(measured, &settings, Freshness::default());
    insta::assert_snapshot!(report::text(&report, Style::default()), @r#"
    User groups · Monday 15 June 2026, 12:00 UTC

                                last 30 days      last 90 days     last 365 days   (a year before)
    Groups that met                    0 (0)             0 (0)             0 (0)
    Events held                        0 (0)             0 (0)             0 (0)
    People who said yes                0 (0)             0 (0)             0 (0)

    No group had a complete history here as of this day.

    ────────────────────────────────────────────────────────────────────────────────────────────────────
    No pass has read all of it yet.
    Which hosts are staff is not configured: list their ids as member_ids under [staff] to see who is
    local.
    Definitions version 2.
    "#);
}

fn strip_ansi(text: &str) -> String {
    text.replace("\u{1b}[1m", "")
        .replace("\u{1b}[2m", "")
        .replace("\u{1b}[0m", "")
}

#[test]
fn no_line_is_wider_than_asked_whatever_meetup_sends() {
    let hostile = [
        "\u{1b}[31mRed\u{1b}[0m \u{202e}desrever\u{7}",
        "東京都の非常に長い名前のユーザーグループ東京都の非常に長い名前のユーザーグループ東京都の非常に長い名前のユーザーグループ",
        "👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻",
        "two\nlines\tand\u{9b}2Ja screen wiped",
    ];
    for (seed, width) in [(0, 100), (1, 100), (2, 72), (3, 60)] {
        let mut world = story();
        for group in &mut world.groups {
            group.name = hostile[seed].to_owned();
            group.urlname = format!("{}-{}", group.urlname, "very-long-urlname-".repeat(4));
        }
        let report = report_on(&world, &settings());
        for colour in [false, true] {
            let text = strip_ansi(&report::text(&report, Style { width, colour }));
            for line in text.lines() {
                assert!(line.width() <= width, "{} columns: {line}", line.width());
                assert!(
                    !line.chars().any(|c| c.is_control() || c == '\u{202e}'),
                    "{line:?}"
                );
            }
        }
    }
}

#[test]
fn the_json_has_the_documented_keys() {
    let report = report_on(&story(), &settings());
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["schema_version"], 2);
    assert_eq!(json["definitions_version"], 2);
    assert_eq!(json["as_of"], "2026-06-15T12:00:00Z");
    let urlnames: Vec<_> = json["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| g["urlname"].as_str().unwrap())
        .collect();
    assert_eq!(
        urlnames,
        [
            "corvallis",
            "kano",
            "kathmandu",
            "lagos",
            "mexico",
            "minsk",
            "oslo",
            "quito",
            "sydney",
            "tirana",
            "turin"
        ]
    );
    let group = &json["groups"][2];
    for key in [
        "id",
        "urlname",
        "name",
        "link",
        "country",
        "timezone",
        "history_complete",
        "status",
        "reasons",
        "organizers",
        "leaders",
        "last_event",
        "next_event",
        "cadence",
        "attendance",
        "repeat",
        "growth",
    ] {
        assert!(group.get(key).is_some(), "{key}");
    }
    assert_eq!(
        group["leaders"].as_array().unwrap().len(),
        1,
        "the network's admin is no leader"
    );
    assert_eq!(group["leaders"][0]["name"], "Person 5");
    assert_eq!(
        group["leaders"][0]["link"],
        "https://www.meetup.com/kathmandu/members/1005/"
    );
    assert_eq!(group["next_event"]["starts_at"], "2026-07-02T12:00:00Z");
    let unread = &json["groups"][3];
    assert!(unread["status"].is_null());
    assert_eq!(json["freshness"]["incomplete_groups"][0], "lagos");
    assert_eq!(json["freshness"]["last_pass_at"], "2026-06-15T06:00:00Z");
    assert_eq!(json["left"][0]["urlname"], "boston");
    assert_eq!(json["left"][0]["gone_why"], "left");
    assert_eq!(json["ahead"].as_array().unwrap().len(), 2);
    assert!(json.get("people").is_none(), "nobody asked for it");
}

#[test]
fn up_to_ten_groups_that_never_met_are_shown_and_of_more_the_five_youngest() {
    for groups in [3, 7, 10, 11, 12] {
        let mut world = World::default();
        for n in 0..groups {
            world.group(&format!("never-{n:02}"));
            world.groups[n].founded = Some(A - (3_000 - n as i64) * DAY);
        }
        let text = report::text(&report_on(&world, &settings()), Style::default());
        let shown = if groups > 10 { 5 } else { groups };
        let named: Vec<usize> = (0..groups)
            .filter(|n| text.contains(&format!("ACME never-{n:02}")))
            .collect();
        let youngest: Vec<usize> = (groups - shown..groups).collect();
        assert_eq!(named, youngest, "{text}");
        let rest = format!("and {} more", groups - shown);
        assert_eq!(text.contains(&rest), groups > shown, "{text}");
    }
}

#[test]
fn a_narrowed_report_says_of_its_own_groups_how_often_attendance_is_marked() {
    let mut world = World::default();
    let marked = world.group("marked");
    let unmarked = world.group("unmarked");
    for days in [10, 40, 70] {
        world.met(marked, days, &[1]).answer("ATTENDED", &[2]);
        world.met(unmarked, days, &[1]);
    }
    let report = report_on(&world, &Settings::as_of(instant(A)));
    let of = |report: &Report| {
        report::attendance_marked(report.groups.iter().map(|group| &group.figures)).unwrap()
    };
    let others = &report.remarks[1..];
    assert_eq!(report.remarks[0], of(&report));
    assert!(!others.is_empty());
    for urlname in ["marked", "unmarked"] {
        let access = Access {
            groups: vec![urlname.to_owned()],
            ..Access::default()
        };
        let narrowed = report.clone().narrowed(&access);
        assert_ne!(of(&narrowed), of(&report));
        assert_eq!(narrowed.remarks[0], of(&narrowed));
        assert_eq!(&narrowed.remarks[1..], others);
        // What is of all groups is told apart from what is of those listed.
        let text = report::text(&narrowed, Style::default());
        let whole = text.find("The whole network, of 2 groups:").unwrap();
        let share = text.find("Meet as agreed: ").unwrap();
        let listed = text.find("Listed here: 1 group: ").unwrap();
        assert!(whole < share && share < listed, "{text}");
    }
    let text = report::text(&report, Style::default());
    assert!(!text.contains("whole network") && !text.contains("Listed here"));
}
