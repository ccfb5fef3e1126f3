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
        owner: None,
        group: "g1".into(),
        urlname: "corvallis".to_owned(),
        name: "ACME corvallis".to_owned(),
        is_gone: false,
        notes: vec![Note {
            author: None,
            id: 1,
            text: "back in *spring*".to_owned(),
            at: day(105),
        }],
        asked: vec![Asked {
            author: None,
            id: 2,
            whom: Some("Ana".to_owned()),
            again_on: "2026-06-29".parse().ok(),
            at: day(3),
        }],
        mutes: vec![Mute {
            author: None,
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
    let notes = report::remembered(&contact, instant(A).fixed_offset(), report::TOLD);
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
    is announced.
    Usually it meets every 70 days. Without a date, a call is due on 4 Aug
    at the latest.

    Months      J J A S O N D J F M A M J*
    Events      · 1 · 1 · 1 · · 1 · · 1 ·
                met in 5 of 12 months (agreed: every month)
    Years       2025 3 · 2026 2

    Said yes    typically 3 in the last 365 days, 3 different people in all;
                hosts and staff aside, 3 of 3 people more than once
    Again       within 90 days of their first time: 3 of 3 people
    Hosts       1 in the last 365 days; 1 in the last 90, 1 of them local;
                one person alone hosted 5 of 5 events; no event by our staff
                alone
    Together    3 of 3 people who said yes in person have met somebody here
                more than once in the last 365 days (3 pairs)
    Notice      the next date was known within a day of 0 of 4 events
    Hand-over   led locally, mostly hosted locally; still missing: a second
                local host, meeting by itself in half of the months
    Keys        Person 24, co-organizer
                https://www.meetup.com/corvallis/members/1024/
                last hosted on 6 May, seen 5 Jun
                Person 25, co-organizer
                https://www.meetup.com/corvallis/members/1025/
                never hosted here nor said yes, seen 5 Jun: can take the
                group over
                Person 26, co-organizer
                https://www.meetup.com/corvallis/members/1026/
                never hosted here nor said yes, seen 5 Jun: can take the
                group over
                and 1 more
    Contact     asked Ana on 12 Jun; look again on 29 Jun
                note of 2 Mar: “back in *spring*”
                muted (restarted) until taken back
                agreed on 11 May 2025: an event every 2 months
    What helps  Ask for the next date before 4 Aug.
    Trust       attendance marked at 0 of 5 events · read 15 Jun 2026, 06:00
                UTC · definitions v2
    "#);
}

#[test]
fn the_day_by_which_a_call_is_due_is_the_day_it_is_made() {
    // None in July and August; the last event so late that the pause runs into them.
    let mut world = World::default();
    for (urlname, last) in [("steady", 20), ("seasonal", 12)] {
        let group = world.group(urlname);
        for n in 0..60_i64 {
            let starts = A - (last + n * 30) * DAY;
            let month = instant(starts).format("%m").to_string();
            if urlname == "steady" || !["07", "08"].contains(&month.as_str()) {
                world.met(group, last + n * 30, &[1, 2]);
            }
        }
    }
    let told = report_on(&world, &settings());
    for (urlname, last, day) in [("steady", 20, "24 Aug"), ("seasonal", 12, "2 Nov")] {
        let group = told.group(urlname).unwrap();
        let page = report::group_text(&told, group, Beside::default(), Style::default());
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            page.contains(&format!("a call is due on {day} at the latest.")),
            "{urlname}: {page}"
        );
        let from = chrono::NaiveDate::parse_from_str(&format!("{day} 2026"), "%d %b %Y").unwrap();
        let days = (from - instant(A - last * DAY).date_naive()).num_days();
        let pause = |days: i64| {
            let at = instant(A - last * DAY + days * DAY);
            let report = report_on(&world, &Settings::as_of(at));
            let figures = &report.group(urlname).unwrap().figures;
            (figures.status, figures.pause.unwrap())
        };
        let (_, before) = pause(days - 1);
        assert!(before.idle_days < before.call_after_days, "{urlname}");
        let (status, on) = pause(days);
        assert_eq!(on.idle_days, on.call_after_days, "{urlname}");
        assert_eq!(status, Some(Status::Overdue), "{urlname}");
    }
}
