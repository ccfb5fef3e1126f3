//! The year.

use super::{Answer, BOARD, LEAD, Site, viewer};
use crate::program::{Program, until};
use chrono::{DateTime, Datelike as _, Utc};
use gatherd::demo::{Switches, World};
use gatherd::metrics::{self, OfYear, Settings};

/// The page, once the year was counted.
fn counted(ask: impl Fn() -> Answer) -> Answer {
    until("the year was counted", || {
        !ask().body.contains("Look again")
    });
    ask()
}

/// The instant as of which a page was counted.
fn as_of(said: &str) -> DateTime<Utc> {
    let at = said
        .split("Counted as of ")
        .nth(1)
        .unwrap()
        .split(" UTC.")
        .next()
        .unwrap();
    let at = chrono::NaiveDateTime::parse_from_str(at, "%d %b %Y, %H:%M").unwrap();
    // Its seconds are not shown.
    at.and_utc() + chrono::TimeDelta::seconds(59)
}

fn shows(said: &str, now: &OfYear, before: &OfYear) {
    for (name, now, before) in [
        ("People", now.people, before.people),
        ("New", now.new_people, before.new_people),
        (
            "Returning",
            now.people - now.new_people,
            before.people - before.new_people,
        ),
        ("Came more than once", now.came_again, before.came_again),
        ("Met somebody again", now.met_again, before.met_again),
        ("Events", now.events, before.events),
        ("Groups that met", now.groups_met, before.groups_met),
        ("Countries", now.countries, before.countries),
        ("Groups begun", now.begun, before.begun),
        ("Groups revived", now.revived, before.revived),
        ("Groups asked", now.asked, before.asked),
        ("Met or announced after it", now.answered, before.answered),
        ("Groups that left", now.left, before.left),
        ("Groups closed", now.deleted, before.deleted),
    ] {
        let line = format!("{name} {now} {before} in ");
        assert!(said.contains(&line), "no {line:?} in {said}");
    }
}

#[test]
fn a_year_is_counted_when_somebody_asks_and_shows_each_figure_beside_the_year_before() {
    let world = World::sized(887, 4, 120, 900, 200, Utc::now());
    let site = Site::of(Program::on(world, Switches::unlimited()), "");
    site.waits_for_figures();
    site.program.run(&["asked", "sized-group-0001"]).exits(0);
    let this_year = Utc::now().year();
    let to = site.get("/year");
    assert_eq!(
        (to.status, to.header("location")),
        (303, vec![format!("/year/{this_year}").as_str()])
    );
    for year in [this_year, this_year - 1, this_year - 2] {
        let page = counted(|| site.get(&format!("/year/{year}")));
        let said = page.text();
        let conn = rusqlite::Connection::open(site.program.path("gatherd.db")).unwrap();
        let counted = metrics::year(&conn, &Settings::as_of(as_of(&said)), year).unwrap();
        assert!(
            counted.now.events > 0 || year == this_year - 2,
            "{counted:?}"
        );
        shows(&said, &counted.now, &counted.before);
        let is_said = match year == this_year {
            true => format!("From 1 January to {}", counted.until.format("%-d %B")),
            false => format!("The whole year, beside {}", year - 1),
        };
        assert!(said.contains(&is_said), "{said}");
    }
    for none in [this_year + 1, 1999, -1] {
        assert_eq!(site.get(&format!("/year/{none}")).status, 404, "{none}");
    }
    assert_eq!(site.get("/year/%3Cscript%3E").status, 404);
    assert!(
        counted(|| site.get("/year/2003"))
            .text()
            .contains("Nothing is known of this year")
    );
}

#[test]
fn whoever_is_narrowed_is_told_of_their_part() {
    let lead = viewer("lead", LEAD, "groups = [\"sized-group-0001\"]");
    let site = Site::of_viewers(888, &(lead + &viewer("board", BOARD, "")), LEAD);
    let path = format!("/year/{}", Utc::now().year());
    let (part, all) = (
        counted(|| site.seen(LEAD, &path)).text(),
        counted(|| site.seen(BOARD, &path)).text(),
    );
    let conn = rusqlite::Connection::open(site.program.path("gatherd.db")).unwrap();
    let only = gatherd::community::Access {
        groups: vec!["sized-group-0001".to_owned()],
        ..Default::default()
    };
    for (said, only) in [(&part, vec![only]), (&all, Vec::new())] {
        let settings = Settings {
            only,
            ..Settings::as_of(as_of(said))
        };
        let counted = metrics::year(&conn, &settings, Utc::now().year()).unwrap();
        shows(said, &counted.now, &counted.before);
    }
    assert!(part.contains("Groups that met 1 ") && all.contains("Groups that met 4 "));
    assert!(part.contains("your part of the groups") && !all.contains("your part of the groups"));
}
