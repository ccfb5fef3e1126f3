//! What came of asking.

use super::*;
use gatherd::metrics::Asks;

/// Ten groups silent since 100 days and asked 40 days ago; what they did since is for each to say.
fn asks(answers: &[Answer<'_>], fill: impl FnOnce(&mut World)) -> Option<Asks> {
    network(|w| {
        for (n, answer) in answers.iter().enumerate() {
            let g = w.group(&format!("asked-{n}"));
            w.met(g, 100, &[]);
            w.groups[g].asked = vec![A - 40 * DAY];
            answer(w, g);
        }
        fill(w);
    })
    .asks
}

type Answer<'a> = &'a dyn Fn(&mut World, usize);

fn nothing(_: &mut World, _: usize) {}

const SILENT: Answer<'_> = &nothing;

#[test]
fn asking_is_told_of_from_ten_groups_on() {
    assert_eq!(asks(&[SILENT; 9], |_| {}), None);
    let told = asks(&[SILENT; 10], |_| {}).unwrap();
    assert_eq!((told.asked, told.answered_90), (10, rate(0, 10)));
    let again = |w: &mut World, g: usize| w.groups[g].asked.push(A - 5 * DAY);
    let mut nine_and_again = [SILENT; 9];
    nine_and_again[0] = &again;
    assert_eq!(asks(&nine_and_again, |_| {}), None, "a group counts once");
    let long_ago = |w: &mut World, g: usize| w.groups[g].asked = vec![A - 365 * DAY];
    let mut ten = [SILENT; 10];
    ten[9] = &long_ago;
    assert_eq!(asks(&ten, |_| {}), None);
}

#[test]
fn an_answer_is_an_event_held_or_announced_after_the_asking_within_the_days() {
    let held = |days: i64| move |w: &mut World, g: usize| known(w.met(g, days, &[]), A - 300 * DAY);
    let announced =
        |days: i64| move |w: &mut World, g: usize| known(w.event(g, A + 9 * DAY), A - days * DAY);
    let (held_30, held_39, held_5) = (held(10), held(39), held(5));
    let (early, at_once, later) = (announced(40), announced(12), announced(2));
    let told = asks(
        &[
            &held_30, &held_39, &held_5, &early, &at_once, &later, &nothing, &nothing, &nothing,
            &nothing,
        ],
        |_| {},
    )
    .unwrap();
    // Held on the 30th day and the first, announced on the 28th; within 90 days so far two more.
    assert_eq!(told.answered_30, rate(3, 10));
    assert_eq!(
        told.answered_90,
        rate(5, 10),
        "one was known when they were asked"
    );
}

#[test]
fn beside_them_stand_pauses_of_the_same_cells_in_which_nobody_asked() {
    let told = |fill: &dyn Fn(&mut World, usize)| {
        let told = asks(&[SILENT; 10], |w| {
            let g = w.group("other");
            fill(w, g);
        });
        let told = told.unwrap();
        (told.unasked_30, told.unasked_90)
    };
    // They were asked on day 60, with no gap known and one event in the year.
    let met_again = |days: i64| {
        told(&|w, g| {
            w.met(g, 700, &[]);
            known(w.met(g, 700 - days, &[]), A - (700 - days) * DAY);
        })
    };
    // The second pause is in the cells of its own gap.
    assert_eq!(met_again(90), (rate(1, 1), rate(1, 1)));
    assert_eq!(met_again(91), (rate(0, 1), rate(1, 1)));
    assert_eq!(met_again(151), (rate(0, 1), rate(0, 1)));
    assert_eq!(
        met_again(60),
        (rate(0, 0), rate(0, 0)),
        "it was over by then"
    );
    assert_eq!(
        told(&|w, g| {
            w.met(g, 700, &[]);
            w.groups[g].asked = vec![A - 650 * DAY];
        }),
        (rate(0, 0), rate(0, 0)),
        "somebody asked"
    );
    assert_eq!(
        told(&|w, g| {
            w.met(g, 100, &[]);
        }),
        (rate(0, 1), rate(0, 0)),
        "90 days have not passed since its 60th"
    );
}
