//! The log of roles: a line for every change of who leads, and for nothing else.

use gatherd::community::{Membership, Role};
use gatherd::mirror::GroupKey;

use super::samples::*;

const LOG: &str = "SELECT group_id, member_id, old_role, new_role, noticed_at FROM role_changes";
const WORDS: &str = "SELECT member_id || ' ' || coalesce(old_role, '-') || ' ' || coalesce(new_role, '-') FROM role_changes";

fn as_(id: &str, role: Option<Role>) -> Membership {
    let leads = role.as_ref().is_none_or(Role::leads);
    Membership {
        role,
        status: if leads { "LEADER" } else { "ACTIVE" }.to_owned(),
        ..membership(id)
    }
}

/// Two leaders and a member, all of them read.
fn walked(sample: &Sample) -> GroupKey {
    let (grp, _) = sample.with_event();
    let people = [
        as_("1", Some(Role::Organizer)),
        as_("2", Some(Role::Coorganizer)),
        membership("3"),
    ];
    sample.put(|w| {
        w.record_memberships(grp, &people, 2)?;
        w.finish_member_walk(grp, Some(3))
    });
    assert_eq!(
        sample.rows(LOG),
        Vec::<String>::new(),
        "the first walk logs nothing"
    );
    grp
}

fn record(sample: &Sample, grp: GroupKey, asked: i64, row: Membership) {
    sample.put_at(asked, |w| w.record_memberships(grp, &[row], asked));
}

#[test]
fn who_comes_to_lead_and_who_stops_is_logged_with_when_it_was_noticed() {
    let sample = Sample::new();
    let grp = walked(&sample);
    record(&sample, grp, 60, as_("2", Some(Role::Organizer)));
    record(&sample, grp, 61, as_("1", Some(Role::Member)));
    record(&sample, grp, 62, as_("3", Some(Role::EventOrganizer)));
    record(&sample, grp, 63, as_("4", Some(Role::AsstOrganizer)));
    assert_eq!(
        sample.rows(LOG),
        [
            "g1|2|COORGANIZER|ORGANIZER|2026-09-21T14:14:20Z",
            "g1|1|ORGANIZER||2026-09-21T14:14:21Z",
            "g1|3||EVENT_ORGANIZER|2026-09-21T14:14:22Z",
            "g1|4||ASST_ORGANIZER|2026-09-21T14:14:23Z",
        ]
    );
}

#[test]
fn the_same_again_and_what_is_older_log_nothing() {
    let sample = Sample::new();
    let grp = walked(&sample);
    record(&sample, grp, 60, as_("2", Some(Role::Organizer)));
    record(&sample, grp, 61, as_("2", Some(Role::Organizer)));
    record(&sample, grp, 59, as_("2", Some(Role::Coorganizer)));
    assert_eq!(sample.rows(WORDS), ["2 COORGANIZER ORGANIZER"]);
}

#[test]
fn members_who_come_and_go_and_come_back_are_none_of_the_logs_business() {
    let sample = Sample::new();
    let grp = walked(&sample);
    record(&sample, grp, 60, membership("4"));
    sample.put(|w| w.mark_memberships_gone(grp, &["3".into(), "4".into()], 61));
    record(&sample, grp, 62, membership("3"));
    assert_eq!(sample.rows(WORDS), Vec::<String>::new());
}

#[test]
fn a_leader_who_left_and_is_back_has_two_lines() {
    let sample = Sample::new();
    let grp = walked(&sample);
    for _ in 0..2 {
        sample.put(|w| w.mark_memberships_gone(grp, &["2".into()], 61));
    }
    record(&sample, grp, 62, as_("2", Some(Role::Coorganizer)));
    assert_eq!(sample.rows(WORDS), ["2 COORGANIZER -", "2 - COORGANIZER"]);
    // Who left as a member and comes back as a leader came to it.
    sample.put(|w| w.mark_memberships_gone(grp, &["3".into()], 63));
    record(&sample, grp, 64, as_("3", Some(Role::Organizer)));
    assert_eq!(sample.rows(WORDS)[2..], ["3 - ORGANIZER"]);
}

#[test]
fn a_leader_of_no_known_role_is_no_change() {
    let sample = Sample::new();
    let grp = walked(&sample);
    record(&sample, grp, 60, as_("2", None));
    record(&sample, grp, 61, as_("2", Some(Role::Coorganizer)));
    assert_eq!(sample.rows(WORDS), Vec::<String>::new());
}

#[test]
fn a_leader_who_is_locked_out_leads_no_more() {
    let sample = Sample::new();
    let grp = walked(&sample);
    let blocked = Membership {
        status: "BLOCKED".to_owned(),
        ..as_("2", Some(Role::Coorganizer))
    };
    record(&sample, grp, 60, blocked);
    assert_eq!(sample.rows(WORDS), ["2 COORGANIZER -"]);
}

#[test]
fn a_transaction_that_is_rolled_back_takes_its_lines_with_it() {
    let sample = Sample::new();
    let grp = walked(&sample);
    let failed = sample.write(at(NOW + 60), |w| {
        w.record_memberships(grp, &[as_("3", Some(Role::Organizer))], 60)?;
        w.execute("INSERT INTO nowhere VALUES (1)", [])?;
        Ok(())
    });
    assert!(failed.is_err());
    assert_eq!(sample.rows(WORDS), Vec::<String>::new());
    record(&sample, grp, 60, as_("3", Some(Role::Organizer)));
    assert_eq!(sample.rows(WORDS), ["3 - ORGANIZER"]);
}
