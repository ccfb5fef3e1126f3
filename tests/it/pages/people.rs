//! The page that names persons.

use super::{BOARD, LEAD, Site, viewer};
use crate::program::until;
use serde_json::Value;

#[test]
fn persons_are_named_to_whoever_has_that_right_and_to_nobody_else() {
    let lead = viewer("lead", LEAD, "rights = [\"people\"]");
    let board = viewer("board", BOARD, "rights = [\"write\"]");
    let site = Site::of_viewers(886, &(lead + &board), LEAD);
    // The lists are made once somebody asks for them.
    until("the lists are there", || {
        site.seen(LEAD, "/people").body.contains("Ambassadors")
    });
    let report: Value = serde_json::from_str(&site.seen(LEAD, "/api/report").body).unwrap();
    assert!(report.get("people").is_none());
    let as_of = report["as_of"].as_str().unwrap();
    let asked = ["report", "--names", "--format", "json", "--as-of", as_of];
    let report: Value = serde_json::from_str(&site.program.run(&asked).exits(0).out).unwrap();
    let (page, refused) = (site.seen(LEAD, "/people"), site.seen(BOARD, "/people"));
    assert_eq!((page.status, refused.status), (200, 403));
    let said = page.text();
    let people = &report["people"];
    for (list, heading) in [("ambassadors", "Ambassadors"), ("missed", "People we miss")] {
        let all = people[list].as_array().unwrap();
        assert!(
            said.contains(&format!("{heading} ({})", all.len())),
            "{said}"
        );
        for person in all {
            let name = person["name"].as_str().unwrap_or("(no name)");
            let reasons: Vec<&str> = person["reasons"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it.as_str().unwrap())
                .collect();
            assert!(said.contains(name), "no {name:?} in {said}");
            assert!(
                said.contains(&reasons.join(" ")),
                "no {reasons:?} in {said}"
            );
            assert!(!refused.body.contains(name), "{name}");
        }
    }
    assert!(!people["ambassadors"].as_array().unwrap().is_empty());
    // Who may not see it is not led there.
    for (token, is_led) in [(LEAD, true), (BOARD, false)] {
        assert_eq!(
            site.seen(token, "/groups")
                .body
                .contains("href=\"/people\""),
            is_led
        );
    }
    assert_eq!(site.get("/people").status, 401);
}
