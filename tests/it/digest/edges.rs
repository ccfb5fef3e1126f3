//! Worlds at the edges: whatever they are like, the message fits every chat, keeps whom to write to and
//! what is unknown, and says nothing bad of what nobody knows.

use super::{Told, report_at, report_with, settings};
use crate::deliver::shown_by_all;
use crate::world::{A, DAY, World};
use gatherd::metrics::Settings;
use gatherd::report::Freshness;

/// So many groups of all kinds, with long names and many people.
fn many(groups: i64) -> World {
    let mut world = World::default();
    for n in 0..groups {
        let name = format!("group-{n:03}-with-a-long-name-of-its-own");
        let group = world.group(&name);
        let lead = 1000 + n as u32;
        world.member(group, lead, "ORGANIZER", "LEADER");
        world.groups[group].founded = Some(A - (365 + n % 7 + 1) * DAY);
        let last = match n % 5 {
            0 => 100 + n % 70,
            1 => 200 + n,
            2 => 400 + n * 3,
            _ => 1 + n % 20,
        };
        for event in 0..6 {
            let people: Vec<u32> = (0..6).map(|k| (n as u32 % 9) * 10 + k).collect();
            world
                .met(group, last + event * 30, &people)
                .hosted_by(&[lead]);
        }
        if n % 3 == 0 {
            world.event(group, A + (1 + n % 13) * DAY).status = "ACTIVE";
        }
    }
    world
}

/// The first digest of a world and a later one with everything in it.
fn both(world: &World, with: &Settings) -> [Told; 2] {
    let with = Settings {
        with_people: true,
        policy: gatherd::community::Policy {
            events_per_year: Some(6),
            ..Default::default()
        },
        ..with.clone()
    };
    let first = Told::of(report_with(world, &with));
    let mut later = Told::of(report_with(world, &with));
    later.is_monthly = true;
    let mut before = first.filed();
    before.please_write_to.clear();
    before.as_of -= chrono::TimeDelta::days(7);
    later.again = Some(report_with(
        world,
        &Settings {
            as_of: with.as_of - chrono::TimeDelta::days(7),
            ..with
        },
    ));
    later.before = vec![before];
    [first, later]
}

/// Shows it in every chat, which holds it to the chat's limits, and looks for what must not be cut.
fn arrives(told: &Told) {
    let digest = told.digest();
    for (kind, text) in shown_by_all(&digest.message) {
        assert!(text.to_lowercase().contains("data to"), "{kind}: {text}");
        for named in &digest.please_write_to {
            let name = &told.report.group(&named.urlname).unwrap().figures.name;
            assert!(text.contains(name.as_str()), "{kind}: no {name} in\n{text}");
        }
    }
}

#[test]
fn of_one_group_and_of_five_hundred_the_message_keeps_what_matters() {
    for groups in [1, 40, 500] {
        for told in both(&many(groups), &settings(A)) {
            arrives(&told);
        }
    }
    let [_, later] = both(&many(500), &settings(A));
    assert_eq!(later.named().len(), 5);
}

#[test]
fn without_a_single_event_nothing_is_made_up() {
    let mut world = World::default();
    for urlname in ["rome", "oslo", "turin"] {
        world.group(urlname);
    }
    let [first, later] = both(&world, &settings(A));
    arrives(&first);
    arrives(&later);
    insta::assert_snapshot!(later.text(), @r#"
    ACME · Monday 15 June 2026 · data to 06:00 UTC, all 3 groups read

    No events in the last 90 days, nor in the same 90 days a year before. 0 groups met in the last 12 months; 0 the year before.
    The last 12 months: 0 people, as many as a year before; as many events (0).
    Last week: no events. This week: no events.

    ## Please write to (3)
    - [ACME oslo] · Here since 17 Jun 2016, no first event yet; 0 members. Below the policy of 6 events a year: 0 in the last 365 days.
      Offer a speaker and a date for the first event.
      → needs an organizer: no name is known on Meetup
    - [ACME rome] · Here since 17 Jun 2016, no first event yet; 0 members. Below the policy of 6 events a year: 0 in the last 365 days.
      Offer a speaker and a date for the first event.
      → needs an organizer: no name is known on Meetup
    - [ACME turin] · Here since 17 Jun 2016, no first event yet; 0 members. Below the policy of 6 events a year: 0 in the last 365 days.
      Offer a speaker and a date for the first event.
      → needs an organizer: no name is known on Meetup

    ## Changed since 8 Jun
    Below the policy of 6 events a year: [ACME oslo], [ACME rome], [ACME turin].

    ## Keys: too few leaders seen lately (3)
    - Their leaders who visited, answered or hosted in the last 90 days: [ACME oslo] (nobody leads it), [ACME rome] (nobody leads it), [ACME turin] (nobody leads it)

    ## Quiet for over a year, or not begun (3)
    - no first event yet: 3 groups.

    How a number is made: gatherd report --explain KEY --group GROUP
    "#);
}

#[test]
fn of_groups_that_nobody_could_read_nothing_is_said() {
    let mut world = many(6);
    for group in &mut world.groups {
        group.is_complete = false;
    }
    let [first, later] = both(&world, &settings(A));
    arrives(&later);
    for told in [first, later] {
        let text = told.text();
        for bad in [
            "quiet",
            "pause",
            "100%",
            "organizer:",
            "0 groups",
            "No group has a date",
        ] {
            assert!(!text.contains(bad), "{bad} in\n{text}");
        }
        assert!(text.contains("History still being read"), "{text}");
    }
    let [_, mut unread] = both(&many(6), &settings(A));
    let all = unread.report.groups.iter();
    let all = all.map(|group| (group.figures.urlname.clone(), "hidden".to_owned()));
    unread.report.freshness = Freshness::new(unread.report.freshness.last_pass_at, all.collect());
    arrives(&unread);
    assert_eq!(unread.named(), Vec::<String>::new());
    let text = unread.text();
    assert!(
        text.contains("None of the 6 groups could be read since"),
        "{text}"
    );
    for part in ["Please write", "Leave alone", "Worth", "Quiet", "Below"] {
        assert_eq!(unread.part(part), "", "{text}");
    }
    // Those that never were read could not be read since any day.
    for (never, says) in [
        (
            1,
            "Of the 6 groups 5 could not be read since, and 1 was never read, so nothing is said",
        ),
        (
            4,
            "Of the 6 groups 2 could not be read since, and 4 were never read, so nothing is said",
        ),
        (6, "None of the 6 groups was ever read, so nothing is said"),
    ] {
        for group in unread.report.groups.iter_mut().take(never) {
            group.read_at = None;
        }
        let text = unread.text();
        assert!(text.contains(says), "{text}");
        assert_eq!(text.contains("Data to"), never < 6, "{text}");
    }
}

#[test]
fn without_staff_nothing_is_said_of_who_is_ours() {
    let with = Settings {
        staff: None,
        ..settings(A)
    };
    let [_, mut later] = both(&many(6), &with);
    arrives(&later);
    let text = later.text();
    assert!(
        !text.contains("hosted by us") && !text.contains("hand over"),
        "{text}"
    );
    // What there is to configure is for whoever runs gatherd, letter by letter, and once a month.
    let hint = "list their ids as member_ids under [staff]";
    assert!(!text.contains(hint), "{text}");
    later.is_for_operator = true;
    arrives(&later);
    for (kind, text) in shown_by_all(&later.digest().message) {
        let without_marks = text.replace(['`', '“', '”'], "");
        assert!(without_marks.contains(hint), "{kind}: {text}");
    }
    later.is_monthly = false;
    assert!(!later.text().contains(hint));
}

#[test]
fn a_channel_narrowed_to_nothing_says_so() {
    let world = many(6);
    let [_, mut later] = both(&world, &settings(A));
    later.report.people = None;
    later.narrow(&world, &["elsewhere"]);
    arrives(&later);
    let text = later.text();
    assert!(
        text.contains("None of the sponsored groups is in this channel's part."),
        "{text}"
    );
    assert!(!text.contains("0 of your"), "{text}");
}

#[test]
fn names_full_of_markup_reach_every_chat_as_they_are_written() {
    let mut world = many(8);
    for (n, name) in [
        "*bold* _it_ `code` ~no~",
        "<!channel> @everyone",
        "[x](https://evil.example)",
        "a|b # > - 1. \\",
        "\u{202e}evil {{DATE(2026)}}",
    ]
    .into_iter()
    .enumerate()
    {
        world.groups[n].name = name.to_owned();
    }
    for told in both(&world, &settings(A)) {
        // Each reader of a chat's markup ends the test at a sign that acts.
        shown_by_all(&told.digest().message);
    }
}

#[test]
fn where_the_roster_is_unknown_nobody_is_said_to_have_left() {
    for last in [10, 150] {
        let mut world = World::default();
        let group = world.group("unread");
        world.groups[group].is_roster_read = false;
        for n in 0..6 {
            world.met(group, last + n * 30, &[1, 2]).hosted_by(&[5]);
        }
        let report = report_at(&world, A);
        let page = gatherd::report::text(&report, gatherd::report::Style::default());
        assert!(!page.contains("has left"), "{page}");
        let text = Told::of(report).text();
        assert!(!text.contains("has left"), "{text}");
    }
}
