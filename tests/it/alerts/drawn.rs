//! Sequences of facts drawn at random: no alert twice without a clear time between, and nothing
//! unknown changes a state.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use gatherd::community::GroupStatus;
use gatherd::metrics::{SoonState, Watched};
use proptest::prelude::*;

use super::diary::*;

/// One look: how long after the one before, what is found, and whether it was read.
#[derive(Debug, Clone)]
struct Step {
    minutes: i64,
    leaders: bool,
    is_host_here: bool,
    status: usize,
    is_announced: bool,
    event: usize,
    is_overdue: Option<bool>,
    is_read: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (
        prop_oneof![
            Just(15),
            Just(60),
            1_i64..4_000,
            Just(4_320),
            Just(20_160),
            Just(45_000)
        ],
        any::<bool>(),
        any::<bool>(),
        0..4_usize,
        any::<bool>(),
        0..3_usize,
        any::<Option<bool>>(),
        prop::bool::weighted(0.8),
    )
        .prop_map(
            |(minutes, leaders, is_host_here, status, is_announced, event, is_overdue, is_read)| {
                Step {
                    minutes,
                    leaders,
                    is_host_here,
                    status,
                    is_announced,
                    event,
                    is_overdue,
                    is_read,
                }
            },
        );
    prop::collection::vec(step, 1..60)
}

fn found(step: &Step, now: DateTime<Utc>) -> Watched {
    let mut group = group("berlin");
    if !step.leaders {
        group.leaders.clear();
    }
    group.hosts[0].last_at = now - Duration::days(30);
    if !step.is_host_here {
        group.hosts[0].is_here = Some(false);
        group.hosts[0].left_at = Some(now);
    }
    group.status = GroupStatus::parse(["PAID", "GRACE", "FROZEN", "NEW_WORD"][step.status]);
    group.last_event = Some(event("last", start() - Duration::days(200)));
    if step.is_announced {
        group.next_event = Some(event("next", now + Duration::days(20)));
    }
    group.soon = vec![soon(
        "t1",
        now + Duration::days(1),
        SoonState::ALL[step.event],
    )];
    group.is_overdue = step.is_overdue;
    group
}

/// The condition of a kind that is told, as a level; none: unknown.
fn level(kind: &str, step: &Step) -> Option<usize> {
    Some(match kind {
        "leaderless" => usize::from(!step.leaders),
        "last_host" => usize::from(!step.is_host_here),
        "meetup_status" => return (step.status < 3).then_some(step.status),
        "restarted" => usize::from(step.is_announced),
        "quiet" => usize::from(!step.is_announced),
        "cancelled_soon" => usize::from(step.event > 0),
        "overdue" => return step.is_overdue.map(usize::from),
        other => panic!("{other} is not drawn"),
    })
}

fn hold(kind: &str) -> Duration {
    match kind {
        "cancelled_soon" => Duration::hours(12),
        "restarted" => Duration::days(30),
        "quiet" | "overdue" => Duration::days(14),
        _ => Duration::days(3),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_told_twice_without_a_clear_time_between(steps in steps()) {
        let mut diary = Diary::new();
        // Of each kind: the worst level told, and since when every known look was better.
        let mut told: BTreeMap<&str, (usize, Option<DateTime<Utc>>, bool)> = BTreeMap::new();
        let mut is_first = true;
        for step in &steps {
            diary.later(Duration::minutes(step.minutes));
            diary.unread.clear();
            if !step.is_read {
                diary.unread.insert("berlin".to_owned());
            }
            let before = diary.rows.clone();
            let tidings = diary.look(&[found(step, diary.now)]);
            if !step.is_read {
                prop_assert!(tidings.is_empty(), "told though unread");
                prop_assert_eq!(&diary.rows, &before);
                continue;
            }
            prop_assert!(!is_first || tidings.is_empty(), "the first look told something");
            is_first = false;
            for kind in ["leaderless", "last_host", "meetup_status", "restarted", "quiet", "cancelled_soon", "overdue"] {
                let count = tidings.iter().filter(|it| it.kind.as_str() == kind).count();
                prop_assert!(count <= 1);
                let Some(level) = level(kind, step) else {
                    prop_assert_eq!(count, 0, "{} told though unknown", kind);
                    continue;
                };
                let was = told.get(kind).copied();
                if count == 1 {
                    prop_assert!(level > 0);
                    if let Some((worst, _, is_clear)) = was {
                        prop_assert!(level > worst || is_clear, "{} told twice", kind);
                    }
                    told.insert(kind, (level, None, false));
                } else if let Some((worst, better_since, is_clear)) = was {
                    let next = if level >= worst {
                        (worst, None, is_clear)
                    } else {
                        let since = better_since.unwrap_or(diary.now);
                        (worst, Some(since), is_clear || diary.now - since >= hold(kind))
                    };
                    told.insert(kind, next);
                }
            }
        }
    }

    #[test]
    fn looking_twice_at_the_same_tells_nothing_and_changes_nothing(steps in steps()) {
        let mut diary = Diary::new();
        for step in &steps {
            diary.later(Duration::minutes(step.minutes));
            let group = found(step, diary.now);
            diary.look(std::slice::from_ref(&group));
            let rows = diary.rows.clone();
            prop_assert_eq!(diary.look(std::slice::from_ref(&group)), vec![]);
            prop_assert_eq!(&diary.rows, &rows);
        }
    }
}
