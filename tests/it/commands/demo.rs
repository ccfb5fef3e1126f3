//! `gatherd demo`: three Mondays as they are read, and what it leaves.

use crate::program::{Program, Ran, until};
use chrono::{Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use gatherd::demo::{Switches, World};
use std::sync::OnceLock;

/// A directory, and the demo that ran there to its end.
fn shown() -> &'static (Program, Ran) {
    static SHOWN: OnceLock<(Program, Ran)> = OnceLock::new();
    SHOWN.get_or_init(|| {
        let program = empty();
        let ran = run(&program, &["demo", "--once"]);
        (program, ran)
    })
}

/// A directory with nothing in it.
fn empty() -> Program {
    let program = Program::on(World::empty(1), Switches::unlimited()).without_token();
    std::fs::remove_file(program.path("gatherd.toml")).unwrap();
    program
}

fn run(program: &Program, args: &[&str]) -> Ran {
    let mut args = args.to_vec();
    args.extend(["--database", "demo.db"]);
    program.run(&args).exits(0)
}

/// The digests, each from its title on, and what came between.
fn mondays(out: &str) -> Vec<(NaiveDate, &str)> {
    let title = "Lanternfish User Groups · Monday ";
    let mut parts: Vec<(NaiveDate, &str)> = Vec::new();
    for part in out.split(title).skip(1) {
        let day = part.split(" · ").next().unwrap();
        let date = NaiveDate::parse_from_str(day, "%-d %B %Y").unwrap();
        parts.push((date, part));
    }
    parts
}

/// A section of a digest, in one line.
fn section(digest: &str, heading: &str) -> String {
    let section = digest.split("\n\n").find(|it| it.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("no {heading} in\n{digest}"));
    section.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn it_shows_the_last_three_mondays_as_they_were() {
    let (_, ran) = shown();
    let dates: Vec<NaiveDate> = mondays(&ran.out).iter().map(|(date, _)| *date).collect();
    let &[first, second, third] = dates.as_slice() else {
        panic!("{dates:?}");
    };
    assert_eq!(first.weekday(), Weekday::Mon);
    assert_eq!((second - first, third - second), (WEEK, WEEK));
    let age = Utc::now().date_naive() - third;
    assert!((TimeDelta::zero()..=WEEK).contains(&age), "{third}");
    assert!(ran.out.contains("This is the first digest here."));
    for (before, part) in mondays(&ran.out).windows(2).map(|it| (it[0].0, it[1].1)) {
        let since = format!("Changed since {}", before.format("%-d %b"));
        assert!(part.contains(&since), "no {since}:\n{part}");
        assert!(part.contains(" · data to 06:00 UTC, all 24"), "{part}");
    }
}

const WEEK: TimeDelta = TimeDelta::days(7);

#[test]
fn nothing_in_it_is_the_markup_of_a_chat_and_nothing_is_wider_than_a_page() {
    let (_, ran) = shown();
    for markup in ["<http", "](http", "&amp;", "&lt;", "**", "\u{1b}", "│"] {
        assert!(!ran.out.contains(markup), "{markup} in\n{}", ran.out);
    }
    let shown = ran.out.split_once("\nLook closer").unwrap().0;
    for line in shown.lines().filter(|it| !it.starts_with("Its mirror is ")) {
        let columns = unicode_width::UnicodeWidthStr::width(line);
        assert!(columns <= 80, "{columns}: {line}");
    }
}

/// Who was asked on the Mondays, in order.
fn asked(out: &str) -> Vec<(String, String)> {
    let typed = out
        .lines()
        .filter_map(|it| it.strip_prefix("$ gatherd asked "));
    typed
        .map(|it| {
            let (urlname, whom) = it.split_once(" --whom ").unwrap();
            (urlname.to_owned(), whom.trim_matches('"').to_owned())
        })
        .collect()
}

#[test]
fn who_was_asked_and_answered_is_in_the_digests_after_it_and_who_did_not_is_waited_for() {
    let (program, ran) = shown();
    let asked = asked(&ran.out);
    let [(answers, whom), (waits, other)] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    let all = mondays(&ran.out);
    let on = |nth: usize| all[nth].0.format("%-d %b");
    let name = |urlname: &str| {
        let name = format!("SELECT name FROM groups WHERE urlname = '{urlname}'");
        rows(program, &name).remove(0)
    };
    let told = section(all[1].1, "Answered (1)");
    let date = format!(
        "{} · asked {whom} on {}; its next event is on ",
        name(answers),
        on(0)
    );
    assert!(
        told.contains(&date) && told.contains(" yes so far."),
        "{told}"
    );
    let told = section(all[2].1, "Answered (1)");
    let met = format!("{} · asked {whom} on {}; it met on ", name(answers), on(0));
    assert!(told.contains(&met) && told.contains(" said yes."), "{told}");
    let told = section(all[2].1, "Waiting for an answer (1)");
    let waiting = format!(
        "{} · asked {other} on {}; look again on ",
        name(waits),
        on(1)
    );
    assert!(told.contains(&waiting), "{told}");
    assert_eq!(
        rows(
            program,
            "SELECT whom FROM notes WHERE kind = 'asked' ORDER BY created_at"
        ),
        [whom.as_str(), other]
    );
}

fn rows(program: &Program, sql: &str) -> Vec<String> {
    let mirror = gatherd::mirror::Mirror::open_existing(&program.path("demo.db")).unwrap();
    crate::rig::rows(&mirror, sql)
}

#[test]
fn what_was_noticed_is_dated_by_the_day_on_which_the_demo_lived_it() {
    let (program, ran) = shown();
    let first = mondays(&ran.out)[0].0;
    let at = rows(
        program,
        "SELECT min(as_of) || ' ' || min(created_at) FROM reports WHERE kind = 'digest'",
    );
    assert_eq!(at, [format!("{first}T08:00:00Z {first}T08:00:00Z")]);
    let days = "SELECT count(DISTINCT date(noticed_at)) FROM rsvp_changes";
    assert!(rows(program, days)[0].parse::<i64>().unwrap() > 10);
    let early = format!("SELECT count(*) FROM rsvp_changes WHERE noticed_at < '{first}'");
    assert_eq!(rows(program, &early), ["0"]);
    assert_eq!(
        rows(
            program,
            "SELECT count(*) FROM deliveries WHERE kind = 'digest' AND state = 'sent'"
        ),
        ["3"]
    );
}

#[test]
fn the_commands_that_it_suggests_give_its_own_figures() {
    let (program, ran) = shown();
    let suggested: Vec<Vec<&str>> = ran
        .out
        .lines()
        .filter_map(|it| it.strip_prefix("  ")?.strip_prefix(crate::program::GATHERD))
        .map(|it| it.split_whitespace().collect())
        .collect();
    let names: Vec<&str> = suggested.iter().map(|it| it[0]).collect();
    assert_eq!(names, ["report", "digest", "groups", "status", "letter"]);
    for command in &suggested {
        let said = program.run(command).exits(0).out;
        match command[0] {
            "report" => {
                let own = ran.out.rsplit_once("\nLook closer").unwrap().0;
                let own = own.rsplit_once("Lanternfish User Groups · ").unwrap().1;
                let again = said.split_once("Lanternfish User Groups · ").unwrap().1;
                // The minute in the title may be another one.
                let below = |text: &str| text.split_once('\n').unwrap().1.to_owned();
                assert_eq!(below(own).trim_end(), below(again).trim_end());
            }
            "digest" => {
                let last = mondays(&ran.out)[2].0;
                let since = format!("Changed since {}", last.format("%-d %b"));
                assert!(said.contains(&since), "{said}");
            }
            "status" => assert!(said.contains("24 sponsored, 24 with their whole history")),
            _ => assert!(
                said.contains("Lanternfish ") || said.contains("24 groups"),
                "{said}"
            ),
        }
    }
}

#[test]
fn a_second_demo_takes_the_place_of_the_first_and_goes_on_until_it_is_ended() {
    let program = empty();
    run(&program, &["demo", "--once", "--groups", "2"]);
    let args = [
        "demo",
        "--groups",
        "6",
        "--seed",
        "2",
        "--database",
        "demo.db",
    ];
    let running = program.start(&args);
    until("the daemon runs", || running.says_so_far("\nday "));
    running.signal("INT");
    let ran = running.ends().exits(0);
    assert!(ran.out.contains("Now the daemon runs"), "{}", ran.out);
    assert_eq!(mondays(&ran.out).len(), 3);
    assert_eq!(rows(&program, "SELECT count(*) FROM groups"), ["6"]);
    assert!(!program.path("demo.db.toml").exists());
}

#[test]
fn two_demos_begun_at_once_each_serve_pages_where_they_say() {
    let programs = [empty(), empty()];
    let args = ["demo", "--groups", "2", "--database", "demo.db"];
    let running: Vec<_> = programs.iter().map(|it| it.start(&args)).collect();
    let mut seen = Vec::new();
    for demo in &running {
        until("it says where its pages are", || {
            demo.says_so_far("open http://")
        });
        let said = demo.out.so_far();
        let at = said.split("open http://").nth(1).unwrap();
        let at = at.split('/').next().unwrap().to_owned();
        // They answer from the moment on at which that is said.
        std::net::TcpStream::connect(&at).unwrap();
        seen.push(at);
    }
    assert_ne!(seen[0], seen[1]);
    for demo in running {
        demo.signal("INT");
        demo.ends().exits(0);
    }
}
