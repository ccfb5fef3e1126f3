//! The outbox: at least once, one at a time per channel.

use gatherd::mirror::*;

use super::samples::*;

fn file(sample: &Sample, period: &str, channels: &[&str]) -> Vec<Filed> {
    let deliveries: Vec<_> = channels
        .iter()
        .map(|channel| NewDelivery {
            channel: (*channel).to_owned(),
            payload_json: format!("{{\"to\":\"{channel}\"}}"),
        })
        .collect();
    let report = NewReport {
        kind: DeliveryKind::Digest,
        period,
        as_of: at(NOW),
        payload_json: "{\"schema_version\":1}",
        told: None,
    };
    sample.put(|w| w.file_report(&report, &deliveries))
}

fn lease(sample: &Sample, second: i64) -> Option<Leased> {
    sample.put_at(second, |w| w.lease_delivery(60))
}

#[test]
fn the_same_report_is_filed_once_per_channel() {
    let sample = Sample::new();
    let first = file(&sample, "monday", &["team"]);
    assert_eq!(first[0].outcome, Outcome::New);
    let again = file(&sample, "monday", &["team", "board"]);
    assert_eq!(
        again[0].outcome,
        Outcome::Already {
            state: DeliveryState::Pending
        }
    );
    assert_eq!(again[0].delivery_id, first[0].delivery_id);
    assert_eq!(again[1].outcome, Outcome::New);
    assert_eq!(
        file(&sample, "monday", &["team"])[0].outcome,
        again[0].outcome
    );
    assert_eq!(
        sample.one("SELECT count(*) FROM reports"),
        "1",
        "the same document is kept once"
    );
    let leased = lease(&sample, 1).unwrap();
    sample.put(|w| w.delivery_sent(leased.id, None));
    assert_eq!(
        file(&sample, "monday", &["team"])[0].outcome,
        Outcome::Already {
            state: DeliveryState::Sent
        }
    );
}

#[test]
fn a_report_for_no_channel_is_filed_all_the_same() {
    let sample = Sample::new();
    assert_eq!(file(&sample, "monday", &[]), []);
    assert_eq!(
        sample.one("SELECT kind, period FROM reports"),
        "digest|monday"
    );
}

#[test]
fn a_message_whose_sender_died_is_sent_again_under_the_same_id() {
    let sample = Sample::new();
    file(&sample, "monday", &["team"]);
    let first = lease(&sample, 0).unwrap();
    assert_eq!(first.payload, "{\"to\":\"team\"}");
    assert_eq!(lease(&sample, 59), None, "its lease still runs");
    let sample = sample.reopened();
    let second = lease(&sample, 60).unwrap();
    assert_eq!((first.id, &first.key), (second.id, &second.key));
    assert_eq!((first.attempts, second.attempts), (1, 2));
    let id = sample.read(database_id).unwrap();
    assert_eq!(second.key, format!("msg_{id}_{}", second.id));
    sample.put_at(61, |w| w.delivery_sent(second.id, None));
    assert_eq!(lease(&sample, 10_000), None);
    assert_eq!(sample.read(undelivered).unwrap(), Undelivered::default());
}

#[test]
fn a_lease_from_before_the_clock_stepped_back_holds_nobody_up() {
    let sample = Sample::new();
    file(&sample, "monday", &["team"]);
    lease(&sample, 86_400).unwrap();
    assert!(lease(&sample, 0).is_some());
}

#[test]
fn a_channel_has_one_message_under_way_at_a_time() {
    let sample = Sample::new();
    file(&sample, "monday", &["team", "board"]);
    file(&sample, "tuesday", &["team"]);
    let (one, two) = (lease(&sample, 1).unwrap(), lease(&sample, 1).unwrap());
    assert_ne!(one.channel, two.channel);
    assert_eq!(lease(&sample, 1), None);
    sample.put_at(2, |w| w.delivery_sent(one.id, None));
    let three = lease(&sample, 2).unwrap();
    assert_eq!(
        (three.channel.as_str(), three.period.as_str()),
        ("team", "tuesday")
    );
}

#[test]
fn a_message_put_off_comes_at_its_time_and_a_dead_one_only_when_told() {
    let sample = Sample::new();
    file(&sample, "monday", &["team"]);
    let leased = lease(&sample, 0).unwrap();
    sample.put(|w| w.delivery_later(leased.id, at(NOW + 300), "503"));
    assert_eq!(lease(&sample, 299), None);
    let open = sample.read(undelivered).unwrap();
    assert_eq!(
        (open.open, open.dead, open.next_attempt_at),
        (1, 0, Some(NOW + 300))
    );
    let leased = lease(&sample, 300).unwrap();
    sample.put_at(300, |w| w.delivery_dead(leased.id, "404"));
    assert_eq!(lease(&sample, 100_000), None);
    let listed = sample.read(|conn| deliveries(conn, 5)).unwrap();
    assert_eq!(
        (listed[0].state, listed[0].last_error.as_deref()),
        (DeliveryState::Dead, Some("404"))
    );
    assert_eq!(
        sample.put(|w| w.retry_delivery(Which::One(leased.id + 1))),
        Retried::default()
    );
    assert_eq!(sample.put(|w| w.retry_delivery(Which::All)).due, 1);
    let leased = lease(&sample, 0).unwrap();
    assert_eq!(leased.attempts, 1);
    sample.put(|w| w.delivery_sent(leased.id, None));
    // What arrived stays so, whatever a sender that was too late says.
    sample.put(|w| {
        w.delivery_later(leased.id, at(NOW), "late")?;
        w.delivery_dead(leased.id, "late")?;
        assert_eq!(w.retry_delivery(Which::One(leased.id))?, Retried::default());
        Ok(())
    });
    assert_eq!(sample.one("SELECT state FROM deliveries"), "sent");
}

#[test]
fn what_is_posted_is_emptied_once_it_arrived_was_dropped_or_was_given_up_a_month_ago() {
    let sample = Sample::new();
    file(&sample, "monday", &["sent", "dropped", "dead"]);
    let mut ids = std::collections::HashMap::new();
    while let Some(leased) = lease(&sample, 0) {
        assert_eq!(leased.payload, format!("{{\"to\":\"{}\"}}", leased.channel));
        ids.insert(leased.channel, leased.id);
    }
    sample.put(|w| {
        w.delivery_sent(ids["sent"], None)?;
        assert_eq!(w.drop_delivery(Which::One(ids["dropped"]))?, 1);
        w.delivery_dead(ids["dead"], "404")
    });
    let kept = "SELECT state, payload IS NOT NULL FROM delivery_row ORDER BY state";
    assert_eq!(sample.rows(kept), ["dead|1", "dropped|0", "sent|0"]);
    // Whatever is filed meanwhile, it may be tried again for thirty days.
    let days = |days: i64| days * 86_400;
    sample.put_at(days(30) - 1, |w| {
        assert_eq!(
            w.retry_delivery(Which::All)?,
            Retried { due: 1, emptied: 0 }
        );
        w.delivery_dead(ids["dead"], "404 again")
    });
    file_at(&sample, days(60) - 2, "tuesday");
    assert_eq!(sample.rows(kept)[0], "dead|1");
    file_at(&sample, days(60) - 1, "wednesday");
    assert_eq!(sample.rows(kept)[0], "dead|0");
    let retried = sample.put_at(days(60), |w| w.retry_delivery(Which::One(ids["dead"])));
    assert_eq!(retried, Retried { due: 0, emptied: 1 });
    let known = sample.read(|conn| delivery(conn, ids["dead"])).unwrap();
    assert!(!known.unwrap().is_kept);
}

fn file_at(sample: &Sample, second: i64, period: &str) {
    let report = NewReport {
        kind: DeliveryKind::Alert,
        period,
        as_of: at(NOW),
        payload_json: "{}",
        told: None,
    };
    sample.put_at(second, |w| w.file_report(&report, &[]));
}

#[test]
fn a_message_that_is_dropped_while_it_is_sent_is_not_brought_back_but_told_where_it_arrived() {
    let sample = Sample::new();
    file(&sample, "monday", &["failed", "put off", "arrived"]);
    let leased: Vec<Leased> = (0..3).map(|_| lease(&sample, 0).unwrap()).collect();
    let id = |name: &str| leased.iter().find(|it| it.channel == name).unwrap().id;
    assert_eq!(sample.put(|w| w.drop_delivery(Which::All)), 3);
    sample.put(|w| {
        w.delivery_dead(id("failed"), "404")?;
        w.delivery_later(id("put off"), at(NOW + 60), "503")?;
        w.delivery_sent(id("arrived"), None)
    });
    assert_eq!(lease(&sample, 100_000), None, "none is taken up again");
    assert_eq!(
        sample.rows("SELECT channel, state, last_error FROM deliveries ORDER BY channel"),
        ["arrived|sent|", "failed|dropped|", "put off|dropped|"]
    );
    // What was dropped stays so, and counts nowhere.
    assert_eq!(
        sample.put(|w| w.retry_delivery(Which::All)),
        Retried::default()
    );
    assert_eq!(sample.put(|w| w.drop_delivery(Which::All)), 0);
    assert_eq!(sample.read(undelivered).unwrap(), Undelivered::default());
    assert_eq!(sample.read(given_up).unwrap(), []);
}

#[test]
fn a_channel_is_in_trouble_while_its_latest_message_is_one_given_up() {
    let sample = Sample::new();
    let file = |kind, period: &str| {
        let report = NewReport {
            kind,
            period,
            as_of: at(NOW),
            payload_json: "{}",
            told: None,
        };
        let delivery = NewDelivery {
            channel: "team".to_owned(),
            payload_json: "{}".to_owned(),
        };
        sample.put(|w| w.file_report(&report, &[delivery]))[0].delivery_id
    };
    let trouble = || sample.read(given_up).unwrap();
    let lines = file(DeliveryKind::Test, "line");
    sample.put(|w| w.delivery_dead(lines, "404"));
    assert_eq!(trouble(), [], "a test line is no trouble");
    let one = file(DeliveryKind::Digest, "one");
    sample.put(|w| w.delivery_dead(one, "404"));
    assert_eq!(trouble(), [("team".to_owned(), 1)]);
    let lines = file(DeliveryKind::Test, "another line");
    sample.put(|w| w.delivery_sent(lines, None));
    assert_eq!(trouble().len(), 1, "nor does one that arrives end it");
    let two = file(DeliveryKind::Digest, "two");
    assert_eq!(trouble(), [], "it may still arrive");
    sample.put(|w| w.drop_delivery(Which::One(two)));
    assert_eq!(trouble().len(), 1, "what was dropped never counts");
    let three = file(DeliveryKind::Alert, "three");
    sample.put(|w| w.delivery_sent(three, None));
    assert_eq!(trouble(), [], "what came since arrived");
}
