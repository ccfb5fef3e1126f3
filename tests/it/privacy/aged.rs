//! `[privacy] retention_months`.

use super::{DAY, NAME, Scene};
use gatherd::demo::world::{Answer, GroupAt, Role};

const KEEPS: &str = "[privacy]\nretention_months = 1\n";

fn names(scene: &Scene) -> Vec<String> {
    scene.program.rows(&format!(
        "SELECT id, name FROM members WHERE name = '{NAME}' OR id LIKE 'forgotten-%'"
    ))
}

/// Leaves all groups, hosts nothing, and answered nothing for 40 days.
fn grow_old(scene: &Scene) {
    let now = chrono::Utc::now().timestamp();
    scene.program.sim.with_world(|world| {
        for group in [GroupAt(0), GroupAt(1)] {
            world.leave(group, scene.person, false);
            let events: Vec<_> = world.events_of(group).collect();
            for event in events {
                let others: Vec<_> = world.event(event).hosts.iter().flatten().copied().collect();
                let others: Vec<_> = others
                    .into_iter()
                    .filter(|it| *it != scene.person)
                    .collect();
                world.change_hosts(event, &others);
                let old = world
                    .event(event)
                    .starts_at
                    .is_some_and(|at| at < now - 45 * DAY);
                if old {
                    world.date_answer(event, scene.person, now - 40 * DAY);
                } else {
                    world.remove_rsvp(event, scene.person);
                }
            }
        }
    });
}

#[test]
fn who_is_in_no_group_and_did_nothing_for_long_is_forgotten_by_the_sweep_until_they_do() {
    let scene = Scene::new(1531);
    grow_old(&scene);
    scene.program.run(&["backfill"]).exits(0);
    let known = format!("{}|{NAME}", scene.id);
    // Not by a pass, nor where nothing is configured.
    scene.program.run(&["sync", "--sweep"]).exits(0);
    scene.configure(KEEPS);
    scene.program.run(&["sync"]).exits(0);
    assert_eq!(names(&scene), [known.as_str()]);
    let counts = scene.counts();
    scene.program.run(&["sync", "--sweep"]).exits(0);
    assert!(
        names(&scene).iter().all(|it| it.starts_with("forgotten-")),
        "{:?}",
        names(&scene)
    );
    assert_eq!(scene.found(), Vec::<String>::new());
    assert_eq!(scene.counts(), counts);
    // Old answers that are read again do not bring them back.
    scene.program.run(&["sync", "--sweep"]).exits(0);
    assert_eq!(scene.found(), Vec::<String>::new());
    // Whoever is in a group is not among them.
    let members =
        "SELECT count(*) FROM memberships WHERE gone_at IS NULL AND member_id LIKE 'forgotten-%'";
    assert_eq!(scene.program.rows(members), ["0"]);

    let now = chrono::Utc::now().timestamp();
    scene.program.sim.with_world(|world| {
        let event = world.events_of(GroupAt(3)).last().unwrap();
        world.answer(event, scene.person, Answer::Yes, now);
    });
    scene.program.run(&["sync"]).exits(0);
    assert!(names(&scene).contains(&known), "{:?}", names(&scene));
    let of = format!(
        "SELECT count(DISTINCT group_id) FROM rsvps r JOIN events e ON e.token = r.event_token WHERE member_id = '{}'",
        scene.id
    );
    assert_eq!(scene.program.rows(&of), ["3"]);
}

#[test]
fn a_new_membership_or_hosting_brings_them_back_and_a_word_of_their_own_does_not_end() {
    let scene = Scene::new(1532);
    grow_old(&scene);
    scene.configure(KEEPS);
    scene.program.run(&["backfill"]).exits(0);
    let now = chrono::Utc::now().timestamp();
    let forgets = || {
        scene.program.run(&["sync", "--sweep"]).exits(0);
        assert_eq!(scene.found(), Vec::<String>::new());
    };
    let is_back = || {
        scene.program.run(&["sync", "--sweep"]).exits(0);
        assert!(
            names(&scene).contains(&format!("{}|{NAME}", scene.id)),
            "{:?}",
            names(&scene)
        );
    };
    forgets();
    scene.program.sim.with_world(|world| {
        world.join(GroupAt(2), scene.person, now);
        world.change_role(GroupAt(2), scene.person, Role::Member);
    });
    is_back();
    let old = (now - 60 * DAY).to_string();
    scene
        .program
        .sim
        .with_world(|world| world.leave(GroupAt(2), scene.person, false));
    scene.program.run(&["sync", "--sweep"]).exits(0);
    let conn = rusqlite::Connection::open(scene.program.path("gatherd.db")).unwrap();
    conn.execute(
        "UPDATE membership_row SET gone_at = ?1 WHERE gone_at IS NOT NULL",
        [&old],
    )
    .unwrap();
    drop(conn);
    forgets();
    scene.program.sim.with_world(|world| {
        let event = world.events_of(GroupAt(2)).last().unwrap();
        world.change_hosts(event, &[scene.person]);
    });
    is_back();
    // Whoever asked for it stays forgotten, whatever they do.
    scene.program.sim.with_world(|world| {
        let event = world.events_of(GroupAt(2)).last().unwrap();
        world.change_hosts(event, &[]);
    });
    forgets();
    scene
        .program
        .run(&["forget", &scene.id])
        .exits(0)
        .says(&["Forgotten before: 1 person."]);
    scene
        .program
        .sim
        .with_world(|world| world.join(GroupAt(2), scene.person, now));
    forgets();
}
