//! `report --backtest` in words.

use super::settings;
use crate::world::{A, DAY, World};
use gatherd::metrics;
use gatherd::report::{self, Style};

#[test]
fn the_replay_says_where_turnout_is_who_said_yes_and_where_it_is_approximated() {
    let replayed = |status: &'static str, watched: bool| {
        let mut world = World::default();
        let group = world.group("oslo");
        for n in 1..=12 {
            let starts = A - n * 21 * DAY;
            let event = world.event(group, starts);
            event.watched = watched.then_some(starts - 40 * DAY);
            for person in 1..=10 {
                // Whoever is marked is marked beside somebody who is not.
                let status = if person == 1 { "YES" } else { status };
                event.answer(status, &[person]).last().updated = Some(starts - 20 * DAY);
            }
        }
        metrics::backtest(&world.store(), &settings()).unwrap()
    };
    for (status, watched) in [("YES", true), ("YES", false), ("ATTENDED", true)] {
        let backtest = replayed(status, watched);
        let leads = || backtest.leads.iter().filter(|it| it.events > 0);
        assert!(leads().count() > 1);
        let is_unmarked = leads().any(|it| it.attendance_taken < it.events);
        let is_approximate = leads().any(|it| it.approximate > 0);
        assert_eq!((is_unmarked, is_approximate), (status == "YES", !watched));
        let text = report::backtest_text(&backtest, Style::default());
        assert_eq!(
            text.contains("Where attendance was not taken"),
            is_unmarked,
            "{text}"
        );
        assert_eq!(text.contains("approximation"), is_approximate, "{text}");
    }
}
