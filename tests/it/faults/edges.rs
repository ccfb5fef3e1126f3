//! Where a loss begins to be too large, to the row: the half itself is, one less is not, and below a
//! certain number nothing is.

use super::{NONE, groups_of, outside};
use crate::rig::Rig;
use gatherd::community::FailureKind;
use gatherd::demo::world::{Answer, GroupAt, PersonAt, Role};
use gatherd::demo::{LeavesOut, Switches, World};
use gatherd::sync::Outcome;

/// Small groups whose events have no answers, the last outside the network.
fn bare(seed: u64, groups: usize) -> Rig {
    apart(seed, groups, 1)
}

/// The same with so many outside.
fn apart(seed: u64, groups: usize, outside: usize) -> Rig {
    let now = chrono::Utc::now();
    let mut world = World::sized(seed, groups, groups, 0, groups * 12, now);
    let all: Vec<GroupAt> = world.groups().map(|(at, _)| at).collect();
    let last = all.iter().rev().take(outside);
    last.for_each(|at| world.leave_network(*at));
    Rig::new(world, Switches::unlimited())
}

/// What is lost of so many, and whether that is believed.
type Edge = (usize, usize, bool);

async fn holds(rig: &Rig, what: &str, table: &str, (known, lost, is_believed): Edge) {
    let gone = format!("SELECT count(*) FROM {table} WHERE gone_at IS NOT NULL");
    rig.let_time_pass();
    let report = rig.pass().await.unwrap();
    rig.let_time_pass();
    let swept = rig.sweep().await.unwrap();
    let edge = format!("{what}: {lost} of {known}");
    if is_believed {
        assert_eq!(swept.outcome, Outcome::Done, "{edge}: {:?}", swept.failures);
        assert_eq!(rig.rows(&gone), [lost.to_string()], "{edge}");
        assert_eq!(rig.differences(), NONE, "{edge}");
        return;
    }
    for report in [report, swept] {
        let kinds: Vec<_> = report.failures.iter().map(|it| it.kind).collect();
        assert_eq!(
            kinds,
            [FailureKind::Shrunken],
            "{edge}: {:?}",
            report.failures
        );
        let figures = format!("{} of the {known} ", known - lost);
        let message = &report.failures[0].message;
        assert!(message.contains(&figures), "{edge}: {message}");
    }
    assert_eq!(rig.rows(&gone), ["0"], "{edge}");
}

fn people(world: &mut World, many: usize) -> Vec<PersonAt> {
    let names = (0..many).map(|nth| format!("Somebody {nth}"));
    names.map(|name| world.add_person(name)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_groups_all_but_one_may_go_and_of_four_not_even_two() {
    for edge in [(3, 2, true), (4, 1, true), (4, 2, false)] {
        let rig = bare(801, edge.0 + 1);
        rig.backfill().await.unwrap();
        let groups = groups_of(&rig);
        rig.sim.with_world(|world| {
            let lost = &groups[..edge.1];
            lost.iter().for_each(|at| world.leave_network(*at));
        });
        holds(&rig, "groups", "groups", edge).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_nine_past_events_most_may_go_and_of_ten_not_even_five() {
    for edge in [(9, 5, true), (10, 4, true), (10, 5, false)] {
        for is_outside in [true, false] {
            let rig = bare(802, 3);
            let group = if is_outside {
                outside(&rig)
            } else {
                groups_of(&rig)[0]
            };
            let events = rig.sim.with_world(|world| {
                let now = world.now();
                let old: Vec<_> = world.events_of(group).collect();
                old.into_iter().for_each(|at| world.delete_event(at));
                let days = (0..edge.0).map(|nth| 1 + 4 * nth as i64);
                days.map(|days| world.announce(group, "Over", now - days * 86_400, &[], now))
                    .collect::<Vec<_>>()
            });
            rig.backfill().await.unwrap();
            rig.sim.with_world(|world| {
                let lost = events.iter().rev().take(edge.1);
                lost.for_each(|at| world.delete_event(*at));
            });
            holds(&rig, "events", "events", edge).await;
        }
    }
}

/// A group with just so many in it, so many of them leading.
fn crew(rig: &Rig, group: GroupAt, members: usize, leaders: usize) -> Vec<PersonAt> {
    rig.sim.with_world(|world| {
        let now = world.now() - 86_400;
        world.edit_group(group, |group| {
            group.memberships.clear();
            group.organizer = None;
        });
        let crew = people(world, members);
        for (nth, person) in crew.iter().enumerate() {
            world.join(group, *person, now);
            if nth < leaders {
                world.change_role(group, *person, Role::Coorganizer);
            }
        }
        crew
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_leaders_one_may_go_and_of_three_not_two() {
    for edge in [(2, 1, true), (3, 1, true), (3, 2, false)] {
        let rig = bare(803, 3);
        let others: Vec<GroupAt> = groups_of(&rig);
        others.iter().for_each(|at| drop(crew(&rig, *at, 8, 4)));
        let group = outside(&rig);
        let leaders = crew(&rig, group, 9, edge.0);
        rig.backfill().await.unwrap();
        rig.sim.with_world(|world| {
            let lost = &leaders[..edge.1];
            lost.iter().for_each(|at| world.leave(group, *at, false));
        });
        holds(&rig, "leaders", "memberships", edge).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_nineteen_members_most_may_go_and_of_twenty_not_ten() {
    for edge in [(19, 10, true), (20, 9, true), (20, 10, false)] {
        let rig = bare(804, 3);
        let group = groups_of(&rig)[0];
        let crew = crew(&rig, group, edge.0, 2);
        rig.backfill().await.unwrap();
        rig.sim.with_world(|world| {
            let lost = crew.iter().rev().take(edge.1);
            lost.for_each(|at| world.leave(group, *at, false));
        });
        holds(&rig, "members", "memberships", edge).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_nineteen_answers_most_may_go_and_of_twenty_not_ten() {
    for edge in [(19, 10, true), (20, 9, true), (20, 10, false)] {
        let rig = bare(805, 3);
        let group = groups_of(&rig)[0];
        let (event, people) = rig.sim.with_world(|world| {
            let (now, people) = (world.now(), people(world, edge.0));
            let event = world.announce(group, "Full", now + 9 * 86_400, &[], now);
            for person in &people {
                world.answer(event, *person, Answer::Yes, now - 86_400);
            }
            (event, people)
        });
        rig.backfill().await.unwrap();
        rig.sim.with_world(|world| {
            for person in &people[..edge.1] {
                world.remove_rsvp(event, *person);
            }
        });
        holds(&rig, "RSVPs", "rsvps", edge).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leaders_who_are_hidden_while_another_leaves_are_not_believed_however_often() {
    let rig = bare(806, 3);
    let group = outside(&rig);
    let people = crew(&rig, group, 15, 5);
    rig.backfill().await.unwrap();
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    rig.sim
        .switch(|switches| switches.leaves_out = LeavesOut::Leaders);
    for nth in 0..4 {
        rig.pass().await.unwrap();
        rig.meddle("UPDATE doubted_row SET looked_at = looked_at - 3600");
        let left = people[14 - nth];
        rig.sim.with_world(|world| world.leave(group, left, false));
    }
    rig.pass().await.unwrap();
    let gone = "SELECT count(*) FROM memberships WHERE gone_at IS NOT NULL";
    assert_eq!(rig.rows(gone), ["4"], "those who left, and no leader");
    rig.sim
        .switch(|switches| switches.leaves_out = LeavesOut::Nothing);
    for report in [rig.pass().await.unwrap(), rig.sweep().await.unwrap()] {
        assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    }
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_series_is_believed_while_the_others_keep_the_most_of_theirs() {
    for (lost, is_believed) in [(1, true), (4, false)] {
        let rig = bare(807, 4);
        let groups = groups_of(&rig);
        let (series, single) = rig.sim.with_world(|world| {
            let now = world.now();
            let mut weekly = |group, weeks, title| {
                let days = (0..=weeks).map(|week: i64| 7 * week - 5);
                let events: Vec<_> = days
                    .map(|day| world.announce(group, title, now + day * 86_400, &[], now))
                    .collect();
                events[1..].to_vec()
            };
            let series = weekly(groups[0], 12, "Weekly");
            (series, weekly(groups[1], 4, "For a month"))
        });
        rig.backfill().await.unwrap();
        rig.sim.with_world(|world| {
            let deleted = series.iter().chain(&single[..lost]);
            deleted.for_each(|at| world.delete_event(*at));
        });
        let report = rig.pass().await.unwrap();
        if is_believed {
            assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
            assert_eq!(rig.differences(), NONE);
        } else {
            let kinds: Vec<_> = report.failures.iter().map(|it| it.kind).collect();
            assert_eq!(kinds, [FailureKind::Shrunken], "{:?}", report.failures);
            let gone = "SELECT count(*) FROM events WHERE gone_at IS NOT NULL";
            assert_eq!(rig.rows(gone), ["0"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_is_accepted_for_the_group_that_is_named_and_no_other() {
    let rig = bare(808, 4);
    let groups = groups_of(&rig);
    let crews: Vec<_> = groups.iter().map(|at| crew(&rig, *at, 30, 1)).collect();
    rig.backfill().await.unwrap();
    rig.sim.with_world(|world| {
        for (group, crew) in groups.iter().zip(&crews).take(2) {
            let lost = crew.iter().rev().take(20);
            lost.for_each(|at| world.leave(*group, *at, false));
        }
    });
    let gone = "SELECT g.urlname, count(*) FROM memberships m JOIN groups g ON g.id = m.group_id
                WHERE m.gone_at IS NOT NULL GROUP BY g.urlname";
    let name = |at: usize| {
        rig.sim
            .with_world(|world| world.group(groups[at]).urlname.clone())
    };
    let report = rig.pass().await.unwrap();
    assert_eq!(report.failures.len(), 2, "{:?}", report.failures);
    let now = chrono::Utc::now();
    let named = Some(name(0).to_uppercase());
    let accepted = rig.mirror.write(now, |w| w.accept_losses(named.as_deref()));
    assert_eq!(accepted.unwrap(), 1);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    assert_eq!(rig.rows(gone), [format!("{}|20", name(0))]);
    // By the network's name all that fails in it.
    let accepted = rig.mirror.write(now, |w| w.accept_losses(Some("sized")));
    assert_eq!(accepted.unwrap(), 1);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_outside_networks_that_are_null_at_once_are_doubted_and_accepted_by_the_name_told() {
    for edge in [(4, 1, true), (4, 2, false)] {
        let rig = apart(809, edge.0 + 1, edge.0);
        let outside: Vec<GroupAt> = rig.sim.with_world(|world| {
            let groups = world.groups().filter(|(_, group)| group.network.is_none());
            groups.map(|(at, _)| at).collect()
        });
        rig.backfill().await.unwrap();
        let lost = &outside[..edge.1];
        rig.sim.with_world(|world| {
            for at in lost {
                world.edit_group(*at, |group| group.is_deleted = true);
            }
        });
        let gone = "SELECT urlname FROM groups WHERE gone_at IS NOT NULL ORDER BY 1";
        let mut report = rig.pass().await.unwrap();
        for _ in 0..2 {
            report = rig.pass().await.unwrap();
        }
        if edge.2 {
            assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
            assert_eq!(rig.rows(gone).len(), 1);
            continue;
        }
        assert_eq!(rig.rows(gone), NONE);
        assert_eq!(report.failures.len(), 2, "{:?}", report.failures);
        for (nth, failure) in report.failures.iter().enumerate() {
            assert_eq!(failure.kind, FailureKind::Shrunken, "{failure:?}");
            let name = failure.message.split("--accept-shrink=").nth(1).unwrap();
            let name = name.trim_end_matches('`').to_owned();
            let told = rig
                .mirror
                .write(chrono::Utc::now(), |w| w.accept_losses(Some(&name)));
            assert_eq!(told.unwrap(), 1, "{name}");
            rig.pass().await.unwrap();
            assert_eq!(rig.rows(gone).len(), nth + 1, "{name}");
        }
        let report = rig.pass().await.unwrap();
        assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    }
}
