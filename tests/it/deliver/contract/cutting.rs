//! A digest of any size arrives: cut by whole groups, counted, with a word where the rest is.

use gatherd::report::message::{Entry, Line, Message, Section};

use super::super::digest;
use super::readers::assert_harmless_signs;
use super::seen;
use super::services::CHATS;

#[test]
fn what_does_not_fit_is_cut_by_whole_groups_and_counted() {
    for service in &CHATS {
        for groups in [1, 20, 60, 1000] {
            let text = seen(service, &digest(groups));
            let shown = text.matches("its longest in two years.").count() - 2;
            assert_eq!(
                text.matches("a longer pause than usual").count() - 2,
                shown,
                "no group is torn"
            );
            assert!(shown >= groups.min(10), "{}: {shown} shown", service.kind);
            let told = format!("and {} more; gatherd report lists them all", groups - shown);
            assert_eq!(
                text.contains(&told),
                shown < groups,
                "{}: {text}",
                service.kind
            );
            for kept in [
                "46 groups met",
                "Events",
                "Next two weeks",
                "all groups read",
            ] {
                assert!(text.contains(kept), "{}: no {kept} in {text}", service.kind);
            }
        }
    }
}

#[test]
fn groups_that_the_composer_left_out_are_counted_too() {
    let mut message = digest(2);
    message.sections[1].unlisted = 26;
    for service in &CHATS {
        assert!(seen(service, &message).contains("and 26 more; gatherd report"));
    }
}

#[test]
fn a_thousand_groups_with_names_of_ten_thousand_signs_still_arrive() {
    for sign in ["👋", "*@", "👩\u{200d}💻", "\u{202e}a"] {
        let name = sign.repeat(10_000 / sign.chars().count());
        let entry = || {
            Entry::of(vec![
                Line::default()
                    .link(&name, "https://www.meetup.com/x/")
                    .text(&name),
            ])
        };
        let message = Message {
            title: name.clone(),
            fallback: name.clone(),
            sections: vec![
                Section {
                    lines: vec![Line::plain(&name)],
                    ..Section::default()
                },
                Section {
                    heading: Some(name.clone()),
                    entries: (0..1000).map(|_| entry()).collect(),
                    ..Section::default()
                },
            ],
            elsewhere: "gatherd report lists them all".to_owned(),
            footer: vec![Line::plain(&name)],
        };
        for service in &CHATS {
            let text = seen(service, &message);
            assert!(
                text.contains('…') && text.contains(" more"),
                "{}",
                service.kind
            );
        }
    }
}

#[test]
fn no_sign_is_parted_at_a_cut() {
    // Whatever the length before it, the sign at the cut is there whole or not at all.
    for sign in ["👋", "👩\u{200d}💻", "🇳🇵", "e\u{301}", "👍🏽"] {
        for shift in 0..6 {
            let message = Message {
                title: "x".repeat(shift) + &sign.repeat(400),
                ..digest(1)
            };
            for service in &CHATS {
                let text = seen(service, &message);
                let title = text.lines().next().unwrap();
                assert_harmless_signs(title);
                let rest = title.trim_start_matches('x').trim_end_matches('…');
                assert_eq!(rest.replace(sign, ""), "", "{}: {title}", service.kind);
                assert!(title.ends_with('…'), "{}: {title}", service.kind);
            }
        }
    }
}

#[test]
fn an_empty_message_still_says_something() {
    for service in &CHATS {
        let text = seen(service, &Message::default());
        assert_eq!(text, "A message from gatherd", "{}", service.kind);
        let hollow = Message {
            title: "\u{202e}".to_owned(),
            sections: vec![Section::default(), Section::default()],
            footer: vec![Line::default()],
            ..Message::default()
        };
        assert_eq!(
            seen(service, &hollow),
            "A message from gatherd",
            "{}",
            service.kind
        );
        let sentence = Message {
            fallback: "All is well.".to_owned(),
            ..Message::default()
        };
        assert_eq!(seen(service, &sentence), "All is well.");
    }
}

#[test]
fn sections_beyond_what_fits_are_counted() {
    let section = |n: usize| Section {
        heading: Some(format!("Section {n} {}", "z".repeat(150))),
        ..Section::default()
    };
    let message = Message {
        sections: (0..900).map(section).collect(),
        elsewhere: "gatherd report lists them all".to_owned(),
        ..Message::default()
    };
    for service in &CHATS {
        let text = seen(service, &message);
        let shown = text.matches("Section ").count();
        let told = format!("and {} more sections; gatherd report", 900 - shown);
        assert!(text.contains(&told), "{}: {text}", service.kind);
    }
}
