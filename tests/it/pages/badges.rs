//! Badges: for everybody who has the address, of that group alone.

use super::Site;
use gatherd::chart::{Calendar, Theme, cells, strip, strip_within};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The months of a strip by their places, each with the class of its cell.
type Months = BTreeMap<usize, String>;

/// The months of the first strip in a text, whether it has classes or attributes.
fn months(text: &str) -> Months {
    let svg = text.split("</svg>").next().unwrap();
    let classes = classes();
    let mut months = Months::new();
    for path in svg.split("<path ").skip(1) {
        let (look, rest) = path.split_once(" d=\"").unwrap_or((path, ""));
        let Some(class) = classes.get(look) else {
            continue;
        };
        for cell in rest.split('"').next().unwrap().split('M').skip(1) {
            let (x, _) = cell.split_once(' ').unwrap();
            months.insert(x.parse::<usize>().unwrap() / 8, class.clone());
        }
    }
    months
}

/// Which class a cell has, by how it is written with classes and without: of a strip with every kind of month.
fn classes() -> HashMap<String, String> {
    let calendar = Calendar {
        this: 12,
        first: Some(3),
        held: vec![(4, 1), (5, 2)],
        announced: vec![(12, 1)],
        off: vec![7],
    };
    let cells = cells(&calendar, 1, 12);
    let (page, badge) = (strip(&cells), strip_within(&cells, Theme::Dark));
    let looks = |svg: &str| -> Vec<String> {
        svg.split("<path ")
            .skip(1)
            .map(|path| path.split_once(" d=\"").unwrap().0.to_owned())
            .filter(|look| !look.contains("c-running") && !look.contains("#ececec"))
            .collect()
    };
    let (page, badge) = (looks(&page), looks(&badge));
    assert_eq!((page.len(), badge.len()), (5, 5));
    let by_class = page.iter().map(|it| (it.clone(), it.clone()));
    by_class
        .chain(badge.into_iter().zip(page.clone()))
        .collect()
}

#[test]
fn a_badge_says_how_its_group_meets_and_when_next_to_whoever_has_its_address() {
    let site = Site::small(890);
    let report: Value = serde_json::from_str(&site.get("/api/report").body).unwrap();
    let groups = site.get("/groups").body;
    let mut badges = Vec::new();
    let mut drawn = 0;
    for group in report["groups"].as_array().unwrap() {
        let urlname = group["urlname"].as_str().unwrap();
        let page = site.get(&format!("/groups/{urlname}")).body;
        let at = page.split("<img src=\"").nth(1).unwrap();
        let badge = at.split('"').next().unwrap().to_owned();
        let svg = site.get(&badge);
        assert_eq!(svg.header("content-type"), ["image/svg+xml"]);
        assert_eq!(svg.header("cross-origin-resource-policy"), ["cross-origin"]);
        let json = site.get(&badge.replace(".svg", ".json"));
        let json: Value = serde_json::from_str(&json.body).unwrap();
        let message = json["message"].as_str().unwrap();
        assert!(
            svg.body.contains(&format!(">{message}</text>")),
            "{}",
            svg.body
        );
        let next = group["next_event"]["starts_local"].as_str();
        let next = next.map(|it| it[..10].parse::<chrono::NaiveDate>().unwrap());
        let ends = next.map(|day| format!("next {}", day.format("%-d %b")));
        assert_eq!(message.contains("next"), ends.is_some(), "{message}");
        assert!(message.ends_with(&ends.unwrap_or_default()), "{message}");
        if group["status"] == "on_target" {
            assert!(message.starts_with("meets "), "{message}");
        }
        // Its strip is the end of the one on the page of all groups.
        let row = groups
            .split(&format!("/groups/{urlname}\""))
            .nth(1)
            .unwrap();
        let page = months(row.split("class=\"c-strip\"").nth(1).unwrap());
        let last: Months = page
            .into_iter()
            .filter_map(|(at, look)| Some((at.checked_sub(12)?, look)))
            .collect();
        assert_eq!(months(&svg.body), last, "{urlname}");
        drawn += last.len();
        // Nothing else of the group is in it.
        assert!(!svg.body.contains(group["name"].as_str().unwrap()));
        badges.push(badge);
    }
    assert!(drawn > 40, "{drawn}");
    // From one badge nobody makes another.
    let token = |badge: &str| {
        badge
            .trim_start_matches("/badge/")
            .trim_end_matches(".svg")
            .to_owned()
    };
    let (one, other) = (token(&badges[0]), token(&badges[1]));
    let mixed = format!(
        "{}~{}",
        one.split('~').next().unwrap(),
        other.split('~').nth(1).unwrap()
    );
    for nothing in [mixed.as_str(), "abc", "~", ""] {
        assert_eq!(
            site.get(&format!("/badge/{nothing}.svg")).status,
            404,
            "{nothing}"
        );
    }
    assert_eq!(site.get(&format!("/badge/{one}.png")).status, 404);
}
