//! The pages, written into a folder.

use crate::hostile::names::deceitful;
use crate::program::Program;
use gatherd::demo::{Switches, World};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A small network that was read.
fn program(seed: u64) -> Program {
    let program = Program::small(seed);
    program.run(&["backfill"]).exits(0);
    program
}

/// Writes the site with these words besides; the files by their paths in it.
fn written(program: &Program, more: &[&str]) -> BTreeMap<String, String> {
    let out = program.path("site");
    let mut asked = vec!["report", "--format", "html", "--out"];
    asked.push(out.to_str().unwrap());
    asked.extend(more);
    program.run(&asked).exits(0).says(&["index.html: "]);
    files(&out)
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                found.insert(name.to_owned(), fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// What a page leads to or loads.
fn links(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in [" href=\"", " src=\"", " action=\"", " xlink:href=\""] {
        let parts = page.split(name).skip(1);
        found.extend(parts.map(|it| it.split('"').next().unwrap().replace("&amp;", "&")));
    }
    found
}

/// Where a link of a file leads to within the folder.
fn target(file: &str, link: &str) -> String {
    let folder = Path::new(file).parent().unwrap();
    let mut at = PathBuf::new();
    for part in folder.join(link).components() {
        match part {
            Component::ParentDir => assert!(at.pop(), "{file}: {link} leads out"),
            part => at.push(part),
        }
    }
    at.to_str().unwrap().to_owned()
}

/// That every link of every page leads to a place that is there; those to elsewhere, to Meetup.
fn lead_somewhere(files: &BTreeMap<String, String>) {
    let mut walked = 0;
    for (name, page) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        for link in links(page) {
            walked += 1;
            if link.starts_with("https://meetup.example/") {
                continue;
            }
            assert!(
                !link.contains(':') && !link.starts_with('/'),
                "{name} leads to {link}"
            );
            let (file, at) = link.split_once('#').unwrap_or((&link, ""));
            let to = match file {
                "" => name.clone(),
                file => target(name, file),
            };
            let page = files.get(&to);
            let page = page.unwrap_or_else(|| panic!("{name} leads to {link}, which is not there"));
            let has_place = at.is_empty() || page.contains(&format!("id=\"{at}\""));
            assert!(
                has_place,
                "{name} leads to {link}, of which the page is there"
            );
        }
    }
    assert!(walked > 100, "{walked} links");
}

#[test]
fn the_site_has_every_page_and_every_link_of_it_leads_somewhere() {
    // Of several years.
    let world = World::sized(893, 4, 120, 900, 200, chrono::Utc::now());
    let program = Program::on(world, Switches::unlimited());
    program.run(&["backfill"]).exits(0);
    let files = written(&program, &[]);
    let report = program.run(&["report", "--format", "json"]).exits(0);
    let report: Value = serde_json::from_str(&report.out).unwrap();
    let groups = report["groups"].as_array().unwrap();
    assert!(groups.len() > 1);
    let mut expected: BTreeSet<String> = [
        "index",
        "groups",
        "calendar",
        "orders",
        "map",
        "trust",
        "health",
        "definitions",
    ]
    .map(|it| format!("{it}.html"))
    .into();
    for other in [
        "groups.csv",
        "calendar.ics",
        "style.css",
        "icon.svg",
        ".gatherd-site",
    ] {
        expected.insert(other.to_owned());
    }
    for group in groups {
        let urlname = group["urlname"].as_str().unwrap();
        expected.extend(["html", "ics"].map(|it| format!("groups/{urlname}.{it}")));
    }
    let is_year = |name: &&String| name.starts_with("year-");
    let years = files.keys().filter(is_year).count();
    assert!(years > 1, "{:?}", files.keys());
    let others: BTreeSet<String> = files.keys().filter(|it| !is_year(it)).cloned().collect();
    assert_eq!(others, expected);
    lead_somewhere(&files);
    for (name, page) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        assert!(page.ends_with("</html>"), "{name} is cut");
        for not in [
            "<form", "<script", " style=", "<button", "/act/", "/api/", "/badge/", "/login",
        ] {
            assert!(!page.contains(not), "{not} in {name}");
        }
        let version = format!("Written by gatherd {} at ", env!("CARGO_PKG_VERSION"));
        assert!(page.contains(&version), "{name}");
        assert!(page.to_lowercase().contains("as of "), "{name}");
    }
    let group = &files["groups/sized-group-0001.html"];
    assert!(group.contains("<svg") && group.contains("The numbers"));
    assert!(files["calendar.ics"].starts_with("BEGIN:VCALENDAR"));
    assert!(files["groups.csv"].lines().count() > groups.len());
}

#[test]
fn what_it_says_is_what_the_commands_say_at_its_instant() {
    let program = program(894);
    let as_of = (chrono::Utc::now() - chrono::TimeDelta::days(100)).to_rfc3339();
    let files = written(&program, &["--as-of", &as_of]);
    let report = program.run(&["report", "--format", "json", "--as-of", &as_of]);
    let report: Value = serde_json::from_str(&report.exits(0).out).unwrap();
    let n = &report["network"];
    for key in ["people_90", "events_90", "groups_met_365"] {
        let figure = format!("<dd>{}</dd>", n[key]);
        assert!(files["index.html"].contains(&figure), "{key}: {figure}");
    }
    let csv = program.run(&["groups", "--format", "csv", "--as-of", &as_of]);
    assert_eq!(files["groups.csv"], csv.exits(0).out);
}

#[test]
fn persons_are_listed_only_where_they_are_asked_for_and_a_part_is_told_as_such() {
    let program = program(895);
    let with = written(&program, &["--names"]);
    lead_somewhere(&with);
    assert!(with["people.html"].contains("Ambassadors"));
    assert!(with["index.html"].contains("href=\"people.html\""));
    // The next one replaces it, whole.
    let one = written(&program, &["--group", "sized-group-0001"]);
    lead_somewhere(&one);
    assert!(!one.contains_key("people.html"));
    let pages: Vec<&String> = one.keys().filter(|it| it.starts_with("groups/")).collect();
    assert_eq!(
        pages,
        [
            "groups/sized-group-0001.html",
            "groups/sized-group-0001.ics"
        ]
    );
    for (name, page) in &one {
        for other in 2..=4 {
            let urlname = format!("sized-group-000{other}");
            assert!(!page.contains(&urlname), "{urlname} in {name}");
        }
    }
    // How the daemon is doing is for those who see all.
    assert!(!one.contains_key("health.html") && !one["index.html"].contains("health.html"));
}

#[test]
fn whatever_groups_and_people_are_called_stays_text() {
    let program = Program::on(deceitful(), Switches::unlimited());
    program.run(&["backfill"]);
    let files = written(&program, &["--names"]);
    lead_somewhere(&files);
    for (name, page) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        for not in [
            "<script",
            "<img src=x",
            " onerror=",
            "javascript:",
            "<iframe",
        ] {
            assert!(!page.contains(not), "{not} in {name}");
        }
    }
}

#[test]
fn flags_that_make_no_sense_and_folders_of_others_are_refused_with_the_way_out() {
    let program = program(897);
    let out = program.path("site");
    let out = out.to_str().unwrap();
    for (asked, told) in [
        (vec!["--format", "html"], "--out"),
        (vec!["--out", out], "add --format html, or leave out --out"),
        (
            vec!["--format", "html", "--out", out, "--explain", "status"],
            "--explain",
        ),
        (
            vec!["--format", "html", "--out", out, "--backtest"],
            "--backtest",
        ),
        (
            vec!["--format", "html", "--out", out, "--send", "team"],
            "--send",
        ),
        (
            vec!["--format", "html", "--out", out, "--no-pager"],
            "--no-pager",
        ),
        (
            vec!["--format", "html", "--out", out, "--country", "zz"],
            "no sponsored group is in ZZ",
        ),
        (
            vec!["--format", "html", "--out", out, "--group", "nobody"],
            "nobody",
        ),
    ] {
        let mut all = vec!["report"];
        all.extend(asked);
        program.run(&all).exits(2).says(&[told]);
        assert!(!Path::new(out).exists());
    }
    fs::create_dir(out).unwrap();
    fs::write(format!("{out}/mine"), "mine").unwrap();
    let asked = ["report", "--format", "html", "--out", out];
    program.run(&asked).exits(2).says(&[
        "holds something that is no site of gatherd's",
        "name another folder with --out",
    ]);
    assert_eq!(fs::read_to_string(format!("{out}/mine")).unwrap(), "mine");
    let nowhere = program.path("no/such/site");
    let asked = [
        "report",
        "--format",
        "html",
        "--out",
        nowhere.to_str().unwrap(),
    ];
    program
        .run(&asked)
        .exits(1)
        .says(&["whose own folder is there"]);
}
