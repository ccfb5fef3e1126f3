//! How one group's own page reads.

use chrono::TimeDelta;
use gatherd::community::{Agreed, AlertKind, Asked, Contact, Mute, Muted, Note};
use gatherd::metrics::{Settings, Status};
use gatherd::report::{self, Beside, Style};

use super::{instant, report_on, settings, story};
use crate::world::{A, DAY, World};

#[test]
fn one_group_reads_alone() {
    let report = report_on(&story(), &settings());
    let day = |days: i64| instant(A - days * 86_400);
    let contact = Contact {
        group: "g1".into(),
        urlname: "corvallis".to_owned(),
        name: "ACME corvallis".to_owned(),
        is_gone: false,
        notes: vec![Note {
            id: 1,
            text: "back in *spring*".to_owned(),
            at: day(105),
        }],
        asked: vec![Asked {
            id: 2,
            whom: Some("Ana".to_owned()),
            again_on: "2026-06-29".parse().ok(),
            at: day(3),
        }],
        mutes: vec![Mute {
            id: 1,
            what: Muted::Kind(AlertKind::Restarted),
            until_on: None,
            at: day(3),
        }],
        target: Some(Agreed {
            id: 1,
            every_months: 2,
            at: day(400),
        }),
    };
    let notes = report::remembered(&contact, instant(A).fixed_offset());
    let then = Settings {
        as_of: settings().as_of - TimeDelta::days(365),
        ..settings()
    };
    let before = report_on(&story(), &then);
    let beside = Beside {
        notes: &notes,
        year_before: before.group("Corvallis").map(|group| &group.figures),
    };
    let corvallis = report.group("Corvallis").unwrap();
    let page = report::group_markdown(&report, corvallis, beside);
    assert!(page.contains("back in \\*spring\\*"), "{page}");
    let text = report::group_text(
        &report,
        corvallis,
        beside,
        Style {
            width: 72,
            colour: false,
        },
    );
    insta::assert_snapshot!(text, @r#"
    ACME corvallis · founded Jun 2016 · 5 events          MEETS NOW AND THEN
    corvallis · https://www.meetup.com/corvallis/
    Last met Wed 6 May (5 weeks ago; 3 said yes).
    Met in 5 of the last 12 months (agreed: an event every month). Nothing
    is announced; a longer pause than usual from 5 Aug.
    Its longest pauses in three years: 90 days (until 6 May), 70 days (until
    5 Feb), 70 days (until 27 Nov 2025). Up to 90 days are usual here.

    Months      J J A S O N D J F M A M
    Events      · 1 · 1 · 1 · · 1 · · 1
                met in 5 of 12 months (agreed: every month)
    Years       2025 3 · 2026 2

    Said yes    typically 3 in the last 365 days, 3 different people in all;
                hosts and staff aside, 3 of 3 people took part more than
                once
    Came back   within 90 days of their first time: 3 of 3 people
    Hosts       1 in the last 365 days; 1 in the last 90, 1 of them local;
                no event by our staff alone
    Together    3 of 3 people who took part in person have met somebody here
                more than once in the last 365 days (3 pairs)
    Hand-over   led locally, mostly hosted locally; still missing: a second
                local host, meeting by itself in half of the months
    Contact     Person 24, co-organizer, seen 5 Jun
                https://www.meetup.com/corvallis/members/1024/
                Person 25, co-organizer, seen 5 Jun
                https://www.meetup.com/corvallis/members/1025/
                Person 26, co-organizer, seen 5 Jun
                https://www.meetup.com/corvallis/members/1026/
                and 1 more
    Notes       asked Ana on 12 Jun; look again on 29 Jun
                note of 2 Mar: “back in *spring*”
                muted (restarted) until taken back
                agreed on 11 May 2025: an event every 2 months
    What helps  Ask for the next date before 5 Aug.
    Trust       attendance marked at 0 of 5 events · read 15 Jun 2026, 06:00
                UTC · definitions v1
    "#);
}

#[test]
fn the_day_from_which_a_pause_is_longer_than_usual_is_the_day_it_becomes_so() {
    // Never in July and August; the last event so late that the pause runs into them.
    let mut world = World::default();
    for (urlname, last) in [("steady", 20), ("seasonal", 12)] {
        let group = world.group(urlname);
        for n in 0..42_i64 {
            let starts = A - (last + n * 30) * DAY;
            let month = instant(starts).format("%m").to_string();
            if urlname == "steady" || !["07", "08"].contains(&month.as_str()) {
                world.met(group, last + n * 30, &[1, 2]);
            }
        }
    }
    let told = report_on(&world, &settings());
    for (urlname, last, day) in [("steady", 20, "11 Jul"), ("seasonal", 12, "19 Sep")] {
        let group = told.group(urlname).unwrap();
        let sentence = group.reasons.join(" ");
        assert!(
            sentence.ends_with(&format!("a longer pause than usual from {day}.")),
            "{urlname}: {sentence}"
        );
        let from = chrono::NaiveDate::parse_from_str(&format!("{day} 2026"), "%d %b %Y").unwrap();
        let days = (from - instant(A - last * DAY).date_naive()).num_days();
        let status = |days: i64| {
            let at = instant(A - last * DAY + days * DAY);
            let report = report_on(&world, &Settings::as_of(at));
            report.group(urlname).unwrap().figures.status
        };
        assert_ne!(status(days - 1), Some(Status::Overdue), "{urlname}");
        assert_eq!(status(days), Some(Status::Overdue), "{urlname}");
    }
}
