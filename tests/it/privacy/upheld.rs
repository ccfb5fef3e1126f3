//! The laws hold with somebody forgotten in the middle of a history.

use super::somebody;
use crate::rig::Rig;
use gatherd::community::MemberId;
use gatherd::demo::world::{Answer, EventAt, GroupAt, PersonAt, Role};
use gatherd::demo::{Switches, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_pass_and_one_sweep_make_the_mirror_equal_meetup_but_for_who_was_forgotten() {
    for seed in 1..4 {
        let mut world = World::sized(seed, 4, 24, 200, 100, chrono::Utc::now());
        let person = somebody(&mut world);
        let id = MemberId(world.person(person).id.to_string());
        let other = world.people().map(|(at, _)| at).nth(7).unwrap();
        let rig = Rig::new(world, Switches::drawn(seed));
        rig.backfill().await.unwrap();
        change(&rig, person, other, 1);
        rig.mirror
            .forget(std::slice::from_ref(&id), chrono::Utc::now())
            .unwrap();
        change(&rig, person, other, 2);
        rig.pass().await.unwrap();
        change(&rig, person, other, 3);
        for _ in 0..2 {
            rig.pass().await.unwrap();
            rig.sweep().await.unwrap();
        }
        assert_eq!(rig.differences(), Vec::<String>::new(), "seed {seed}");
        assert_eq!(rig.falsely_gone(), Vec::<String>::new(), "seed {seed}");
        let known = format!("SELECT count(*) FROM members WHERE id = '{id}'");
        assert_eq!(rig.rows(&known), ["0"]);
        let again = rig.sweep().await.unwrap();
        assert_eq!(again.rows_changed, 0, "seed {seed}");
    }
}

fn change(rig: &Rig, person: PersonAt, other: PersonAt, turn: usize) {
    rig.let_time_pass();
    rig.sim.with_world(|world| {
        let now = world.now();
        let events: Vec<EventAt> = world.events_of(GroupAt(0)).collect();
        let event = events[turn % events.len()];
        let answers = [Answer::No, Answer::Yes, Answer::Waitlist];
        world.answer(event, person, answers[turn % 3], now);
        world.answer(event, other, answers[(turn + 1) % 3], now);
        world.change_hosts(
            event,
            if turn == 2 {
                &[]
            } else {
                std::slice::from_ref(&person)
            },
        );
        let role = [Role::Member, Role::Coorganizer][turn % 2];
        world.change_role(GroupAt(0), person, role);
        match turn {
            2 => world.leave(GroupAt(1), person, true),
            3 => world.join(GroupAt(2), person, now),
            _ => {}
        }
    });
}
