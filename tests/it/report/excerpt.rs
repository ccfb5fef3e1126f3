//! What programs get of a digest is small, whatever the size of the network.

use super::{instant, report_on, settings, story};
use crate::world::A;
use gatherd::community::{Cause, Named};
use gatherd::report::message::Message;
use gatherd::report::{Digest, Report, excerpt};
use serde_json::{Value, json};

/// The report with so many copies of its groups, under names of their own.
fn large(copies: usize) -> Report {
    let mut report = report_on(&story(), &settings());
    let groups = report.groups.clone();
    report.groups = (0..copies)
        .flat_map(|copy| {
            groups.iter().cloned().map(move |mut group| {
                group.figures.urlname = format!("{}-{copy:05}", group.figures.urlname);
                group.figures.id = format!("{}-{copy}", group.figures.id);
                group
            })
        })
        .collect();
    report
}

fn told(report: &Report) -> Value {
    let urged = report.groups.iter().filter(|it| !it.causes.is_empty());
    let please_write_to: Vec<Named> = urged
        .take(5)
        .map(|group| Named {
            id: group.figures.id.clone(),
            urlname: group.figures.urlname.clone(),
            causes: vec![Cause::Overdue],
        })
        .collect();
    let digest = Digest {
        message: Message::default(),
        please_write_to,
        answered: Vec::new(),
        changed: Vec::new(),
    };
    let document = excerpt(report, &digest).unwrap();
    let bytes = serde_json::to_string(&document).unwrap().len();
    assert!(bytes <= 256 * 1024, "{bytes} bytes");
    assert_eq!(document["please_write_to"].as_array().unwrap().len(), 5);
    document
}

#[test]
fn a_large_network_loses_leaders_first_then_what_is_known_of_groups_without_a_cause() {
    let keys = |document: &Value, has_cause: bool| -> Vec<String> {
        let mut groups = document["groups"].as_array().unwrap().iter();
        let group = groups.find(|it| {
            let causes = it.get("causes").and_then(Value::as_array);
            causes.is_some_and(|causes| !causes.is_empty()) == has_cause
        });
        group
            .unwrap()
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    let small = told(&large(1));
    assert_eq!(small["truncated"], Value::Null);
    assert!(keys(&small, true).contains(&"leaders".to_owned()));
    assert_eq!(small["as_of"], json!(instant(A)));
    let mut steps = Vec::new();
    for copies in (4..64).step_by(2).chain([120, 400, 3_000]) {
        let report = large(copies);
        let document = told(&report);
        let truncated = document["truncated"].clone();
        if truncated == json!(["leaders"]) {
            assert!(!keys(&document, true).contains(&"leaders".to_owned()));
            assert!(keys(&document, false).contains(&"cadence".to_owned()));
            let leaders = document["please_write_to"][0]["leaders"].as_array();
            assert!(leaders.is_some());
        }
        if truncated == json!(["leaders", "groups"]) {
            assert_eq!(keys(&document, false), ["status", "urlname"]);
            assert!(keys(&document, true).contains(&"cadence".to_owned()));
        }
        if copies < 400 {
            assert_eq!(
                document["groups"].as_array().unwrap().len(),
                report.groups.len()
            );
        }
        if !steps.contains(&truncated) {
            steps.push(truncated);
        }
    }
    assert!(steps.contains(&json!(["leaders"])), "{steps:?}");
    assert!(steps.contains(&json!(["leaders", "groups"])), "{steps:?}");
}
