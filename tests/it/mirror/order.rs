//! An older answer never overwrites a newer one.

use std::collections::HashSet;

use gatherd::community::*;
use gatherd::mirror::*;
use proptest::prelude::*;

use super::samples::*;

/// What is kept of the one RSVP: presence, then values.
fn kept(sample: &Sample) -> String {
    sample.one(
        "SELECT gone_at IS NOT NULL, status, guest_count, coalesce(updated_at, 'null') FROM rsvps",
    )
}

fn show(sample: &Sample, event: EventKey, guests: i64, updated: Option<i64>, asked: i64) {
    let row = Rsvp {
        guest_count: guests,
        ..rsvp("44", updated)
    };
    sample.put(|w| w.record_rsvps(event, &[row], asked));
}

fn miss(sample: &Sample, event: EventKey, asked: i64) {
    let (nobody, none) = (HashSet::new(), sign(&[]));
    sample.put(|w| w.finish_full_walk(event, &nobody, &none, &none, Some(at(NOW)), asked));
}

#[test]
fn a_lower_updated_loses_even_to_an_earlier_question() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    show(&sample, event, 2, Some(-10), 5);
    show(&sample, event, 1, Some(-20), 9);
    assert!(kept(&sample).starts_with("0|YES|2|"));
    show(&sample, event, 3, Some(-5), 4);
    assert!(kept(&sample).starts_with("0|YES|3|"));
}

#[test]
fn where_updated_is_equal_or_null_the_later_question_wins() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    show(&sample, event, 1, Some(-10), 5);
    show(&sample, event, 2, Some(-10), 6);
    show(&sample, event, 1, Some(-10), 5);
    assert!(kept(&sample).starts_with("0|YES|2|"));
    show(&sample, event, 3, None, 4);
    assert!(kept(&sample).starts_with("0|YES|2|"));
    show(&sample, event, 4, None, 7);
    assert_eq!(kept(&sample), "0|YES|4|null");
}

#[test]
fn a_row_found_gone_stays_gone_for_earlier_questions_and_is_back_for_later_ones() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    show(&sample, event, 0, Some(-10), 5);
    miss(&sample, event, 8);
    assert!(kept(&sample).starts_with("1|"));
    show(&sample, event, 0, Some(-10), 7);
    assert!(kept(&sample).starts_with("1|"));
    show(&sample, event, 0, Some(-10), 9);
    assert!(kept(&sample).starts_with("0|"));
    // Question 9 showed it, so an earlier one cannot have found it gone since.
    miss(&sample, event, 8);
    assert!(kept(&sample).starts_with("0|"));
}

#[test]
fn going_holds_over_a_restart() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    show(&sample, event, 0, Some(-10), 5);
    miss(&sample, event, 8);
    let sample = sample.reopened();
    show(&sample, event, 0, Some(-10), 7);
    assert!(kept(&sample).starts_with("1|"));
    show(&sample, event, 0, Some(-10), 9);
    assert!(kept(&sample).starts_with("0|"));
}

#[test]
fn an_answer_that_only_confirmed_a_row_still_beats_earlier_ones() {
    let sample = Sample::new();
    sample.with_event();
    let named = |name: &str| Group {
        name: name.to_owned(),
        ..group("g1")
    };
    sample.put(|w| w.record_group(&named("new"), 5));
    sample.put(|w| w.record_group(&named("new"), 9));
    sample.put(|w| w.record_group(&named("old"), 7));
    sample.put(|w| w.mark_group_gone(GroupKey(1), GoneWhy::Left, 8));
    assert_eq!(
        sample.one("SELECT name, gone_at IS NULL FROM groups"),
        "new|1"
    );
}

#[test]
fn what_a_lost_transaction_confirmed_binds_no_other_row_with_its_key() {
    let sample = Sample::new();
    let lost = sample.write(at(NOW), |w| {
        w.record_group(&group("lost"), 10)?;
        w.record_group(&group("lost"), 20)?;
        Err::<(), _>(MirrorError::Busy { path: "x".into() })
    });
    assert!(lost.is_err());
    sample.put(|w| w.record_group(&group("g1"), 11));
    let renamed = Group {
        name: "renamed".to_owned(),
        ..group("g1")
    };
    sample.put(|w| w.record_group(&renamed, 12));
    assert_eq!(sample.one("SELECT name FROM groups"), "renamed");
}

/// An answer about the one RSVP.
#[derive(Debug, Clone)]
enum Answer {
    Shown { guests: i64, updated: Option<i64> },
    Missing,
}

/// Whether the values of the first beat those of the second, by the law; the second number of each is
/// the question's.
fn beats(one: (Option<i64>, i64), other: (Option<i64>, i64)) -> bool {
    match (one.0, other.0) {
        (Some(a), Some(b)) if a != b => a > b,
        _ => one.1 > other.1,
    }
}

fn answers() -> impl Strategy<Value = Vec<(i64, Answer)>> {
    let answer = prop_oneof![
        4 => (0..4_i64, prop_oneof![4 => (-3..0_i64).prop_map(Some), 1 => Just(None)])
            .prop_map(|(guests, updated)| Answer::Shown { guests, updated }),
        1 => Just(Answer::Missing),
    ];
    proptest::collection::vec(answer, 1..7)
        .prop_map(|answers| (10..).zip(answers).collect::<Vec<_>>())
        .prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_of_answers_ends_as_if_only_the_winner_had_come(answers in answers()) {
        let sample = &Sample::new();
            let event = sample.with_event().1;
            for (asked, answer) in &answers {
                match answer {
                    Answer::Shown { guests, updated } => show(sample, event, *guests, *updated, *asked),
                    Answer::Missing => miss(sample, event, *asked),
                }
            }
            let shown: Vec<_> = answers.iter().filter_map(|(asked, answer)| match answer {
                Answer::Shown { guests, updated } => Some((*asked, *guests, *updated)),
                Answer::Missing => None,
            }).collect();
            if shown.is_empty() {
                prop_assert_eq!(sample.one("SELECT count(*) FROM rsvps"), "0");
                return Ok(());
            }
            let last_shown = shown.iter().map(|(asked, ..)| *asked).max().unwrap();
            // A row that was not there yet could not be found missing.
            let first = answers.iter().position(|(_, answer)| matches!(answer, Answer::Shown { .. })).unwrap();
            let last_missed = answers[first..].iter()
                .filter(|(_, answer)| matches!(answer, Answer::Missing)).map(|(asked, _)| *asked).max();
            let is_gone = last_missed.is_some_and(|missed| missed > last_shown);
            prop_assert_eq!(sample.one("SELECT gone_at IS NOT NULL FROM rsvps"), i64::from(is_gone).to_string());
            // With nulls in between the law can go round in circles; where it names a winner, that is it.
            let winner = shown.iter().find(|one| {
                shown.iter().all(|other| other.0 == one.0 || beats((one.2, one.0), (other.2, other.0)))
            });
            if let Some((_, guests, _)) = winner {
                prop_assert_eq!(sample.one("SELECT guest_count FROM rsvps"), guests.to_string());
            }
    }

    #[test]
    fn any_interleaving_of_answers_about_other_rows_ends_as_the_latest_question_found(
        answers in proptest::collection::vec(prop_oneof![4 => (0..3_usize).prop_map(Some), 1 => Just(None)], 1..8)
            .prop_map(|answers| (10..).zip(answers).collect::<Vec<(i64, Option<usize>)>>()).prop_shuffle()
    ) {
        let sample = &Sample::new();
            let (grp, event_key) = sample.with_event();
            sample.put(|w| w.record_memberships(grp, &[membership("8")], 1));
            let words = ["one", "two", "three"];
            for (asked, answer) in &answers {
                sample.put(|w| match answer {
                    Some(at) => {
                        let word = words[*at].to_owned();
                        w.record_group(&Group { name: word.clone(), ..group("g1") }, *asked)?;
                        let place = Venue { name: Some(word.clone()), ..venue("v1") };
                        let host = Member { id: "77".into(), name: Some(word.clone()) };
                        w.record_event(
                            &Event { title: word.clone(), venues: Some(vec![place]), hosts: Some(vec![host]), ..event("t1", "g1") },
                            *asked,
                        )?;
                        w.record_memberships(grp, &[Membership { role: Some(word.into()), ..membership("8") }], *asked)
                    }
                    None => {
                        w.mark_group_gone(grp, GoneWhy::Deleted, *asked)?;
                        w.mark_event_gone(event_key, *asked)?;
                        w.mark_memberships_gone(grp, &["8".into()], *asked)?;
                        Ok(())
                    }
                });
            }
            let (_, last) = answers.iter().max_by_key(|(asked, _)| *asked).unwrap();
            let gone = i64::from(last.is_none());
            prop_assert_eq!(
                sample.one("SELECT (SELECT gone_at IS NOT NULL FROM groups), (SELECT gone_at IS NOT NULL FROM events),
                    (SELECT gone_at IS NOT NULL FROM memberships)"),
                format!("{gone}|{gone}|{gone}")
            );
            if let Some(at) = last {
                let word = words[*at];
                prop_assert_eq!(
                    sample.one("SELECT (SELECT name FROM groups), (SELECT title FROM events), (SELECT role FROM memberships),
                        (SELECT name FROM venues WHERE id = 'v1'), (SELECT name FROM members WHERE id = '77')"),
                    format!("{word}|{word}|{word}|{word}|{word}")
                );
            }
    }
}
