//! Expected turnout, and how it is judged.

use super::*;
use crate::world::Change;
use gatherd::metrics::{Ahead, Basis, Counts, LeadResult, NoForecast, Order, ShowBasis};

/// An event to which so many people said yes so many days before it.
fn filling(w: &mut World, g: usize, starts: i64, yes: &[(i64, u32)]) {
    let event = w.event(g, starts);
    let mut person = 100;
    for (days_before, people) in yes {
        for _ in 0..*people {
            event.answer("YES", &[person]).last().updated = Some(starts - days_before * DAY);
            person += 1;
        }
    }
}

/// Half of 20 say yes three weeks before, the others in the last two days.
const USUAL: [(i64, u32); 2] = [(20, 10), (1, 10)];

/// Events every three weeks, each filling as the last one.
fn regular(w: &mut World, g: usize, events: i64) {
    for n in 1..=events {
        filling(w, g, A - n * 21 * DAY, &USUAL);
    }
}

fn ahead(fill: impl FnOnce(&mut World, usize)) -> Vec<Ahead> {
    let mut world = World::default();
    let g = world.group("acme");
    fill(&mut world, g);
    measure(&world).ahead
}

fn backtest(world: &World) -> Vec<LeadResult> {
    metrics::backtest(&world.store(), &settings())
        .unwrap()
        .leads
}

#[test]
fn ten_yes_a_week_ahead_become_twenty_where_that_is_usual() {
    let told = ahead(|w, g| {
        regular(w, g, 30);
        filling(w, g, A + 7 * DAY, &[(9, 10)]);
        w.events.last_mut().unwrap().status = "ACTIVE";
    });
    let event = &told[0];
    assert_eq!((event.yes, event.no_forecast), (10, None));
    let expected = event.expected.as_ref().unwrap();
    assert_eq!((expected.turnout, expected.final_yes), (20, 20));
    assert_eq!((expected.low, expected.high), (20, 20), "it was never off");
    assert_eq!(expected.counts, Counts::SaidYes);
    assert_eq!((expected.basis, expected.past_events), (Basis::Group, 12));
    assert_eq!(expected.yes_by_now, rate(120, 240));
    assert!(expected.is_approximate, "its past was read afterwards");
    assert_eq!(expected.show_basis, None);
    assert_eq!(expected.order, None, "nobody knows how many come");
}

#[test]
fn who_does_not_show_is_taken_off_where_attendance_is_taken() {
    let told = ahead(|w, g| {
        regular(w, g, 30);
        for event in &mut w.events {
            for answer in event.rsvps.iter_mut().take(5) {
                answer.status = "NO_SHOW";
            }
        }
        filling(w, g, A + 7 * DAY, &[(9, 10)]);
        w.events.last_mut().unwrap().rsvps[0].guests = 2;
    });
    let expected = told[0].expected.as_ref().unwrap();
    assert_eq!((expected.turnout, expected.final_yes), (15, 20));
    assert_eq!(expected.counts, Counts::Came);
    assert_eq!(expected.show_rate, Some(rate(180, 240)));
    assert_eq!(expected.show_basis, Some(ShowBasis::Group));
    let order = expected.order.unwrap();
    assert_eq!((order.food, order.badges), (17, 22), "with two guests");
}

/// A world whose sponsor says that three of four come.
fn with_show_rate(fill: impl FnOnce(&mut World, usize)) -> Vec<Ahead> {
    let mut world = World::default();
    let g = world.group("acme");
    fill(&mut world, g);
    let asked = Settings {
        show_rate: Some(0.75),
        ..settings()
    };
    metrics::measure(&world.store(), &asked).unwrap().ahead
}

fn order(told: &Ahead) -> Option<Order> {
    told.expected.as_ref().unwrap().order
}

#[test]
fn an_order_is_made_in_person_at_most_eight_days_ahead_of_fifteen_or_more() {
    let made = |starts: i64, yes: u32, kind: &'static str| {
        let told = with_show_rate(|w, g| {
            regular(w, g, 30);
            filling(w, g, starts, &[(9, yes)]);
            w.events.last_mut().unwrap().kind = kind;
        });
        let expected = told[0].expected.as_ref().unwrap();
        assert_eq!(
            (expected.counts, expected.show_basis, expected.show_rate),
            (Counts::Came, Some(ShowBasis::Configured), None)
        );
        expected.order
    };
    let near = A + 8 * DAY;
    let fifteen = Order {
        seats: 15,
        food: 15,
        badges: 20,
    };
    assert_eq!(made(near, 10, "PHYSICAL"), Some(fifteen));
    assert_eq!(made(near, 10, "HYBRID"), Some(fifteen));
    assert_eq!(made(near, 10, "ONLINE"), None);
    assert_eq!(made(near + 1, 10, "PHYSICAL"), None);
    assert_eq!(made(near, 9, "PHYSICAL"), None, "fewer are expected");
}

#[test]
fn a_show_rate_is_believed_from_ten_events_on_the_groups_own_first() {
    let basis = |own: usize, others: usize| {
        let told = ahead(|w, g| {
            regular(w, g, 30);
            let other = w.group("other");
            regular(w, other, 30);
            for (group, times) in [(g, own), (other, others)] {
                let events = w.events.iter_mut().filter(|e| e.group == group);
                for event in events.take(times) {
                    event.rsvps[0].status = "NO_SHOW";
                }
            }
            filling(w, g, A + 7 * DAY, &[(9, 10)]);
        });
        let expected = told[0].expected.clone().unwrap();
        (expected.show_basis, expected.order.is_some())
    };
    assert_eq!(basis(10, 0), (Some(ShowBasis::Group), true));
    assert_eq!(basis(9, 0), (None, false));
    assert_eq!(basis(9, 1), (Some(ShowBasis::Network), true));
    assert_eq!(basis(0, 10), (Some(ShowBasis::Network), true));
}

#[test]
fn a_joint_event_in_one_place_is_one_order() {
    let told = |venues: [Option<&'static str>; 2]| {
        with_show_rate(|w, g| {
            regular(w, g, 30);
            let other = w.group("other");
            regular(w, other, 30);
            for (group, venue) in [g, other].into_iter().zip(venues) {
                filling(w, group, A + 7 * DAY, &[(9, 20)]);
                let event = w.events.last_mut().unwrap();
                event.joint = Some("j".to_owned());
                event.venue = venue;
            }
        })
    };
    let apart = told([Some("Hall"), Some("Room")]);
    let each = order(&apart[0]).unwrap();
    assert_eq!(order(&apart[1]), Some(each));
    let unknown = told([None, None]);
    assert_eq!(
        (order(&unknown[0]), order(&unknown[1])),
        (Some(each), Some(each))
    );
    // The same twenty people said yes to both.
    let one = told([Some("Hall"), Some("hall")]);
    assert_eq!(order(&one[0]), Some(each), "nobody comes twice");
    assert_eq!((one[0].ordered_with.as_ref(), order(&one[1])), (None, None));
    assert_eq!(one[1].ordered_with.as_ref(), Some(&one[0].token));
}

#[test]
fn under_five_past_events_the_network_speaks() {
    let told = ahead(|w, g| {
        regular(w, g, 30);
        let young = w.group("young");
        regular(w, young, 4);
        filling(w, young, A + 7 * DAY, &[(9, 10)]);
    });
    let expected = told[0].expected.as_ref().unwrap();
    assert_eq!(expected.basis, Basis::Network);
    assert_eq!(expected.turnout, 20);
}

#[test]
fn without_a_past_or_after_a_long_pause_or_too_early_there_is_no_forecast() {
    let why = |fill: &dyn Fn(&mut World, usize)| {
        let told = ahead(|w, _| {
            let other = w.group("other");
            regular(w, other, 30);
            let g = w.group("this");
            fill(w, g);
        });
        assert_eq!(told[0].expected, None);
        told[0].no_forecast.unwrap()
    };
    assert_eq!(
        why(&|w, g| filling(w, g, A + 7 * DAY, &[(9, 10)])),
        NoForecast::FirstEvent
    );
    assert_eq!(
        why(&|w, g| {
            filling(w, g, A + 7 * DAY - 180 * DAY - 1, &USUAL);
            filling(w, g, A + 7 * DAY, &[(9, 10)]);
        }),
        NoForecast::LongPause
    );
    assert_eq!(
        why(&|w, g| {
            filling(w, g, A - 2000 * DAY, &USUAL);
            filling(w, g, A + 7 * DAY, &[(9, 10)]);
        }),
        NoForecast::LongPause
    );
    assert_eq!(
        why(&|w, g| {
            regular(w, g, 10);
            filling(w, g, A + 21 * DAY + 1, &[(22, 1)]);
        }),
        NoForecast::TooFarAhead
    );
    assert_eq!(
        why(&|w, g| {
            w.groups[g].is_complete = false;
            filling(w, g, A + 7 * DAY, &[(9, 10)]);
        }),
        NoForecast::HistoryIncomplete
    );
}

#[test]
fn a_forecast_that_does_not_win_is_not_shown() {
    // Everybody says yes long before and comes: nothing is to be won over that.
    let told = ahead(|w, g| {
        for n in 1..=30 {
            filling(w, g, A - n * 21 * DAY, &[(20, 10)]);
        }
        filling(w, g, A + 7 * DAY, &[(9, 10)]);
    });
    assert_eq!(told[0].no_forecast, Some(NoForecast::NotProven));
    // And over fewer than ten events nothing is proven.
    let told = ahead(|w, g| {
        regular(w, g, 8);
        filling(w, g, A + 7 * DAY, &[(9, 10)]);
    });
    assert_eq!(told[0].no_forecast, Some(NoForecast::NotProven));
}

#[test]
fn the_replay_compares_three_forecasts_by_lead_time() {
    let mut world = World::default();
    let g = world.group("acme");
    regular(&mut world, g, 30);
    let leads = backtest(&world);
    let days: Vec<i64> = leads.iter().map(|lead| lead.lead_days).collect();
    assert_eq!(days, [1, 3, 7, 14]);
    // The last answers come exactly a day before.
    assert_eq!(leads[0].error_all_yes, Some(0.0));
    assert!(!leads[0].is_shown);
    for lead in &leads[1..] {
        assert_eq!(lead.events, 17, "those of the year");
        assert_eq!(lead.error_all_yes, Some(10.0));
        assert_eq!(lead.error_last_event, Some(0.0));
        assert!(lead.error_forecast.unwrap() < 1e-9);
        assert_eq!(lead.inside_range, rate(17, 17));
        assert!(lead.is_shown);
        assert_eq!(lead.approximate, lead.events);
    }
}

/// An irregular past, of which the replay must see nothing but what was there at each moment.
fn uneven() -> World {
    let mut world = World::default();
    let g = world.group("acme");
    for n in 1..=30_i64 {
        let early = (n * 7 % 13) as u32 + 2;
        let late = (n * 5 % 11) as u32 + 1;
        filling(
            &mut world,
            g,
            A - n * 20 * DAY,
            &[(20, early), (6, late), (2, 3)],
        );
    }
    world
}

#[test]
fn what_comes_after_a_moment_changes_no_forecast_made_then() {
    // Forecasts of all events but the newest are as they were before the newest was held.
    let world = uneven();
    let without = {
        let mut world = world.clone();
        world.events.remove(0);
        world
    };
    for (all, fewer) in backtest(&world).iter().zip(backtest(&without)) {
        assert_eq!(all.events, fewer.events + 1);
        let sum = |lead: &LeadResult| lead.error_forecast.unwrap() * lead.events as f64;
        let newest = sum(all) - sum(&fewer);
        // What the newest adds is its own error alone: no more people than it had.
        assert!((0.0..40.0).contains(&newest), "{newest}");
    }
    // Answers given after the last moment at which an event is replayed (a day before) move its
    // turnout, and not what had been forecast: with all errors measured against the same turnout, both
    // forecasts shift alike.
    let at_a_week = |world: &World| {
        let lead = backtest(world).swap_remove(2);
        (
            lead.error_all_yes.unwrap() * lead.events as f64,
            lead.error_forecast.unwrap() * lead.events as f64,
        )
    };
    let with_late = |people: u32| {
        let mut late = world.clone();
        let starts = late.events[0].starts.unwrap();
        for person in 0..people {
            late.events[0].answer("YES", &[9_000 + person]);
            late.events[0].last().updated = Some(starts - DAY / 2);
        }
        at_a_week(&late)
    };
    let ((yes_100, ours_100), (yes_101, ours_101)) = (with_late(100), with_late(101));
    assert!((yes_101 - yes_100 - 1.0).abs() < 1e-9);
    assert!((ours_101 - ours_100 - 1.0).abs() < 1e-9);
}

#[test]
fn an_event_marked_late_teaches_nothing_before() {
    let world = uneven();
    let mut marked = world.clone();
    // The oldest events' attendance is marked after everything else has been held.
    for event in marked.events.iter_mut().skip(18) {
        for answer in &mut event.rsvps {
            answer.status = "ATTENDED";
            answer.updated = Some(A - DAY);
        }
    }
    let events = |world: &World| backtest(world)[2].events;
    assert_eq!(events(&world), 18);
    assert_eq!(
        events(&marked),
        17,
        "the first of them has nothing to learn from"
    );
}

#[test]
fn the_log_of_changes_tells_who_had_said_yes_and_withdrew() {
    let mut world = World::default();
    let g = world.group("acme");
    for n in 1..=30 {
        let starts = A - n * 21 * DAY;
        filling(&mut world, g, starts, &USUAL);
        let event = world.events.last_mut().unwrap();
        event.watched = Some(starts - 30 * DAY);
        event.answer("NO", &[999]);
        event.last().updated = Some(starts - 2 * DAY);
        event.changes = vec![
            Change(999, "", "YES", starts - 25 * DAY),
            Change(999, "YES", "NO", starts - 2 * DAY),
        ];
    }
    let leads = backtest(&world);
    assert_eq!(
        leads[1].error_all_yes,
        Some(9.0),
        "11 of 20 three days before"
    );
    assert_eq!(leads[0].error_all_yes, Some(0.0), "20 of 20 a day before");
    assert_eq!(leads[1].approximate, 0);
}

#[test]
fn what_stood_when_an_event_was_first_read_was_answered_before() {
    // Of an answer that was read first and changed two days before the event.
    let three_days_before = |old: &'static str, new: &'static str| {
        let mut world = World::default();
        let g = world.group("acme");
        for n in 1..=30 {
            let starts = A - n * 21 * DAY;
            filling(&mut world, g, starts, &USUAL);
            let event = world.events.last_mut().unwrap();
            event.watched = Some(starts - 30 * DAY);
            event.answer(new, &[999]);
            event.last().updated = Some(starts - 2 * DAY);
            event.changes = vec![Change(999, old, new, starts - 2 * DAY)];
        }
        backtest(&world)[1].error_all_yes
    };
    assert_eq!(three_days_before("YES", "NO"), Some(9.0), "11 of 20");
    assert_eq!(three_days_before("NO", "YES"), Some(11.0), "10 of 21");
    assert_eq!(three_days_before("", "YES"), Some(11.0), "10 of 21");
}

#[test]
fn of_many_turnouts_about_four_in_five_lie_in_the_range() {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};
    let rng = &mut StdRng::seed_from_u64(5);
    let mut world = World::default();
    for group in 0..12 {
        let g = world.group(&format!("g{group:02}"));
        let usual = rng.random_range(8..30);
        for n in 1..=30 {
            let early = rng.random_range(usual / 3..=usual);
            let late = rng.random_range(0..=usual / 2);
            filling(
                &mut world,
                g,
                A - n * 25 * DAY - group * DAY,
                &[(16, early), (5, late), (2, 2)],
            );
        }
    }
    for lead in &backtest(&world)[2..] {
        let inside = lead.inside_range.value.unwrap();
        assert!((0.72..0.92).contains(&inside), "{lead:?}");
        assert!(lead.is_shown, "{lead:?}");
        assert!(lead.error_forecast < lead.error_last_event, "{lead:?}");
    }
}
