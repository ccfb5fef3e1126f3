//! The documented views have at least their documented columns.

use super::samples::*;

const DOCUMENTED: &[(&str, &str)] = &[
    ("networks", "id, urlname, name, primary_admin_id"),
    (
        "groups",
        "source, id, network_id, urlname, name, city, state, country, lat, lon, timezone, founded_at, joined_network_at,
         status, tie_status, join_mode, is_private, organizer_id, member_count, link, history_complete, gone_at, gone_why",
    ),
    ("members", "id, name"),
    ("memberships", "group_id, member_id, role, status, joined_at, last_access_at, gone_at"),
    (
        "events",
        "source, token, id, group_id, title, status, event_type, starts_at, starts_local, ends_at, created_at, url,
         capacity, venue_id, network_event_id, gone_at",
    ),
    ("event_hosts", "event_token, member_id"),
    ("venues", "id, name, city, country, lat, lon, is_online"),
    ("rsvps", "id, event_token, member_id, status, guest_count, is_host, updated_at, gone_at"),
    ("event_ids", "event_token, id, first_seen_at, last_seen_at"),
    (
        "rsvp_changes",
        "rsvp_id, event_token, member_id, old_status, new_status, old_guest_count, new_guest_count,
         changed_at, noticed_at",
    ),
    ("role_changes", "group_id, member_id, old_role, new_role, noticed_at"),
    ("group_days", "group_id, on_date, member_count, leader_count"),
    ("passes", "id, kind, started_at, finished_at, outcome, requests, points, rows_changed, failures"),
    ("forgotten", "member_id, is_by_age, forgotten_at"),
    ("notes", "id, group_id"),
    ("mutes", "id, group_id"),
    ("targets", "group_id, every_months"),
    ("alerts", "key, kind, state"),
    ("reports", "id, kind, period, as_of, created_at, payload"),
    ("capabilities", "name, value"),
    ("units", "purpose, kind, scope, from_at, to_at, state, attempts, next_due"),
    ("doubts", "loss, network_id, group_id, known, lost, since, accepted_at"),
    (
        "deliveries",
        "id, channel, kind, period, state, attempts, next_attempt_at, last_error, created_at, sent_at",
    ),
];

#[test]
fn every_documented_column_is_there() {
    let sample = Sample::new();
    for (view, columns) in DOCUMENTED {
        sample.rows(&format!("SELECT {columns} FROM {view}"));
    }
}

#[test]
fn views_give_text_ids_and_instants() {
    let sample = Sample::new();
    let (grp, event) = sample.with_event();
    sample.put(|w| {
        w.record_memberships(grp, &[membership("8")], 1)?;
        w.record_rsvps(event, &[rsvp("44", -5)], 1)
    });
    assert_eq!(
        sample.one("SELECT starts_at, starts_local, ends_at, venue_id, group_id, typeof(gone_at) FROM events"),
        "2026-09-22T14:13:20Z|2026-09-22T16:13:20|2026-09-22T17:13:20Z|v1|g1|null"
    );
    assert_eq!(
        sample.one("SELECT id, typeof(id), event_token, member_id, typeof(member_id), status, guest_count, is_host, updated_at FROM rsvps"),
        "44|text|t1|44|text|YES|0|0|2026-09-21T14:13:15Z"
    );
    assert_eq!(
        sample.one(
            "SELECT network_id, organizer_id, founded_at, history_complete, is_private FROM groups"
        ),
        "n1|1|1995-01-13T12:26:40Z|0|0"
    );
    assert_eq!(
        sample.one("SELECT group_id, typeof(member_id), last_access_at FROM memberships"),
        "g1|text|2026-09-21T12:50:00Z"
    );
}
