//! What alerts remembered in texts is remembered in columns, and nothing of it is told twice.

use super::migrating::rows;
use super::{kept, place, program_as_kept};
use gatherd::community::{Alert, AlertKey, AlertKind, AlertStep, GroupId, TroubleKind};
use gatherd::mirror;

/// As earlier versions wrote them, `G` being a group's id: key, kind, whether it has a group, state.
const BEFORE: &[(&str, &str, bool, &str)] = &[
    ("read G", "read", true, "1709251200"),
    ("leaderless G", "leaderless", true, "yes"),
    ("quiet G", "quiet", true, "yes, now no"),
    (
        "meetup_status G",
        "meetup_status",
        true,
        "frozen, now grace",
    ),
    ("meetup_status tie G", "meetup_status", true, "delisted"),
    ("meetup_status gone G", "meetup_status", true, "here"),
    ("first_event G", "first_event", true, "nothing yet"),
    ("restarted G", "restarted", true, "meets, now quiet"),
    ("cancelled_soon kept0x0", "cancelled_soon", true, "off"),
    ("no_good_pass", "no_good_pass", false, "trouble"),
    (
        "refused_roster network kept",
        "refused_roster",
        false,
        "trouble",
    ),
    ("dead_delivery hook", "dead_delivery", false, "well"),
];
const SINCE: i64 = 1_709_251_200;
const TOLD: i64 = 1_709_251_500;

#[test]
fn what_alerts_remembered_is_remembered_by_the_next_version_as_it_was() {
    // The last that kept texts.
    let mut files = kept().into_iter();
    let (_, file) = files.rfind(|(version, _)| *version < 7).unwrap();
    let program = program_as_kept();
    place(&program, &file);
    let database = program.path("gatherd.db");
    let conn = rusqlite::Connection::open(&database).unwrap();
    let (group, id): (i64, String) = conn
        .query_row("SELECT min(key), id FROM group_row", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    conn.execute("DELETE FROM alert_row", []).unwrap();
    for (key, kind, is_of_group, state) in BEFORE {
        conn.execute(
            "INSERT INTO alert_row (key, kind, grp, state, since, told_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            rusqlite::params![key.replace('G', &id), kind, is_of_group.then_some(group), state, SINCE, TOLD],
        )
        .unwrap();
    }
    let view = "SELECT key, kind, group_id, state, since, told_at FROM alerts ORDER BY key";
    let old = rows(&database, view);
    assert_eq!(old.len(), BEFORE.len());
    drop(conn);

    let mirror = program.mirror();
    assert_eq!(rows(&database, view), old);
    let mut found: Vec<(AlertKey, AlertStep, Option<AlertStep>)> = mirror
        .read(mirror::alerts)
        .unwrap()
        .into_iter()
        .inspect(|alert| {
            assert_eq!(
                (
                    alert.since.timestamp(),
                    alert.told_at.map(|at| at.timestamp())
                ),
                (SINCE, Some(TOLD))
            );
        })
        .map(
            |Alert {
                 key, step, rising, ..
             }| (key, step, rising),
        )
        .collect();
    found.sort();
    let g = || GroupId(id.clone());
    use AlertStep as Step;
    let of = |kind| AlertKey::Group(kind, g());
    let mut expected = vec![
        (AlertKey::History(g()), Step::Looked, None),
        (of(AlertKind::Leaderless), Step::Yes, None),
        (of(AlertKind::Quiet), Step::Yes, Some(Step::No)),
        (of(AlertKind::MeetupStatus), Step::Frozen, Some(Step::Grace)),
        (AlertKey::Tie(g()), Step::Delisted, None),
        (AlertKey::Gone(g()), Step::Here, None),
        (of(AlertKind::FirstEvent), Step::NothingYet, None),
        (of(AlertKind::Restarted), Step::Meets, Some(Step::Quiet)),
        (AlertKey::Event(g(), "kept0x0".into()), Step::Off, None),
        (
            AlertKey::Trouble(TroubleKind::NoGoodPass, None),
            Step::Trouble,
            None,
        ),
        (
            AlertKey::Trouble(TroubleKind::RefusedRoster, Some("network kept".to_owned())),
            Step::Trouble,
            None,
        ),
        (
            AlertKey::Trouble(TroubleKind::DeadDelivery, Some("hook".to_owned())),
            Step::Well,
            None,
        ),
    ];
    expected.sort();
    assert_eq!(found, expected);
    // Each replaces itself, and is forgotten by its key.
    let alerts = mirror.read(mirror::alerts).unwrap();
    mirror
        .write(chrono::Utc::now(), |w| {
            alerts.iter().try_for_each(|alert| w.remember_alert(alert))
        })
        .unwrap();
    assert_eq!(mirror.read(mirror::alerts).unwrap(), alerts);
    mirror
        .write(chrono::Utc::now(), |w| {
            alerts
                .iter()
                .try_for_each(|alert| w.forget_alert(&alert.key))
        })
        .unwrap();
    assert_eq!(mirror.read(mirror::alerts).unwrap(), []);
}
