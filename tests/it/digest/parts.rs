//! Every part by itself.

use super::{STAFF, Told, report_at, report_with, settings};
use crate::world::{A, DAY, World};
use gatherd::community::Cause;
use gatherd::metrics::{Rate, Settings};
use gatherd::report::Freshness;

/// A group that meets every 30 days, last so many days ago, led by person `n`.
fn regular(world: &mut World, urlname: &str, last: i64, events: i64) -> usize {
    let group = world.group(urlname);
    let lead = 200 + group as u32;
    world.member(group, lead, "ORGANIZER", "LEADER");
    for n in 0..events {
        let event = world.met(group, last + n * 30, &[1, 2, 3]);
        event.hosted_by(&[lead]);
    }
    group
}

#[test]
fn each_cause_has_its_numbers_and_one_suggestion() {
    let mut world = World {
        admin: Some(0),
        ..World::default()
    };
    let group = regular(&mut world, "a-last-host", 20, 6);
    world.groups[group].members[0].gone = Some(A - DAY);
    world.member(group, 9, "COORGANIZER", "LEADER");
    let group = regular(&mut world, "b-no-leader", 20, 6);
    world.groups[group].members[0].role = Some("MEMBER");
    regular(&mut world, "c-paused", 100, 6);
    let group = world.group("d-new");
    world.groups[group].founded = Some(A - 90 * DAY);
    world.member(group, 10, "ORGANIZER", "LEADER");
    let group = regular(&mut world, "e-unseen", 20, 6);
    world.groups[group].members[0].seen = Some(A - 120 * DAY);
    insta::assert_snapshot!(Told::of(report_at(&world, A)).part("Where"), @r#"
    ## Where to start (4)
    - [ACME a-last-host] · 3 people and 6 events in a year · The only local host of the last 180 days has left the group. Last met Tue 26 May, 3 said yes; nothing is announced. Turns 10 on Wednesday.
      Ask its organizers who could host next.
      → [Person 9]
    - [ACME b-no-leader] · 3 people and 6 events in a year · It needs an organizer: nobody leads it on Meetup but the network's own account. Last met Tue 26 May, 3 said yes; nothing is announced. Turns 10 on Wednesday.
      Ask who of its regulars would like to lead it.
      → [Person 201] (hosted lately)
    - [ACME c-paused] · 3 people and 6 events in a year · Nothing held for 100 days and nothing announced; usually every 30. In other networks, about 4 in 10 such pauses went past half a year. Turns 10 on Wednesday.
      Ask who else could host: one person alone hosted 6 of 6 events.
      → [Person 202]
    - [ACME d-new] · Here since 17 Mar, no first event yet; 1 member.
      Offer a speaker and a date for the first event.
      → [Person 10]
    "#);

    let mut world = World::default();
    regular(&mut world, "f-quiet", 200, 6);
    let group = world.group("g-ours");
    world.member(group, 11, "ORGANIZER", "LEADER");
    for n in 0..6 {
        world.met(group, 20 + n * 30, &[1, 2]).hosted_by(&[STAFF]);
    }
    let group = world.group("h-fewer");
    world.member(group, 12, "ORGANIZER", "LEADER");
    for n in 0..12 {
        let yes: Vec<u32> = if n < 6 {
            vec![1, 2]
        } else {
            (20..32).collect()
        };
        world.met(group, 20 + n * 30, &yes).hosted_by(&[12]);
    }
    insta::assert_snapshot!(Told::of(report_at(&world, A)).part("Where"), @r#"
    ## Where to start (2)
    - [ACME f-quiet] · 3 people and 6 events in the year up to November 2025 · Quiet since November 2025: nothing held for 200 days and nothing announced.
      Ask whether somebody would like to meet again.
      → [Person 200]
    - [ACME g-ours] · 2 people and 6 events in a year · Mostly hosted by us: 6 of 6 events (100%) in the last 365 days had no other host. Last met Tue 26 May, 2 said yes; nothing is announced. Turns 10 on Wednesday.
      Ask who of its regulars would host the next one.
      → [Person 11]
    "#);
}

#[test]
fn a_group_has_not_begun_while_it_never_met_and_has_no_date() {
    let not_begun = |fill: &dyn Fn(&mut World, usize)| {
        let mut world = World::default();
        let group = world.group("oslo");
        world.groups[group].founded = Some(A - 40 * DAY);
        fill(&mut world, group);
        let report = report_at(&world, A);
        report.groups[0].causes.contains(&Cause::NotBegun)
    };
    assert!(not_begun(&|_, _| {}), "it is new");
    assert!(
        not_begun(&|w, g| w.groups[g].founded = Some(A - 900 * DAY)),
        "it never began"
    );
    assert!(
        !not_begun(&|w, g| {
            w.met(g, 5, &[1]);
        }),
        "it met"
    );
    assert!(
        !not_begun(&|w, g| w.event(g, A + 9 * DAY).status = "ACTIVE"),
        "it has a date"
    );
}

#[test]
fn the_network_stands_beside_the_year_before() {
    let mut world = World::default();
    regular(&mut world, "rome", 10, 24);
    regular(&mut world, "oslo", 400, 6);
    let message = Told::of(report_at(&world, A)).digest().message;
    insta::assert_snapshot!(super::shown(&gatherd::report::message::Message {
        sections: vec![message.sections[0].clone()],
        ..Default::default()
    }).trim(), @r#"
    3 people in the last 90 days, as many as a year before; 3 events, 5 a year before (-40 %). 1 group met in the last 12 months; 2 the year before.
    Last week: no events. This week: no events.
    Attendance is never marked: figures are who said yes, not who came.
    Groups that met, month by month since July 2024: ▄▄▄▄▄██████▄▄▄▄▄▄▄▄▄▄▄▄▄ 1 in May 2026, 1 in June 2026 so far; the most 2, in May 2025.
    "#);
    assert!(message.fallback.contains("as many as a year before"));
}

#[test]
fn what_is_worth_a_thank_you_is_said() {
    let mut world = World::default();
    let group = regular(&mut world, "a-birthday", 10, 12);
    world.groups[group].founded = Some(A + DAY - (10 * 365 + 3) * DAY);
    let group = world.group("b-restart");
    for days in [3, 300, 330] {
        world.met(group, days, &[1, 2]);
    }
    let group = world.group("c-first");
    world.groups[group].founded = Some(A - 100 * DAY);
    world.met(group, 2, &[1, 2, 3]);
    let group = regular(&mut world, "d-record", 4, 8);
    world.met(group, 1, &[1, 2, 3, 4, 5, 6]).hosted_by(&[77]);
    // Not a record: online.
    let group = regular(&mut world, "e-online", 4, 8);
    world.met(group, 1, &[1, 2, 3, 4, 5, 6]).kind = "ONLINE";
    // Six months running since this one.
    let group = regular(&mut world, "f-streak", 200, 0);
    for n in 0..6 {
        let host = 200 + group as u32;
        world.met(group, 3 + n * 30, &[1, 2, 3]).hosted_by(&[host]);
    }
    let told = Told::after(&world, 7);
    insta::assert_snapshot!(told.part("Worth"), @r#"
    ## Worth a thank-you (4)
    - [ACME a-birthday] · Turns 10 today.
    - [ACME d-record] · A record in person: 6 said yes on Sun 14 Jun; the most before was 3, in 8 events. It has a new host, the second in 365 days; 6 said yes. Turns 10 on Wednesday.
    - [ACME e-online] · Turns 10 on Wednesday.
    - [ACME f-streak] · Has met 6 months running. Turns 10 on Wednesday.
    "#);
    // A week later none of it is news.
    let mut later = Told::of(report_at(&world, A + 7 * DAY));
    later.before = vec![told.filed()];
    assert_eq!(later.part("Worth"), "");
}

#[test]
fn nobody_is_thanked_for_a_new_host_who_is_one_of_us() {
    let mut world = World::default();
    for (urlname, hosts) in [("ours", [STAFF, 200]), ("theirs", [78, 201])] {
        let group = regular(&mut world, urlname, 4, 8);
        world.groups[group].founded = None;
        let event = world.met(group, 1, &[1, 2, 3, 4, 5]);
        event.kind = "ONLINE";
        event.hosted_by(&hosts);
    }
    insta::assert_snapshot!(Told::after(&world, 7).part("Worth"), @r"
    ## Worth a thank-you (1)
    - [ACME theirs] · It has a new host, the second in 365 days; 5 said yes.
    ");
}

#[test]
fn the_biggest_of_a_week_says_that_several_groups_held_it() {
    let mut world = World::default();
    for (n, urlname) in ["rome", "oslo", "bari"].iter().enumerate() {
        let group = regular(&mut world, urlname, 40, 3);
        let event = world.met(group, 2, &[10 * n as u32 + 1, 10 * n as u32 + 2]);
        event.joint = Some("j".to_owned());
    }
    let single = world.group("alone");
    world.met(single, 3, &[1]);
    let message = Told::of(report_at(&world, A)).digest().message;
    let opening = super::shown(&gatherd::report::message::Message {
        sections: vec![message.sections[0].clone()],
        ..Default::default()
    });
    assert!(
        opening.contains("the biggest [ACME rome] and 2 other groups together with 6."),
        "{opening}"
    );
}

#[test]
fn the_leader_who_stays_away_is_asked_where_that_is_why() {
    let mut world = World::default();
    let group = world.group("rome");
    world.member(group, 201, "ORGANIZER", "LEADER");
    world.member(group, 202, "EVENT_ORGANIZER", "LEADER");
    for n in 0..11 {
        let there: &[u32] = if n > 3 { &[1, 2, 202] } else { &[1, 2] };
        world.met(group, 10 + n * 30, there).hosted_by(&[201]);
    }
    world.event(group, A + 20 * DAY);
    let part = Told::of(report_at(&world, A)).part("Where");
    assert!(
        part.contains("Ask how they are.") && part.contains("→ [Person 202], [Person 201]"),
        "{part}"
    );
}

#[test]
fn the_next_two_weeks_are_told_by_local_dates() {
    let mut world = World::default();
    let group = regular(&mut world, "sydney", 20, 3);
    world.groups[group].timezone = Some("Australia/Sydney".to_owned());
    let event = world.event(group, A + 13 * DAY + 5 * 3600);
    event.status = "ACTIVE";
    event.offset = 36_000;
    let group = world.group("later");
    world.event(group, A + 15 * DAY).status = "ACTIVE";
    let group = world.group("first");
    world.event(group, A + 2 * DAY).status = "ACTIVE";
    insta::assert_snapshot!(Told::of(report_at(&world, A)).part("Next two weeks"), @r#"
    ## Next two weeks (2)
    Attendance is not marked at 1 event in person of the last 30 days: ask its hosts: [ACME sydney] (Tue 26 May).
    - [ACME first] · Wed 17 Jun 12:00 · 0 yes · no forecast for a first event
    - [ACME sydney] · Mon 29 Jun 03:00 · 0 yes
    "#);
}

#[test]
fn the_monthly_page_names_people_only_where_they_are_asked_for() {
    let mut world = World::default();
    let group = world.group("rome");
    world.member(group, 5, "ORGANIZER", "LEADER");
    world.member(group, 6, "MEMBER", "ACTIVE");
    for n in 0..16 {
        let mut yes = vec![1, 2, 3, 21, 22, 23, 24, 25];
        if n > 5 {
            yes.push(9);
        }
        world.met(group, 5 + n * 28, &yes).hosted_by(&[5, 6]);
    }
    let group = world.group("turin");
    for n in 0..4 {
        world.met(group, 10 + n * 28, &[21, 22, 23, 24, 25, 26]);
    }
    for (urlname, days) in [("minsk", 500), ("quito", 2000)] {
        let group = world.group(urlname);
        world.met(group, days, &[1]);
    }
    world.group("never");
    let asked = |with_people: bool, is_monthly: bool| {
        let settings = Settings {
            with_people,
            ..settings(A)
        };
        let mut told = Told::of(report_with(&world, &settings));
        told.is_monthly = is_monthly;
        told
    };
    let mut told = asked(true, true);
    told.report.network.survival.months_12 = Some(Rate::new(5, 30));
    let parts = [
        "Whom to invite",
        "Ready to hand over",
        "People we miss",
        "Groups that share",
        "Quiet for over a year",
    ]
    .map(|heading| told.part(heading));
    insta::assert_snapshot!(parts.join("\n\n"), @r#"
    ## Whom to invite as ambassador (5 of 12)
    - [Person 6] · Hosted 13 events in the last 365 days. In 12 different months, last on 10 Jun.
    - [Person 21] · Said yes to 17 events in the last 365 days, in 2 groups. In 12 different months, last on 10 Jun.
    - [Person 22] · Said yes to 17 events in the last 365 days, in 2 groups. In 12 different months, last on 10 Jun.
    - [Person 23] · Said yes to 17 events in the last 365 days, in 2 groups. In 12 different months, last on 10 Jun.
    - [Person 24] · Said yes to 17 events in the last 365 days, in 2 groups. In 12 different months, last on 10 Jun.
    and 7 more; gatherd report --names tells of more

    ## Ready to hand over (1)
    Led and mostly hosted locally, month after month; they could go on without us: [ACME rome].

    ## People we miss (1)
    - [Person 9] · ACME rome · Said yes to 7 events from 365 to 120 days ago, last on 24 Dec 2025, and to none of 5 since.

    ## Groups that share people (1)
    - [ACME rome] and [ACME turin] · 5 of 6 people (83%) of the smaller one in the last 365 days.

    ## Quiet for over a year, or not begun (3)
    - 1–2 years: 1 group. Once silent for 12 months, our groups met again within a year in 5 of 30 cases (17%).
    - over 3 years: 1 group.
    - no first event yet: 1 group.
    "#);
    let without = asked(false, true).text();
    assert!(
        !without.contains("ambassador") && !without.contains("miss"),
        "{without}"
    );
    assert!(without.contains("Ready to hand over (1)"), "{without}");
    let weekly = asked(true, false).text();
    for monthly in [
        "ambassador",
        "hand over",
        "we miss",
        "share people",
        "over a year (",
    ] {
        assert!(!weekly.contains(monthly), "{monthly} in\n{weekly}");
    }
}

#[test]
fn it_always_says_how_fresh_it_is_and_what_is_unknown() {
    let mut world = World::default();
    regular(&mut world, "rome", 10, 12);
    let group = regular(&mut world, "oslo", 10, 12);
    world.groups[group].is_complete = false;
    regular(&mut world, "turin", 10, 12);
    let mut told = Told::of(report_at(&world, A));
    let incomplete = told.report.freshness.incomplete_groups.clone();
    told.report.freshness = Freshness {
        incomplete_groups: incomplete,
        ..Freshness::new(
            told.report.freshness.last_pass_at,
            vec![("turin".to_owned(), "hidden".to_owned())],
        )
    };
    let mut before = told.filed();
    before.definitions_version = 0;
    told.before = vec![before];
    let footer: Vec<String> = told
        .digest()
        .message
        .footer
        .iter()
        .map(super::line_text)
        .collect();
    insta::assert_snapshot!(footer.join("\n"), @r#"
    Data to Mon 15 Jun 06:00 UTC, all but 1 group, which was last read on Mon 15 Jun 06:00 UTC, so nothing is said of how it is doing: turin.
    History still being read, so in no figure: oslo.
    How a number is made: gatherd report --explain KEY --group GROUP
    Figures are counted by definitions 2 since this digest, by 0 before, so the same day may show other numbers than it did. A call now comes after 90 days without a date, or sooner where most pauses alike went past half a year; no pause counts as usual any more.
    "#);
}

#[test]
fn a_group_that_will_fall_below_the_policy_within_sixty_days_is_told() {
    let mut world = World::default();
    for (urlname, last) in [("soon", 320), ("later", 200), ("regular", 10)] {
        let group = world.group(urlname);
        world.member(group, 5, "ORGANIZER", "LEADER");
        for n in 0..2 {
            world.met(group, last + n, &[1, 2]).hosted_by(&[5]);
        }
    }
    let settings = Settings {
        policy: gatherd::community::Policy {
            events_per_year: Some(1),
            ..Default::default()
        },
        ..settings(A)
    };
    let mut told = Told::of(report_with(&world, &settings));
    let part = told.part("How they stand");
    insta::assert_snapshot!(part, @r#"
    ## How they stand
    Below the policy within 60 days, unless they meet before: [ACME soon] (1 event a year, 30 Jul).
    "#);
    let mut contact = super::contact(&world, 0);
    contact.mutes.push(super::mute(Some("floor")));
    told.contacts.push(contact);
    assert_eq!(told.part("How they stand"), "");
}

#[test]
fn the_first_digest_is_an_inventory() {
    let mut world = World::default();
    for n in 0..200 {
        let group = world.group(&format!("quiet-{n:03}"));
        world.met(group, 185 + n * 10, &[1]);
    }
    let mut told = Told::of(report_at(&world, A));
    insta::assert_snapshot!(told.part("What there is"), @r#"
    ## What there is (200 groups)
    This is the first digest here. From the next one on it tells what changed.
    Quiet: 200 groups: 19 for 6–12 months, 73 for 1–3 years, 108 for over 3 years
    "#);
    let text = told.text();
    let named = (0..200)
        .filter(|n| text.contains(&format!("quiet-{n:03}")))
        .count();
    assert_eq!(named, 19, "those quiet for less than a year, in\n{text}");
    assert_eq!(told.named().len(), 5);
    told.before = vec![told.filed()];
    assert_eq!(told.part("What there is"), "");
}

#[test]
fn parts_without_anything_to_say_are_left_out() {
    let mut world = World::default();
    let group = regular(&mut world, "rome", 10, 30);
    let host = 200 + group as u32;
    world.event(group, A + 20 * DAY).hosted_by(&[host]).status = "ACTIVE";
    let told = Told::after(&world, 7);
    insta::assert_snapshot!(told.text(), @r#"
    ACME · Monday 15 June 2026 · data to 06:00 UTC, the group was read

    3 people in the last 90 days, as many as a year before; as many events (3). 1 group met in the last 12 months; 1 the year before.
    Last week: no events. This week: no events.
    Attendance is never marked: figures are who said yes, not who came.
    Groups that met, month by month since July 2024: ████████████████████████ 1 in May 2026, 1 in June 2026 so far.

    ## Worth a thank-you (1)
    - [ACME rome] · Turns 10 on Wednesday.

    ## Next two weeks
    Attendance is not marked at 1 event in person of the last 30 days: ask its hosts: [ACME rome] (Fri 5 Jun).

    How a number is made: gatherd report --explain KEY --group GROUP
    "#);
}

#[test]
fn a_narrowed_channel_is_told_of_its_own_groups() {
    let mut world = World::default();
    regular(&mut world, "rome", 10, 12);
    regular(&mut world, "oslo", 10, 16);
    let mut told = Told::of(report_at(&world, A));
    told.narrow(&world, &["oslo"]);
    let text = told.text();
    assert!(!text.contains("rome"), "{text}");
    insta::assert_snapshot!(text.lines().skip(2).take(5).collect::<Vec<_>>().join("\n"), @r#"
    3 people in the last 90 days, as many as a year before; as many events (3). 1 group met in the last 12 months; 1 the year before.
    Last week: no events. This week: no events.
    The whole network: 3 people in the last 90 days, as many as a year before; 6 events, 3 a year before (+100 %).
    Attendance is never marked: figures are who said yes, not who came.
    Groups that met, month by month since July 2024: ········████████████████ 1 in May 2026, 1 in June 2026 so far.
    "#);
}

#[test]
fn names_of_people_and_groups_are_cleaned() {
    let mut world = World::default();
    let group = regular(&mut world, "rome", 100, 6);
    world.groups[group].name = "Ro\u{202e}me\n\u{1b}[31m".to_owned();
    let text = Told::of(report_at(&world, A)).text();
    assert!(text.contains("[Rome]"), "{text}");
    assert!(!text.contains('\u{202e}') && !text.contains('\u{1b}'));
}

#[test]
fn a_date_is_late_from_the_day_after_it_is_usually_known() {
    // Every 30 days, each date known ten days before: usually by day 20.
    let late = |last: i64| {
        let mut world = World::default();
        regular(&mut world, "oslo", last, 8);
        for event in &mut world.events {
            event.created = event.starts.map(|starts| starts - 10 * DAY);
        }
        let text = Told::of(report_at(&world, A)).text();
        let mut lines = text.lines().filter(|line| line.contains("No date yet"));
        lines.next().map(str::to_owned)
    };
    assert_eq!(late(19), None);
    assert_eq!(late(20), None);
    let told = late(21).unwrap();
    assert!(
        told.contains("(21 days after its last event; usually known by day 20)"),
        "{told}"
    );
}
