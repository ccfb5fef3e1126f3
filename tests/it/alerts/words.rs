//! How alerts read.

use chrono::Duration;
use gatherd::community::{GoneWhy, GroupStatus, TieStatus};
use gatherd::metrics::SoonState;
use gatherd::report::alerts::{self, Tiding};
use gatherd::report::message::{Message, Span};

use super::diary::*;

fn text(message: &Message) -> String {
    let mut out = format!("# {}\n", message.title);
    let lines = |lines: &[gatherd::report::message::Line]| -> String {
        lines
            .iter()
            .map(|line| {
                let spans = line.0.iter().map(|span| match span {
                    Span::Plain(text) | Span::Bold(text) | Span::Code(text) => text.clone(),
                    Span::Link { text, .. } => format!("[{text}]"),
                });
                format!("{}\n", spans.collect::<String>())
            })
            .collect()
    };
    for section in &message.sections {
        out.push_str(&format!(
            "## {}\n",
            section.heading.as_deref().unwrap_or("")
        ));
        out.push_str(&lines(&section.lines));
        for entry in &section.entries {
            out.push_str(&lines(&entry.lines));
        }
        if section.unlisted > 0 {
            out.push_str(&format!("and {} more\n", section.unlisted));
        }
    }
    out + &lines(&message.footer)
}

fn everything() -> Vec<Tiding> {
    let now = start();
    let mut towns = [
        "berlin", "kano", "lima", "oslo", "paris", "rome", "tokyo", "turin",
    ]
    .map(group);
    towns[0].soon = vec![soon("t1", now + Duration::hours(30), SoonState::On)];
    towns[1].events_ever = 0;
    towns[1].last_event = None;
    towns[6].last_event = Some(event("last", now - Duration::days(400)));
    let mut diary = Diary::knowing(&towns);
    towns[0].soon[0].state = SoonState::Cancelled;
    towns[1].next_event = Some(event("first", now + Duration::days(12)));
    towns[2].former_leaders = vec![(person("Ana"), now)];
    towns[2].leaders.clear();
    towns[3].hosts[0].is_here = Some(false);
    towns[3].hosts[0].left_at = Some(now);
    towns[4].status = GroupStatus::Grace;
    towns[5].tie_status = Some(TieStatus::Delisted);
    towns[6].next_event = Some(event("again", now + Duration::days(20)));
    towns[7].is_gone = true;
    towns[7].gone_why = Some(GoneWhy::Left);
    diary
        .kinds
        .retain(|kind| !matches!(kind.as_str(), "overdue" | "quiet"));
    diary.look(&towns)
}

#[test]
fn many_at_once_are_one_message_in_words_for_whoever_they_speak_of() {
    let tidings = everything();
    let all: Vec<&Tiding> = tidings.iter().collect();
    let message = alerts::message(&all, Some(start()));
    insta::assert_snapshot!(text(&message), @r"
    # News of 8 groups
    ## Cancelled shortly before
    [ACME berlin] · [Evening t1] · The event of Tue 16 Jun, 18:00 is cancelled. 12 people had said yes.
    → [Ana]
    ## Needs an organizer
    [ACME lima] · Nobody leads it any more: Ana, who led it last, has left (15 Jun). Ask who hosted in the last 180 days whether they would take it on.
    → [Ben]
    ## The last active host left
    [ACME oslo] · Ben, the only one who hosted in the last 180 days (most recently on 25 May), has left. Ask who could host next.
    → [Ana]
    ## Standing at Meetup
    [ACME paris] · The organizer's subscription at Meetup has lapsed (GRACE); unless it is renewed or somebody else takes over, Meetup freezes the group after 15 days.
    → [Ana]
    [ACME rome] · It is delisted: the network does not show it any more.
    → [Ana]
    [ACME turin] · It has left the network. What is known of it is kept.
    → [Ana]
    ## Meets again
    [ACME tokyo] · [Evening again] · It has announced an event again, for Sun 5 Jul, 12:00. It last met 13 months ago.
    → [Ana]
    ## First event
    [ACME kano] · [Evening first] · It has announced its first event, for Sat 27 Jun, 12:00.
    → [Ana]
    Data to Mon 15 Jun 12:00 UTC.
    ");
}

#[test]
fn one_alone_is_its_own_headline() {
    let tidings = everything();
    let message = alerts::message(&[&tidings[1]], None);
    assert_eq!(
        message.fallback,
        "ACME lima: needs an organizer. Nobody leads it any more: Ana, who led it last, has left (15 Jun). \
         Ask who hosted in the last 180 days whether they would take it on."
    );
}

#[test]
fn more_than_ten_under_one_heading_are_counted() {
    let names: Vec<String> = (0..25).map(|n| format!("g{n:02}")).collect();
    let mut towns: Vec<_> = names.iter().map(|name| group(name)).collect();
    let mut diary = Diary::knowing(&towns);
    for town in &mut towns {
        town.leaders.clear();
    }
    let tidings = diary.look(&towns);
    let all: Vec<&Tiding> = tidings.iter().collect();
    let message = alerts::message(&all, None);
    assert_eq!(message.title, "News of 25 groups");
    assert_eq!(message.sections.len(), 1);
    assert_eq!(message.sections[0].entries.len(), 10);
    assert_eq!(message.sections[0].unlisted, 15);
    assert_eq!(
        alerts::document(&all, start(), None)["alerts"]
            .as_array()
            .unwrap()
            .len(),
        25
    );
}

#[test]
fn a_program_gets_the_same_as_a_document() {
    let tidings = everything();
    let document = alerts::document(&[&tidings[0]], start(), Some(start()));
    let expected = serde_json::json!({
        "schema_version": 1,
        "about": "groups",
        "generated_at": "2026-06-15T12:00:00Z",
        "last_pass_at": "2026-06-15T12:00:00Z",
        "alerts": [{
            "kind": "cancelled_soon",
            "sentence": "The event of Tue 16 Jun, 18:00 is cancelled. 12 people had said yes.",
            "remedy": null,
            "noticed_at": "2026-06-15T12:00:00Z",
            "group": {
                "id": "berlin", "urlname": "berlin", "name": "ACME berlin",
                "link": "https://www.meetup.com/berlin/", "country": "de", "timezone": "UTC"
            },
            "event": {
                "token": "t1", "title": "Evening t1", "starts_at": "2026-06-16T18:00:00Z",
                "url": "https://www.meetup.com/acme/events/t1/"
            },
            "leaders": [{
                "name": "Ana", "role": "ORGANIZER", "link": "https://www.meetup.com/acme/members/ana/"
            }]
        }]
    });
    assert_eq!(document, expected);
}
