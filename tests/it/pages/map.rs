//! The map.

use super::Site;
use crate::program::Program;
use gatherd::demo::world::GroupAt;
use gatherd::demo::{Switches, World};

#[test]
fn every_group_with_a_place_is_a_mark_and_a_row_and_the_others_are_listed() {
    let mut world = World::sized(885, 5, 50, 300, 100, chrono::Utc::now());
    for (nth, lat, lon) in [
        (0, 52.52, 13.4),
        (1, 52.52, 13.4),
        (2, -33.87, 151.2),
        (3, 0.0, 0.0),
        (4, 65.0, -179.9),
    ] {
        world.edit_group(GroupAt(nth), |group| {
            (group.lat, group.lon) = (lat, lon);
            group.name = format!("<b>Group {nth}");
        });
    }
    let site = Site::of(Program::on(world, Switches::unlimited()), "");
    site.waits_for_figures();
    let (page, report) = (site.get("/map"), site.report());
    assert!(page.text().contains("4 of 5 groups"), "{}", page.text());
    for group in report["groups"].as_array().unwrap() {
        let (urlname, status) = (
            group["urlname"].as_str().unwrap(),
            group["status"].as_str().unwrap(),
        );
        let nth = urlname.trim_start_matches("sized-group-000");
        let is_placed = nth != "3";
        let title = format!("<title>&lt;b&gt;Group {nth}: ");
        assert_eq!(page.body.contains(&title), is_placed, "{title}");
        let link = format!("href=\"/groups/{urlname}\"");
        assert_eq!(page.body.matches(&link).count(), 1, "{urlname}");
        let (marks, listed) = page.body.split_once("id=\"unplaced\"").unwrap();
        assert_eq!(listed.contains(&link), !is_placed);
        assert!(
            !is_placed || marks.contains(&format!("class=\"mark {status}\"")),
            "{status}"
        );
    }
    // Two groups of one place can both be seen.
    let marks: Vec<&str> = page
        .body
        .split("<path class=\"mark ")
        .skip(1)
        .filter(|it| it.contains("<title>"))
        .collect();
    let drawn: std::collections::BTreeSet<&str> = marks
        .iter()
        .map(|it| it.split("d=\"").nth(1).unwrap().split('"').next().unwrap())
        .collect();
    assert_eq!((marks.len(), drawn.len()), (4, 4));
    assert!(page.body.contains("role=\"img\""));
}
