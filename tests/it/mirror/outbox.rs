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
    assert_eq!(sample.one("SELECT count(*) FROM reports"), "2");
    let leased = lease(&sample, 1).unwrap();
    sample.put(|w| w.delivery_sent(leased.id));
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
    sample.put_at(61, |w| w.delivery_sent(second.id));
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
    sample.put_at(2, |w| w.delivery_sent(one.id));
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
        sample.put(|w| w.retry_delivery(Retry::One(leased.id + 1))),
        0
    );
    assert_eq!(sample.put(|w| w.retry_delivery(Retry::All)), 1);
    let leased = lease(&sample, 0).unwrap();
    assert_eq!(leased.attempts, 1);
    sample.put(|w| w.delivery_sent(leased.id));
    // What arrived stays so, whatever a sender that was too late says.
    sample.put(|w| {
        w.delivery_later(leased.id, at(NOW), "late")?;
        w.delivery_dead(leased.id, "late")?;
        assert_eq!(w.retry_delivery(Retry::One(leased.id))?, 0);
        Ok(())
    });
    assert_eq!(sample.one("SELECT state FROM deliveries"), "sent");
}
