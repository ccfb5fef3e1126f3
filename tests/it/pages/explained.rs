//! Figures lead to what they mean and are made of.

use super::{Answer, BOARD, LEAD, Site, viewer};
use crate::program::until;
use serde_json::Value;
use std::collections::BTreeSet;

const GROUP: &str = "sized-group-0001";

/// The page of a figure, once what it is made of was read.
fn told(ask: impl Fn() -> Answer) -> Answer {
    until("what it is made of was read", || {
        !ask().body.contains("Look again")
    });
    ask()
}

/// Where a page leads, of what begins so.
fn ways(page: &Answer, begin: &str) -> BTreeSet<String> {
    let parts = page.body.split("href=\"").skip(1);
    let ways = parts.filter_map(|it| it.split('"').next());
    ways.filter(|it| it.starts_with(begin))
        .map(|it| it.replace("&amp;", "&"))
        .collect()
}

/// The instant as of which a figure was counted, with its seconds: the end of what it looks at.
fn as_of(site: &Site) -> String {
    site.report()["as_of"].as_str().unwrap().to_owned()
}

/// What `report --explain` says of a figure at an instant.
fn explained(site: &Site, key: &str, group: Option<&str>, as_of: &str) -> Value {
    let mut asked = vec!["report", "--format", "json", "--names", "--as-of", as_of];
    asked.extend(["--explain", key]);
    asked.extend(group.into_iter().flat_map(|it| ["--group", it]));
    serde_json::from_str(&site.program.run(&asked).exits(0).out).unwrap()
}

/// That a page says of a figure what the command says.
fn says(page: &Answer, explained: &Value) {
    let said = page.text();
    let definition = explained["definition"].as_str().unwrap().replace('`', " ");
    let definition = definition.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = said
        .replace(" .", ".")
        .replace(" )", ")")
        .replace("( ", "(");
    let plain = plain.replace(" ,", ",").replace(" :", ":");
    let definition = definition.replace(" .", ".").replace(" )", ")");
    let definition = definition
        .replace("( ", "(")
        .replace(" ,", ",")
        .replace(" :", ":");
    assert!(plain.contains(&definition), "no {definition:?} in {plain}");
    if let (Some(n), Some(d)) = (
        explained["numerator"].as_i64(),
        explained["denominator"].as_i64(),
    ) {
        assert!(said.contains(&format!("Figure {n} / {d} = ")), "{said}");
    } else if let Some(n) = explained["value"].as_i64() {
        assert!(said.contains(&format!("Figure {n} ")), "{said}");
    }
    let rows = explained["rows"].as_array().unwrap();
    for row in rows.iter().take(20) {
        if let Some(title) = row["title"].as_str() {
            assert!(said.contains(title), "no {title:?} in {said}");
        }
    }
    // What the lines add is what the rows add.
    let sum = |key: &str| rows.iter().filter_map(|row| row[key].as_i64()).sum::<i64>();
    let cells: Vec<Vec<i64>> = page
        .body
        .split("<tr>")
        .skip(2)
        .map(|line| {
            let cells = line.split("<td class=\"n\">").skip(1);
            cells
                .map(|it| it.split('<').next().unwrap().replace(',', ""))
                .map(|it| it.parse().unwrap())
                .collect()
        })
        .collect();
    for (nth, key) in ["adds", "adds_to_denominator"].into_iter().enumerate() {
        let shown: i64 = cells.iter().filter_map(|it| it.get(nth)).sum();
        assert_eq!(shown, sum(key), "{key} in {said}");
    }
}

#[test]
fn every_figure_of_a_group_and_of_monday_leads_to_what_the_command_explains() {
    let site = Site::small(890);
    let as_of = as_of(&site);
    let group = site.get(&format!("/groups/{GROUP}"));
    let figures = ways(&group, "/explain/");
    assert!(figures.len() > 15, "{figures:?}");
    for to in &figures {
        let page = told(|| site.get(to));
        assert_eq!(page.status, 200, "{to}");
        let key = to["/explain/".len()..].split('?').next().unwrap();
        says(&page, &explained(&site, key, Some(GROUP), &as_of));
        // It leads back, and to the words of all.
        assert!(page.body.contains(&format!("href=\"/groups/{GROUP}\"")));
    }
    let monday = ways(&site.get("/"), "/explain/");
    assert_eq!(monday.len(), 7, "{monday:?}");
    for to in &monday {
        let page = told(|| site.get(to));
        assert_eq!(page.status, 200, "{to}");
        says(
            &page,
            &explained(&site, &to["/explain/".len()..], None, &as_of),
        );
    }
    for none in [
        "/explain/nothing".to_owned(),
        format!("/explain/nothing?group={GROUP}"),
        "/explain/repeat.repeat_rate".to_owned(),
        "/explain/repeat.repeat_rate?group=nobody".to_owned(),
        // Lists of persons are no figure.
        "/explain/people".to_owned(),
        "/explain/%3Cscript%3E".to_owned(),
    ] {
        let answer = site.get(&none);
        assert_eq!(answer.status, 404, "{none}");
        assert!(!answer.body.contains("<script"), "{none}");
    }
}

#[test]
fn whatever_a_page_calls_a_definition_has_its_words() {
    let site = Site::small(891);
    let definitions = site.get("/definitions");
    assert_eq!(definitions.status, 200);
    for entry in gatherd::metrics::entries() {
        let at = format!("id=\"{}\"", entry.key);
        assert!(definitions.body.contains(&at), "{at}");
    }
    let year = format!("/year/{}", chrono::Datelike::year(&chrono::Utc::now()));
    let year = told(|| site.get(&year));
    let ways = ways(&year, "/definitions#");
    assert!(ways.len() >= 14, "{ways:?}");
    for to in ways {
        let at = format!("id=\"{}\"", &to["/definitions#".len()..]);
        assert!(definitions.body.contains(&at), "{at}");
    }
}

#[test]
fn whoever_is_narrowed_is_told_of_their_groups_and_persons_only_to_whoever_may_see_them() {
    let lead = viewer("lead", LEAD, &format!("groups = [\"{GROUP}\"]"));
    let board = viewer("board", BOARD, "rights = [\"people\"]");
    let site = Site::of_viewers(892, &(lead + &board), BOARD);
    let report: Value = serde_json::from_str(&site.seen(BOARD, "/api/report").body).unwrap();
    let as_of = report["as_of"].as_str().unwrap().to_owned();
    let groups = report["groups"].as_array().unwrap();
    let urlnames: Vec<&str> = groups
        .iter()
        .map(|it| it["urlname"].as_str().unwrap())
        .collect();
    let other = urlnames.iter().find(|it| **it != GROUP).unwrap();
    let figure = |group: &str| format!("/explain/repeat.repeat_rate?group={group}");
    assert_eq!(site.seen(BOARD, &figure(other)).status, 200);
    assert_eq!(site.seen(LEAD, &figure(other)).status, 404);
    // Of the network: those of their part alone.
    let met = "/explain/network.groups_met_365";
    let (part, all) = (
        told(|| site.seen(LEAD, met)),
        told(|| site.seen(BOARD, met)),
    );
    for urlname in urlnames.iter().filter(|it| **it != GROUP) {
        assert!(!part.body.contains(urlname), "{urlname}");
    }
    assert!(part.text().contains("Figure 1 "), "{}", part.text());
    assert!(part.text().contains("Of your part of the groups"));
    says(
        &all,
        &explained(&site, "network.groups_met_365", None, &as_of),
    );
    // The same rows, with names for one and without for the other.
    let rows = explained(&site, "repeat.repeat_rate", Some(GROUP), &as_of);
    let rows = rows["rows"].as_array().unwrap();
    let mut names = rows.iter().filter_map(|row| row["name"].as_str());
    let (with, without) = (
        site.seen(BOARD, &figure(GROUP)),
        site.seen(LEAD, &figure(GROUP)),
    );
    let name = names.next().expect("somebody has a name");
    assert!(with.text().contains(name), "no {name} in {}", with.text());
    for name in std::iter::once(name).chain(names).filter(|it| it.len() > 3) {
        assert!(!without.text().contains(name), "{name}");
    }
    assert_eq!(site.get(&figure(GROUP)).status, 401);
}
