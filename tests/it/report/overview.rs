//! The list of groups.

use super::{instant, report_on, settings};
use crate::world::{A, DAY, World};
use chrono::TimeDelta;
use gatherd::community::{Contact, Note};
use gatherd::metrics::{self, Settings};
use gatherd::report::{self, Style};

#[test]
fn people_stand_beside_the_year_before_where_the_history_is_known() {
    let people = |is_known: bool, founded_days_ago: i64| {
        let mut world = World::default();
        let group = world.group("oslo");
        world.met(group, 30, &[1, 2]);
        world.met(group, 500, &[1, 2, 3]);
        world.groups[group].is_complete = is_known;
        world.groups[group].founded = Some(A - founded_days_ago * DAY);
        let now = report_on(&world, &settings());
        report::overview(&now, (&[], now.as_of), None)[0].people_365_year_before
    };
    assert_eq!(people(true, 3_650), Some(3));
    assert_eq!(people(true, 365), Some(3));
    assert_eq!(people(true, 364), None);
    assert_eq!(people(false, 3_650), None);
}

#[test]
fn people_of_the_year_before_are_those_that_were_measured_then() {
    let (mut groups, mut some) = (0, 0);
    for seed in 0..60 {
        let (world, a, asked) = crate::drawn::draw(seed);
        let (conn, now) = (world.store(), asked.settings(a));
        let then = Settings {
            as_of: now.as_of - TimeDelta::days(365),
            ..now.clone()
        };
        let before = metrics::measure(&conn, &then).unwrap().groups;
        for group in metrics::measure(&conn, &now).unwrap().groups {
            let then = before.iter().find(|it| it.id == group.id);
            let then = then.map(|it| it.attendance.people_365);
            assert_eq!(
                group.attendance.people_365_year_before, then,
                "seed {seed}, {}",
                group.urlname
            );
            groups += 1;
            some += usize::from(then.is_some_and(|people| people > 0));
        }
    }
    assert!(groups > 100 && some > 30, "{some} of {groups}");
}

#[test]
fn a_list_as_of_a_day_knows_no_later_contact() {
    let mut world = World::default();
    let group = world.group("oslo");
    world.member(group, 7, "ORGANIZER", "LEADER");
    for days in [90, 60, 30] {
        world.met(group, days, &[1]).hosted_by(&[7]);
    }
    let day = |days: i64| instant(A - days * DAY);
    let contact = Contact {
        owner: None,
        group: report_on(&world, &settings()).groups[0]
            .figures
            .id
            .as_str()
            .into(),
        urlname: "oslo".to_owned(),
        name: "ACME oslo".to_owned(),
        is_gone: false,
        notes: [80, 50, 20]
            .map(|days| Note {
                author: None,
                id: days,
                text: "well".to_owned(),
                at: day(days),
            })
            .into(),
        asked: Vec::new(),
        mutes: Vec::new(),
        target: None,
    };
    for (today, noted, hosted) in [(0, 20, 30), (40, 50, 60), (70, 80, 90)] {
        for seen in [0, 200] {
            world.groups[group].members[0].seen = Some(A - seen * DAY);
            let report = report_on(&world, &Settings::as_of(day(today)));
            let line = report::overview(
                &report,
                (std::slice::from_ref(&contact), report.as_of),
                None,
            )
            .remove(0);
            let on = |days: i64| Some(day(days).date_naive());
            assert_eq!(line.contact_on, on(noted));
            let leader = if seen == 0 && today == 0 { 0 } else { hosted };
            assert_eq!(line.leader_on, on(leader));
        }
    }
}

#[test]
fn what_all_names_begin_with_is_left_out_of_a_list_only_where_it_has_no_room() {
    let mut world = World::default();
    for city in ["auckland", "christchurch", "wellington"] {
        world.group(&format!("acme-user-group-of-new-zealand-in-{city}"));
    }
    let report = report_on(&world, &settings());
    let lines = report::overview(&report, (&[], report.as_of), None);
    let table = |width: usize| {
        let style = Style {
            width,
            colour: false,
        };
        report::overview_text(&lines, lines.len(), instant(A).date_naive(), style)
    };
    let heading = |width: usize| table(width).lines().next().unwrap().to_owned();
    let names = |width: usize| -> Vec<String> {
        let text = table(width);
        let rows = text.lines().skip(1).take(3);
        rows.map(|row| row.split(' ').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(60), ["…auckland", "…christchurch", "…wellington"]);
    // The column is no wider than what is left of them.
    assert!(heading(60).starts_with("group         status"));
    let whole: Vec<&str> = lines.iter().map(|it| it.urlname.as_str()).collect();
    assert_eq!(names(120), whole);
}
