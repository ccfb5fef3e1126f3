//! The decoding of every operation.

use super::between::{community, forwarded, say};
use super::{PLACE, SPELLINGS, TEXTS, mutate, seed, tries, written};
use crate::meetup::fake::{Fake, meetup};
use gatherd::community::{EventId, GroupId, MemberId};
use gatherd::demo::{Dice, Simulated, Switches};
use gatherd::meetup::{AskError, Meetup, RsvpOrder, Span};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Every operation, as `graphql/` names it.
const OPERATIONS: &[&str] = &[
    "EventRsvps",
    "EventsById",
    "GroupEvents",
    "GroupEventsRiding",
    "GroupMemberships",
    "GroupsById",
    "GroupsByUrlname",
    "NetworkEvents",
    "NetworkEventsRiding",
    "NetworkGroupIds",
    "NetworkGroups",
];

fn folder() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/answers").into()
}

/// The kept answers, with the operations that they answer.
fn kept() -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    kept.sort();
    kept
}

/// Asks an operation, whatever about.
async fn ask(
    meetup: &Meetup,
    operation: &str,
    group: &GroupId,
    event: &EventId,
) -> Result<(), AskError> {
    let now = chrono::Utc::now();
    let span = Span::default();
    match operation {
        "EventRsvps" => meetup
            .event_rsvps(event, RsvpOrder::ById, None)
            .await
            .map(drop),
        "EventsById" => meetup
            .events_by_id(std::slice::from_ref(event))
            .await
            .map(drop),
        "GroupEvents" => meetup
            .group_events(group, span, None, false)
            .await
            .map(drop),
        "GroupEventsRiding" => meetup.group_events(group, span, None, true).await.map(drop),
        "GroupMemberships" => {
            meetup.members_of(group, &[MemberId::from("7")]).await?;
            meetup.memberships(group, None, true).await.map(drop)
        }
        "GroupsById" => meetup
            .groups_by_id(std::slice::from_ref(group), now)
            .await
            .map(drop),
        "GroupsByUrlname" => meetup
            .groups_by_urlname(&["sized-group-0000"], now)
            .await
            .map(drop),
        "NetworkEvents" => meetup
            .network_events("sized", span, None, None, false)
            .await
            .map(drop),
        "NetworkEventsRiding" => meetup
            .network_events("sized", span, None, None, true)
            .await
            .map(drop),
        "NetworkGroupIds" => meetup
            .network_group_ids("sized", None, false, None)
            .await
            .map(drop),
        "NetworkGroups" => meetup.network_groups("sized", None, None).await.map(drop),
        other => panic!("{other} is not known here"),
    }
}

/// Meetup with an answer to be read, whatever is asked.
struct Reader {
    fake: Fake,
    meetup: Meetup,
    answer: Arc<Mutex<String>>,
}

impl Reader {
    async fn new() -> Self {
        let answer: Arc<Mutex<String>> = Arc::default();
        let given = answer.clone();
        let fake = Fake::start(move |_| say(&given.lock().unwrap())).await;
        let (meetup, _) = meetup(&fake.url);
        Self {
            fake,
            meetup,
            answer,
        }
    }

    /// Asks for this answer; it must be read, or refused in few words.
    async fn reads(&self, operation: &str, answer: String, what: &str) -> Result<(), AskError> {
        let before = self.fake.heard().len();
        *self.answer.lock().unwrap() = answer;
        let (group, event) = (GroupId::from("7"), EventId::from("7"));
        let asked = ask(&self.meetup, operation, &group, &event);
        let asked = tokio::time::timeout(std::time::Duration::from_secs(300), asked).await;
        let asked = asked.unwrap_or_else(|_| panic!("{what}: hangs"));
        if let Err(error) = &asked {
            let said = error.to_string();
            assert!(said.chars().count() < 1_000, "{what}: {said}");
            let requests = self.fake.heard().len() - before;
            assert!(requests <= 8, "{what}: {requests} requests");
        }
        asked
    }
}

/// Makes the kept answers; run by hand when an operation asks for more than before.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the kept answers"]
async fn answers_are_kept() {
    let world = community(5);
    let sim = Simulated::start(world, Switches::unlimited()).unwrap();
    let (group, event) = sim.with_world(|world| {
        let (at, group) = world.groups().next().unwrap();
        let event = world.events_of(at).next().unwrap();
        (
            GroupId(group.id.to_string()),
            EventId(world.event(event).id.clone()),
        )
    });
    let last: Arc<Mutex<String>> = Arc::default();
    let (endpoint, heard_last) = (sim.endpoint(), last.clone());
    let fake = Fake::start(move |heard| {
        let body = forwarded(&endpoint, heard);
        heard_last.lock().unwrap().clone_from(&body);
        say(&body)
    })
    .await;
    let (meetup, _) = meetup(&fake.url);
    for operation in OPERATIONS {
        ask(&meetup, operation, &group, &event).await.unwrap();
        let mut answer: Value = serde_json::from_str(&last.lock().unwrap()).unwrap();
        shorten(&mut answer);
        let text = format!("{answer}\n");
        std::fs::write(folder().join(format!("{operation}.json")), text).unwrap();
    }
}

/// A few rows of each listing are enough.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(rows) => {
            rows.truncate(3);
            rows.iter_mut().for_each(shorten);
        }
        Value::Object(object) => {
            // Of things asked by their ids the first two: the rest is padding.
            object.retain(|name, _| {
                name.strip_prefix('a')
                    .is_none_or(|rest| rest.parse().map_or(true, |nth: u32| nth < 2))
            });
            object.values_mut().for_each(shorten);
        }
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kept_answer_is_read_or_refused() {
    let (kept, reader) = (kept(), Reader::new().await);
    for operation in OPERATIONS {
        let name = format!("{operation}.json");
        let (_, whole) = kept.iter().find(|(kept, _)| *kept == name).unwrap();
        reader
            .reads(operation, whole.clone(), &name)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for (name, answer) in kept {
        let operation = name.split('.').next().unwrap().to_owned();
        // Refused is well, too.
        let _ = reader.reads(&operation, answer, &name).await;
    }
}

/// Each text, and each strange spelling, in every place of one kind: numbers, texts, or all of them.
#[tokio::test(flavor = "multi_thread")]
async fn every_hostile_value_is_read_or_refused_wherever_it_stands() {
    let mut values: Vec<Value> = TEXTS.iter().map(|text| json!(text)).collect();
    values.extend([
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1.5),
        json!(7),
        json!(false),
        json!(null),
    ]);
    values.extend([json!("x".repeat(10_000)), json!({}), json!([[]])]);
    let mut answers: Vec<(String, String)> = Vec::new();
    for (nth, (name, answer)) in kept().into_iter().enumerate() {
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let operation = name.split('.').next().unwrap();
        for kind in 0..2 {
            // A third of the values with each answer, so that all of them meet a third of the operations.
            for value in values.iter().skip((nth + kind) % 3).step_by(3) {
                let mut spoilt = answer.clone();
                replace(&mut spoilt, kind == 0, value);
                answers.push((operation.to_owned(), spoilt.to_string()));
            }
            for spelling in SPELLINGS {
                let mut spoilt = answer.clone();
                replace(&mut spoilt, kind == 0, &json!(PLACE));
                let text = spoilt
                    .to_string()
                    .replace(&format!("\"{PLACE}\""), spelling);
                answers.push((operation.to_owned(), text));
            }
        }
    }
    let reader = Reader::new().await;
    for (operation, answer) in answers {
        let what = format!(
            "{operation}: {}",
            answer.chars().take(300).collect::<String>()
        );
        let _ = reader.reads(&operation, answer, &what).await;
    }
}

/// Puts a value in the place of every number, or of every text.
fn replace(answer: &mut Value, numbers: bool, by: &Value) {
    match answer {
        Value::Object(object) => object.values_mut().for_each(|it| replace(it, numbers, by)),
        Value::Array(rows) => rows.iter_mut().for_each(|it| replace(it, numbers, by)),
        Value::Number(_) if numbers => *answer = by.clone(),
        Value::String(_) if !numbers => *answer = by.clone(),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mutated_answer_is_read_or_refused() {
    let seed = seed();
    let mut dice = Dice::new(seed);
    let (kept, reader) = (kept(), Reader::new().await);
    for turn in 0..tries(300) {
        let (name, answer) = dice.pick(&kept).clone();
        let operation = name.split('.').next().unwrap().to_owned();
        let mut answer: Value = serde_json::from_str(&answer).unwrap();
        for _ in 0..1 + dice.below(3) {
            mutate(&mut answer, &mut dice);
        }
        let text = written(&answer, &mut dice);
        let what = format!("seed {seed}, turn {turn}, {name}: {text}");
        let _ = reader.reads(&operation, text, &what).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_too_deep_or_too_large_are_refused_without_being_kept() {
    let (most, deep) = (32 << 20, 200_000);
    for (what, answer) in [
        (
            "deep data",
            format!("{{\"data\":{}{}}}", "[".repeat(deep), "]".repeat(deep)),
        ),
        (
            "deep errors",
            format!("{{\"errors\":{}{}}}", "[".repeat(deep), "]".repeat(deep)),
        ),
        (
            "deep objects",
            format!(
                "{{\"data\":{}1{}}}",
                "{\"a\":".repeat(deep),
                "}".repeat(deep)
            ),
        ),
        (
            "a text of 32 MB",
            format!("{{\"data\":{{\"group\":\"{}\"}}}}", "x".repeat(most - 40)),
        ),
        ("one byte too many", " ".repeat(most + 1)),
        (
            "a number of a million digits",
            format!("{{\"data\":{{\"group\":{}}}}}", "9".repeat(1_000_000)),
        ),
        (
            "a million errors",
            format!(
                "{{\"data\":null,\"errors\":[{}1]}}",
                "{},".repeat(1_000_000)
            ),
        ),
    ] {
        let error = Reader::new()
            .await
            .reads("GroupMemberships", answer, what)
            .await;
        // A depth that nobody looks into is no harm.
        assert!(error.is_err() || what == "deep objects", "{what}");
    }
}
