//! The list of groups.

use super::{instant, report_on, settings};
use crate::world::{A, DAY, World};
use chrono::TimeDelta;
use gatherd::community::{Contact, Note};
use gatherd::metrics::{self, Settings};
use gatherd::report::{self, Style};

#[test]
fn people_stand_beside_the_year_before_where_both_years_are_known() {
    let people = |is_known_now: bool, was_known_then: bool| {
        let mut world = World::default();
        let group = world.group("oslo");
        world.met(group, 30, &[1, 2]);
        world.met(group, 500, &[1, 2, 3]);
        world.groups[group].is_complete = is_known_now;
        let now = report_on(&world, &settings());
        world.groups[group].is_complete = was_known_then;
        let then = Settings {
            as_of: settings().as_of - TimeDelta::days(365),
            ..settings()
        };
        let before = metrics::measure(&world.store(), &then).unwrap().groups;
        report::overview(&now, &before, &[], None)[0].people_365_year_before
    };
    assert_eq!(people(true, true), Some(3));
    assert_eq!(people(true, false), None);
    assert_eq!(people(false, true), None);
    assert_eq!(people(false, false), None);
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
            let line =
                report::overview(&report, &[], std::slice::from_ref(&contact), None).remove(0);
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
    let lines = report::overview(&report, &[], &[], None);
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
