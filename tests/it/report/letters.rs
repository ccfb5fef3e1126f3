//! Letters: what is said in them is counted again, in each language and for each cause.

use super::{report_on, settings, story};
use crate::world::{A, DAY, World};
use gatherd::community::{Cause, Language};
use gatherd::report::{GroupReport, letter};

/// The numbers of a text, thousands taken together.
fn numbers(text: &str) -> Vec<i64> {
    let mut found = Vec::new();
    let signs: Vec<char> = text.chars().collect();
    let mut digits = String::new();
    for (at, sign) in signs.iter().enumerate() {
        let follows = signs.get(at + 1).is_some_and(char::is_ascii_digit);
        let parts = ",.\u{202f}".contains(*sign) && !digits.is_empty() && follows;
        match sign {
            sign if sign.is_ascii_digit() => digits.push(*sign),
            _ if parts => {}
            _ => {
                found.extend(digits.parse::<i64>());
                digits.clear();
            }
        }
    }
    found
}

/// Every number that may stand in a letter about a group, counted from its rows.
fn countable(world: &World, group: &GroupReport) -> Vec<i64> {
    let at = world
        .groups
        .iter()
        .position(|it| it.urlname == group.figures.urlname);
    let at = at.unwrap();
    let mut counts = vec![12];
    let day = |starts: i64| {
        let date = chrono::DateTime::from_timestamp(starts, 0)
            .unwrap()
            .date_naive();
        use chrono::Datelike as _;
        [i64::from(date.day()), i64::from(date.year())]
    };
    let mut people = std::collections::BTreeSet::new();
    let mut events = 0;
    for event in world.events.iter().filter(|it| it.group == at) {
        let starts = event.starts.unwrap();
        let yes: Vec<u32> = event.rsvps.iter().map(|it| it.person).collect();
        counts.push(yes.len() as i64);
        counts.extend(day(starts + event.offset));
        counts.extend(day(starts + event.offset + 180 * DAY));
        if starts <= A && starts > A - 365 * DAY {
            events += 1;
            people.extend(yes);
        }
    }
    counts.extend([events, people.len() as i64]);
    let members = world.groups[at]
        .members
        .iter()
        .filter(|it| it.gone.is_none());
    counts.push(members.count() as i64);
    let ours = world
        .events
        .iter()
        .filter(|it| it.group == at && it.hosts == [50]);
    counts.push(ours.count() as i64);
    counts
}

#[test]
fn each_language_has_a_text_for_each_cause_and_each_number_in_it_can_be_counted() {
    let world = story();
    let report = report_on(&world, &settings());
    for group in &report.groups {
        let countable = countable(&world, group);
        for language in Language::ALL.iter().copied() {
            let mut texts = Vec::new();
            for cause in Cause::ALL.iter().copied().map(Some).chain([None]) {
                let text = letter(group, cause).worded(language);
                let (name, link) = (&group.figures.name, &group.figures.link);
                assert!(text.ends_with(&format!("{name}\n{link}\n")), "{text}");
                let said = text.replace(name.as_str(), "").replace(link.as_str(), "");
                assert!(
                    !said.contains(['{', '}', '[', ']', '<', '>', '_']),
                    "{text}"
                );
                assert!(!said.to_lowercase().contains("none"), "{text}");
                assert_eq!(said.matches('?').count(), 1, "one question: {text}");
                for number in numbers(&said) {
                    assert!(
                        countable.contains(&number),
                        "{number} in {countable:?}: {text}"
                    );
                }
                assert!(
                    text.lines().all(|line| line.chars().count() <= 80),
                    "{text}"
                );
                let words = text.split_whitespace().count();
                assert!((15..=110).contains(&words), "{words} words: {text}");
                assert!(
                    text.replace('\n', " ").matches(name.as_str()).count() >= 2
                        || name.contains(' '),
                    "{text}"
                );
                texts.push(text);
            }
            texts.sort();
            texts.dedup();
            assert!(texts.len() >= 7, "{} texts", texts.len());
        }
    }
}

#[test]
fn languages_differ_and_none_of_them_blames() {
    let report = report_on(&story(), &settings());
    for group in &report.groups {
        for cause in Cause::ALL.iter().copied().map(Some).chain([None]) {
            let all = Language::ALL.iter();
            let mut texts: Vec<String> = all.map(|it| letter(group, cause).worded(*it)).collect();
            texts.sort();
            assert!(texts.windows(2).all(|two| two[0] != two[1]));
            let english = letter(group, cause).worded(Language::En).to_lowercase();
            for word in [
                "overdue", "inactive", "dormant", "dead", "fail", "should", "must", "risk",
                "policy", "late ",
            ] {
                assert!(!english.contains(word), "{word}: {english}");
            }
        }
    }
}

fn of(world: &World, urlname: &str, cause: Option<Cause>, language: Language) -> String {
    let report = report_on(world, &settings());
    let group = report.group(urlname).unwrap();
    letter(group, cause).worded(language)
}

#[test]
fn a_group_in_good_health_is_thanked_and_asked_for_the_date_after_the_next() {
    insta::assert_snapshot!(of(&story(), "kathmandu", None, Language::En), @r"
    Hello,

    Thank you for everything you do for ACME काठमाडौं 👩‍💻. In the last 12
    months there were 12 events, and 16 people said yes. The next event is
    on 2 July, and 2 people have said yes so far.

    Do you already have an idea for the date after that?

    Thank you, and all the best!

    ACME काठमाडौं 👩‍💻
    https://www.meetup.com/kathmandu/
    ");
}

#[test]
fn counts_of_one_are_said_as_one_and_years_only_where_they_are_others() {
    let mut world = World::default();
    let group = world.group("oslo");
    world.met(group, 200, &[1]);
    let told = |language: &Language| {
        let text = of(&world, "oslo", Some(Cause::Quiet), *language);
        let paragraph = text.split("\n\n").nth(1).unwrap().to_owned();
        paragraph.replace(['\n', '\u{a0}'], " ")
    };
    let told: Vec<String> = Language::ALL.iter().map(told).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    ACME oslo last met on 27 November 2025; 1 person said yes.
    ACME oslo se reunió por última vez el 27 de noviembre de 2025; 1 persona dijo que sí.
    La dernière rencontre d'ACME oslo a eu lieu le 27 novembre 2025 ; 1 personne a répondu oui.
    ACME oslo hat sich zuletzt am 27. November 2025 getroffen; 1 Person hat zugesagt.
    O último encontro de ACME oslo foi em 27 de novembro de 2025; 1 pessoa disse que sim.
    ");
    // And of two, of this year.
    world.met(group, 100, &[1, 2]);
    let told = |language: &Language| {
        let text = of(&world, "oslo", Some(Cause::MostlyOurs), *language);
        text.split("\n\n")
            .nth(1)
            .unwrap()
            .replace(['\n', '\u{a0}'], " ")
    };
    let told: Vec<String> = Language::ALL.iter().map(told).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    ACME oslo last met on 7 March; 2 people said yes. In the last 12 months there were 2 events, and 2 people said yes.
    ACME oslo se reunió por última vez el 7 de marzo; 2 personas dijeron que sí. En los últimos 12 meses hubo 2 encuentros, y 2 personas dijeron que sí.
    La dernière rencontre d'ACME oslo a eu lieu le 7 mars ; 2 personnes ont répondu oui. Au cours des 12 derniers mois, il y a eu 2 rencontres, et 2 personnes ont répondu oui.
    ACME oslo hat sich zuletzt am 7. März getroffen; 2 Personen haben zugesagt. In den letzten 12 Monaten gab es 2 Treffen, und 2 Personen haben zugesagt.
    O último encontro de ACME oslo foi em 7 de março; 2 pessoas disseram que sim. Nos últimos 12 meses houve 2 encontros, e 2 pessoas disseram que sim.
    ");
}

#[test]
fn a_member_count_over_a_thousand_is_written_as_the_language_does() {
    let mut world = World::default();
    let group = world.group("oslo");
    for person in 0..1_234 {
        world.member(group, person, "MEMBER", "ACTIVE");
    }
    for (language, written) in [
        (Language::En, "1,234 members"),
        (Language::Es, "1.234 miembros"),
        (Language::Fr, "1\u{202f}234 membres"),
        (Language::De, "1.234 Mitglieder"),
        (Language::Pt, "1.234 membros"),
    ] {
        let text = of(&world, "oslo", Some(Cause::NotBegun), language);
        let text = text.replace('\n', " ");
        assert!(text.contains(written), "{text}");
    }
}

#[test]
fn a_beginning_is_told_of_by_its_first_event_alone() {
    let told = |fill: &dyn Fn(&mut World, usize)| {
        let mut world = World::default();
        let group = world.group("oslo");
        fill(&mut world, group);
        let text = of(&world, "oslo", Some(Cause::SecondDate), Language::En);
        let paragraph = text.split("\n\n").nth(1).unwrap().replace('\n', " ");
        paragraph.split_once(" on ").unwrap().0.to_owned()
    };
    let first = told(&|w, g| {
        w.met(g, 40, &[1]);
    });
    assert_eq!(first, "It was good to see the first event of ACME oslo");
    let second = told(&|w, g| {
        w.met(g, 80, &[1]);
        w.met(g, 40, &[1]);
    });
    assert_eq!(second, "ACME oslo last met");
    let again = |since: &[i64]| {
        told(&|w, g| {
            w.met(g, 1_000, &[1]);
            for days in since {
                w.met(g, *days, &[1]);
            }
        })
    };
    assert_eq!(again(&[40]), "It was good to see ACME oslo meet again");
    assert_eq!(again(&[70, 40]), "ACME oslo last met");
}
