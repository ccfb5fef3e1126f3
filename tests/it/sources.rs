//! Groups and events of an import beside Meetup's, under the very same ids: whatever Meetup does not show
//! is gone only among what came from it, and neither source writes over the other's rows.

use crate::rig::Rig;
use gatherd::demo::world::GroupAt;
use gatherd::demo::{Switches, World};
use gatherd::mirror;
use gatherd::sync::{BackfillAsk, Outcome, PassReport};

/// Copies all of Meetup's groups and events under the ids they have there, in the network and outside it,
/// with one group that only the import has; and adds an event of the import's to each group of Meetup's.
const IMPORT: &str = "
    INSERT INTO group_row (source, id, network, urlname, name, status, join_mode, is_private, history_complete,
      first_seen_at, asked)
    SELECT 'luma', id, CASE WHEN key % 2 THEN network END, CASE WHEN key % 3 THEN urlname ELSE 'luma-' || id END, name,
      'PAID', 'OPEN', 0, 1, 1, 0
    FROM group_row WHERE source = 'meetup'
    UNION ALL SELECT 'luma', 'elsewhere', NULL, 'elsewhere', 'Elsewhere', 'PAID', 'OPEN', 0, 1, 1, 0;
    INSERT INTO event_row (source, token, id, grp, title, status, event_type, starts_at, asked)
    SELECT 'luma', e.token, e.id, i.key, 'Of the import', e.status, e.event_type, e.starts_at, 0
    FROM event_row e JOIN group_row g ON g.key = e.grp JOIN group_row i ON i.id = g.id AND i.source = 'luma'
    WHERE e.source = 'meetup';
    INSERT INTO event_row (source, token, id, grp, title, status, event_type, starts_at, asked)
    SELECT 'luma', 'own ' || key, 'own ' || key, key, 'Not on Meetup', 'ACTIVE', 'PHYSICAL', unixepoch() + 86400, 0
    FROM group_row WHERE source = 'meetup';
    INSERT INTO rsvp_row (event, id, member, status, guest_count, is_host, asked)
    SELECT i.key, r.id, r.member, 1, 0, 0, 0
    FROM rsvp_row r JOIN event_row e ON e.key = r.event JOIN event_row i ON i.token = e.token AND i.source = 'luma'
    WHERE e.source = 'meetup';
    INSERT INTO host_row SELECT key, (SELECT min(key) FROM member_row) FROM event_row WHERE source = 'luma';
    INSERT INTO membership_row (grp, member, status, asked)
    SELECT i.key, m.member, 'LEADER', 0 FROM membership_row m JOIN group_row g ON g.key = m.grp
      JOIN group_row i ON i.id = g.id AND i.source = 'luma';
";

fn community() -> World {
    let mut world = World::sized(9, 6, 60, 900, 300, chrono::Utc::now());
    let last = world.groups().map(|(at, _)| at).last().unwrap();
    world.leave_network(last);
    world
}

/// Everything of a source, bookkeeping included.
fn all_of(rig: &Rig, source: &str) -> Vec<String> {
    let of_group = format!("SELECT key FROM group_row WHERE source = '{source}'");
    let of_event = format!("SELECT key FROM event_row WHERE source = '{source}'");
    [
        format!("SELECT * FROM group_row WHERE source = '{source}' ORDER BY key"),
        format!("SELECT * FROM event_row WHERE source = '{source}' ORDER BY key"),
        format!("SELECT * FROM membership_row WHERE grp IN ({of_group})"),
        format!("SELECT * FROM rsvp_row WHERE event IN ({of_event})"),
        format!("SELECT * FROM host_row WHERE event IN ({of_event})"),
        format!("SELECT * FROM unit_row WHERE grp IN ({of_group}) OR event IN ({of_event})"),
    ]
    .iter()
    .flat_map(|sql| rig.rows(sql))
    .collect()
}

/// What people see of Meetup's rows.
fn meetups(rig: &Rig) -> Vec<String> {
    let group = "SELECT * FROM groups WHERE source = 'meetup' ORDER BY id";
    let event = "SELECT * FROM events WHERE source = 'meetup' ORDER BY token";
    rig.rows(group).into_iter().chain(rig.rows(event)).collect()
}

async fn with_import() -> Rig {
    let rig = Rig::new(community(), Switches::unlimited());
    rig.backfill().await.unwrap();
    rig.pass().await.unwrap();
    rig.meddle(IMPORT);
    rig
}

#[track_caller]
fn changed_nothing(report: &PassReport) {
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!((report.rows_changed, report.units_left), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_a_sweep_and_a_backfill_begun_anew_leave_an_import_and_its_namesakes_as_they_are() {
    let rig = with_import().await;
    let (imported, before) = (all_of(&rig, "luma"), meetups(&rig));
    assert_eq!(
        rig.rows("SELECT count(*), count(DISTINCT id) FROM groups"),
        ["13|7"]
    );
    changed_nothing(&rig.pass().await.unwrap());
    changed_nothing(&rig.sweep().await.unwrap());
    let anew = BackfillAsk {
        restart: true,
        ..BackfillAsk::default()
    };
    changed_nothing(&rig.syncer.backfill(&anew).await.unwrap());
    let named = BackfillAsk {
        groups: rig
            .sim
            .with_world(|world| vec![world.group(GroupAt(0)).urlname.clone()]),
        ..anew
    };
    changed_nothing(&rig.syncer.backfill(&named).await.unwrap());
    assert_eq!(all_of(&rig, "luma"), imported);
    assert_eq!(meetups(&rig), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_costs_no_question() {
    let rig = Rig::new(community(), Switches::unlimited());
    rig.backfill().await.unwrap();
    let mut asked = Vec::new();
    for import in [IMPORT, ""] {
        let (pass, sweep) = (rig.pass().await.unwrap(), rig.sweep().await.unwrap());
        asked.push((pass.requests, sweep.requests));
        rig.meddle(import);
    }
    assert_eq!(asked[0], asked[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meetup_lost_is_gone_and_what_an_import_has_under_the_same_id_is_not() {
    let mut rig = with_import().await;
    let imported = all_of(&rig, "luma");
    rig.sim.with_world(|world| {
        world.delete_group(GroupAt(0));
        world.leave_network(GroupAt(1));
        let event = world.events_of(GroupAt(2)).next_back().unwrap();
        let answer = world.event(event).rsvps[0].person;
        world.delete_event(event);
        let event = world.events_of(GroupAt(3)).next_back().unwrap();
        world.remove_rsvp(event, answer);
        world.leave(GroupAt(3), answer, true);
    });
    // A group that is null is gone by the second pass that finds it so.
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Partly);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    let gone = "SELECT source, gone_why FROM groups WHERE gone_at IS NOT NULL ORDER BY gone_why";
    assert_eq!(rig.rows(gone), ["meetup|deleted", "meetup|left"]);
    let gone = "SELECT source, count(*) FROM events WHERE gone_at IS NOT NULL GROUP BY source";
    assert_eq!(rig.rows(gone), ["meetup|1"]);
    rig.sweep().await.unwrap();
    assert_eq!(all_of(&rig, "luma"), imported);

    // Nothing at all is configured any more.
    rig.configure(&[], &[]);
    rig.pass().await.unwrap();
    let live = "SELECT source, count(*) FROM groups WHERE gone_at IS NULL GROUP BY source";
    assert_eq!(rig.rows(live), ["luma|7"]);
    assert_eq!(all_of(&rig, "luma"), imported);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_question_can_verify_does_not_count_as_unverified() {
    let rig = Rig::new(community(), Switches::unlimited());
    rig.backfill().await.unwrap();
    let read = || {
        rig.mirror
            .read(|conn| {
                Ok((
                    mirror::oldest_verification(conn)?,
                    mirror::freshness(conn)?,
                    mirror::stalest_group(conn, chrono::Utc::now().timestamp() - 3_600)?,
                    mirror::roster(conn)?,
                    mirror::largest_groups(conn)?,
                ))
            })
            .unwrap()
    };
    let before = read();
    assert!(before.0.is_some() && before.2.is_none());
    rig.meddle(IMPORT);
    assert_eq!(read(), before);
}
