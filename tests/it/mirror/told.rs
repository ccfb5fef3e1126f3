//! What digests told: rows that are read back as they were filed, and documents that are not kept for ever.

use gatherd::community::*;
use gatherd::mirror::*;

use super::samples::*;

const DAY: i64 = 86_400;

fn before(day: i64, name: &str) -> Before {
    Before {
        as_of: at(NOW + day * DAY),
        definitions_version: 1,
        please_write_to: vec![Named {
            id: "g1".to_owned(),
            urlname: "one".to_owned(),
            causes: vec![Cause::parse(name).unwrap(), Cause::Quiet],
        }],
        network: NetworkBefore {
            events_365: Some(day),
            ..NetworkBefore::default()
        },
        groups: vec![GroupBefore {
            id: "g1".to_owned(),
            history_complete: true,
            status: Some(Status::OnTarget),
            last_event: Some("t1".to_owned()),
            next_event: None,
            streak_months: Some(3),
            events_365: 12,
            yes_365: 40,
            people_365: 17,
            attendance_taken: 2,
            new_hosts_365: None,
        }],
    }
}

/// A mirror that knows a group and an event of it.
fn sample() -> Sample {
    let sample = Sample::new();
    let known = "INSERT INTO group_row (key, id, urlname, name, status, join_mode, is_private, first_seen_at, asked)
                   VALUES (1, 'g1', 'one', 'One', 'PAID', 'OPEN', 0, 1, 1);
                 INSERT INTO event_row (token, id, grp, title, status, event_type, asked)
                   VALUES ('t1', 'e1', 1, 'Evening', 'PAST', 'PHYSICAL', 1);";
    sample.put(|w| Ok(w.execute_batch(known)?));
    sample
}

fn file(sample: &Sample, kind: DeliveryKind, channel: &str, told: &Before) -> Filed {
    let document = format!("{{\"causes\":\"{:?}\"}}", told.please_write_to);
    let period = told.as_of.to_rfc3339();
    let report = NewReport {
        kind,
        period: &period,
        as_of: told.as_of,
        payload_json: &document,
        told: Some(told),
    };
    let delivery = NewDelivery {
        channel: channel.to_owned(),
        payload_json: "{}".to_owned(),
    };
    sample
        .put_at((told.as_of.timestamp() - NOW).max(0), |w| {
            w.file_report(&report, &[delivery])
        })
        .remove(0)
}

fn told(sample: &Sample, channel: &str, day: i64) -> Vec<Before> {
    let (now, since) = (at(NOW + day * DAY), at(NOW));
    sample
        .read(|conn| told_before(conn, channel, now, since))
        .unwrap()
}

#[test]
fn what_was_told_is_read_back_as_it_was_filed() {
    let sample = sample();
    file(
        &sample,
        DeliveryKind::Digest,
        "team",
        &before(0, "no_leader"),
    );
    file(&sample, DeliveryKind::Digest, "team", &before(7, "overdue"));
    file(&sample, DeliveryKind::Digest, "board", &before(7, "quiet"));
    let mut first = before(0, "no_leader");
    first.groups.clear();
    assert_eq!(told(&sample, "team", 14), [before(7, "overdue"), first]);
    assert_eq!(told(&sample, "board", 14), [before(7, "quiet")]);
    assert_eq!(told(&sample, "team", 7), [before(0, "no_leader")]);
    assert_eq!(told(&sample, "other", 14), []);
    // What the first definitions called a longer pause is now long without a date.
    let old = "UPDATE named_row SET cause = 'longer_pause' WHERE cause = 'overdue'";
    sample.put(|w| Ok(w.execute_batch(old)?));
    assert_eq!(told(&sample, "team", 14)[0], before(7, "overdue"));
    sample.check_integrity().unwrap();
}

#[test]
fn neither_what_never_arrived_nor_what_was_dropped_counts_as_told() {
    let sample = sample();
    let ids: Vec<i64> = (0..3)
        .map(|week| {
            let told = before(week * 7, "no_leader");
            file(&sample, DeliveryKind::Digest, "team", &told).delivery_id
        })
        .collect();
    sample.put(|w| w.drop_delivery(Which::One(ids[2])));
    sample.put(|w| w.delivery_dead(ids[1], "404"));
    assert_eq!(told(&sample, "team", 21), [before(0, "no_leader")]);
    // Tried again it may still arrive.
    sample.put(|w| w.retry_delivery(Which::All));
    assert_eq!(told(&sample, "team", 21).len(), 2);
}

#[test]
fn a_report_that_was_asked_for_counts_from_half_a_day_on() {
    let sample = sample();
    file(
        &sample,
        DeliveryKind::Manual,
        "team",
        &before(7, "no_leader"),
    );
    let asked = |seconds: i64| {
        let now = at(NOW + 7 * DAY + seconds);
        let told = sample.read(|conn| told_before(conn, "team", now, at(NOW)));
        told.unwrap().len()
    };
    assert_eq!((asked(43_199), asked(43_200)), (0, 1));
}

#[test]
fn the_last_eight_documents_of_a_kind_are_kept_for_each_channel_and_what_was_told_for_longer() {
    let sample = sample();
    for week in 0..12 {
        file(
            &sample,
            DeliveryKind::Digest,
            "team",
            &before(week * 7, "no_leader"),
        );
        if week < 3 {
            file(
                &sample,
                DeliveryKind::Digest,
                "board",
                &before(week * 7, "no_leader"),
            );
        }
        if week == 0 {
            file(
                &sample,
                DeliveryKind::Manual,
                "team",
                &before(0, "not_begun"),
            );
        }
    }
    // The board's are the team's own, kept once, and still kept for the board.
    let kept = sample.rows("SELECT kind, as_of, payload IS NOT NULL FROM report_row ORDER BY id");
    assert_eq!(kept.len(), 13);
    let dropped: Vec<&String> = kept.iter().filter(|row| row.ends_with("|0")).collect();
    let at = |week: i64| format!("digest|{}|0", NOW + week * 7 * DAY);
    assert_eq!(dropped, [&at(3)]);
    assert_eq!(sample.one("SELECT count(*) FROM told_row"), "13");
    assert_eq!(sample.one("SELECT count(*) FROM told_group_row"), "13");
}

#[test]
fn whom_other_channels_were_asked_to_write_to_is_read_back_for_all_or_for_one() {
    let sample = sample();
    let (digest, manual) = (DeliveryKind::Digest, DeliveryKind::Manual);
    file(&sample, digest, "team", &before(0, "no_leader"));
    file(&sample, digest, "board", &before(7, "quiet"));
    file(&sample, manual, "board", &before(13, "no_leader"));
    let given_up = file(&sample, digest, "board", &before(8, "quiet")).delivery_id;
    sample.put(|w| w.delivery_dead(given_up, "404"));
    let days = |channel: Option<&str>, day: i64, since: i64| -> Vec<i64> {
        let (now, since) = (at(NOW + day * DAY), at(NOW + since * DAY));
        let told = sample.read(|conn| told_elsewhere(conn, channel, now, since));
        told.unwrap()
            .iter()
            .inspect(|it| assert_eq!(it.please_write_to[0].id, "g1"))
            .map(|it| (it.as_of.timestamp() - NOW) / DAY)
            .collect()
    };
    assert_eq!(days(Some("team"), 14, 0), [13, 7]);
    assert_eq!(days(Some("board"), 14, 0), [0]);
    assert_eq!(days(None, 14, 0), [13, 7, 0]);
    assert_eq!(days(None, 14, 1), [13, 7]);
    // A trial stands for nothing on its own day, nor does what is told at the same instant.
    assert_eq!(days(None, 13, 0), [7, 0]);
    assert_eq!(days(None, 7, 0), [0]);
}

#[test]
fn what_was_told_is_kept_for_a_year_and_the_last_eight_of_each_channel_for_ever() {
    let sample = sample();
    let digest = |channel: &str, week: i64| {
        file(
            &sample,
            DeliveryKind::Digest,
            channel,
            &before(week * 7, "no_leader"),
        )
    };
    for week in 0..2 {
        digest("silent", week);
    }
    for week in 0..10 {
        digest("team", week);
    }
    // Two of the channel's last never arrived: they are none of the eight.
    for week in [8, 9] {
        let lost = sample.one(&format!(
            "SELECT d.id FROM delivery_row d JOIN report_row r ON r.id = d.report
             WHERE channel = 'team' AND as_of = {}",
            NOW + week * 7 * DAY
        ));
        sample.put(|w| w.delivery_dead(lost.parse().unwrap(), "404"));
    }
    let weeks = |table: &str| -> Vec<i64> {
        let all = format!(
            "SELECT DISTINCT (as_of - {NOW}) / {} FROM {table} t JOIN report_row r ON r.id = t.report ORDER BY 1",
            7 * DAY
        );
        let rows = sample.rows(&all);
        rows.iter().map(|row| row.parse().unwrap()).collect()
    };
    let kept = |expected: &[i64]| {
        for table in ["told_row", "told_group_row", "named_row"] {
            assert_eq!(weeks(table), expected, "{table}");
        }
    };
    kept(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // A year later nothing is too old yet; the first digest of after that lets go of what no channel
    // has among its last eight: the silent one's first two stay, and of the team's its last eight.
    digest("team", 53);
    kept(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 53]);
    digest("team", 63);
    kept(&[0, 1, 2, 3, 4, 5, 6, 7, 53, 63]);
    digest("team", 64);
    kept(&[0, 1, 3, 4, 5, 6, 7, 53, 63, 64]);
    assert_eq!(
        told(&sample, "silent", 65 * 7)[0],
        before(7, "no_leader"),
        "with its groups, to tell what changed since"
    );
    sample.check_integrity().unwrap();
}
