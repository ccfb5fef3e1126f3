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
fn a_year_lists_the_groups_that_were_asked_and_what_came_of_each() {
    let world = World::sized(875, 4, 120, 900, 200, Utc::now());
    let site = Site::of(Program::on(world, Switches::unlimited()), "");
    for group in ["sized-group-0001", "sized-group-0002", "sized-group-0002"] {
        site.program.run(&["asked", group]).exits(0);
    }
    // Asked long ago, one before an event of its own and one after all of them.
    let now = Utc::now().timestamp();
    let held = "SELECT max(strftime('%s', starts_at)) FROM events e JOIN groups g ON g.id = e.group_id \
                WHERE g.urlname = 'sized-group-0001' AND e.gone_at IS NULL AND e.status <> 'CANCELLED' \
                AND datetime(starts_at) < datetime('now', '-1 day')";
    let held: i64 = site.program.rows(held)[0].parse().unwrap();
    let path = site.program.path("gatherd.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    let at = (held - 5 * 86_400).min(now - 86_400);
    conn.execute("UPDATE note_row SET created_at = ?1 WHERE id = 1", [at])
        .unwrap();
    drop(conn);
    site.waits_for_figures();
    for year in [
        Utc::now().year(),
        DateTime::from_timestamp(at, 0).unwrap().year(),
    ] {
        let page = counted(|| site.get(&format!("/year/{year}")));
        let said = page.text();
        let conn = rusqlite::Connection::open(&path).unwrap();
        let counted = metrics::year(&conn, &Settings::as_of(as_of(&said)), year).unwrap();
        assert_eq!(counted.asked.len() as i64, counted.now.asked);
        let came = counted.asked.iter();
        let came = came.filter(|it| it.met_on.is_some() || it.announced_on.is_some());
        assert_eq!(came.count() as i64, counted.now.answered);
        let heading = format!("and what came of it ({})", counted.asked.len());
        assert!(said.contains(&heading), "no {heading:?} in {said}");
        let rows = page.body.split("<details id=\"asked\">").nth(1).unwrap();
        for it in &counted.asked {
            let row = rows
                .split("<tr>")
                .find(|row| row.contains(&it.group))
                .unwrap();
            assert!(row.contains("asked on "), "{row}");
            let is_told = row.contains("met on ") || row.contains("announced an event on ");
            assert_eq!(
                is_told,
                it.met_on.is_some() || it.announced_on.is_some(),
                "{row}"
            );
            assert_eq!(row.contains("2 times in the year"), it.times == 2, "{row}");
        }
        // Nothing is told of hand-overs but that they are not known.
        assert!(said.contains("handed over is not known"), "{said}");
    }
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
