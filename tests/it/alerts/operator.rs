//! The daemon's own trouble.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use gatherd::community::{Alert, AlertKey, Scope, TroubleKind};
use gatherd::report::alerts::{self, Health, Trouble};

use super::diary::start;

#[derive(Default)]
struct Log {
    rows: BTreeMap<AlertKey, Alert>,
}

impl Log {
    fn look(&mut self, health: &Health, now: DateTime<Utc>) -> Vec<Trouble> {
        let before: Vec<Alert> = self.rows.values().cloned().collect();
        let (remember, forget, told) = alerts::operator(health, &before, now, Duration::days(1));
        for alert in remember {
            self.rows.insert(alert.key.clone(), alert);
        }
        for key in forget {
            self.rows.remove(&key);
        }
        told
    }

    fn kinds(&mut self, health: &Health, now: DateTime<Utc>) -> Vec<&'static str> {
        self.look(health, now)
            .iter()
            .map(|it| it.kind.as_str())
            .collect()
    }
}

const NONE: [&str; 0] = [];

fn well() -> Health {
    Health {
        last_good_at: Some(start()),
        ..Health::default()
    }
}

#[test]
fn a_day_without_a_good_pass_is_told_once_and_again_after_a_good_one() {
    let mut log = Log::default();
    assert_eq!(log.kinds(&well(), start()), NONE);
    let mut bad = Health {
        failed_at: Some(start() + Duration::hours(1)),
        ..well()
    };
    let day = start() + Duration::days(1);
    assert_eq!(log.kinds(&bad, day - Duration::seconds(1)), NONE);
    assert_eq!(log.kinds(&bad, day), ["no_good_pass"]);
    assert_eq!(log.kinds(&bad, day + Duration::hours(9)), NONE);
    bad.last_good_at = Some(day + Duration::days(1));
    assert_eq!(log.kinds(&bad, day + Duration::days(1)), NONE);
    bad.failed_at = Some(day + Duration::days(2));
    assert_eq!(log.kinds(&bad, day + Duration::days(2)), ["no_good_pass"]);
}

#[test]
fn a_machine_that_slept_for_a_week_has_not_tried_in_vain() {
    let mut log = Log::default();
    let now = start() + Duration::days(7);
    assert_eq!(log.kinds(&well(), now), NONE);
    let earlier = Health {
        failed_at: Some(start() - Duration::hours(1)),
        ..well()
    };
    assert_eq!(log.kinds(&earlier, now), NONE, "that failure is older");
    let hangs = Health {
        running_since: Some(now - Duration::hours(25)),
        ..well()
    };
    assert_eq!(log.kinds(&hangs, now), ["no_good_pass"]);
}

#[test]
fn a_first_pass_that_never_succeeds_is_told_after_a_day() {
    let mut log = Log::default();
    let health = Health {
        first_pass_at: Some(start()),
        failed_at: Some(start() + Duration::hours(20)),
        ..Health::default()
    };
    assert_eq!(log.kinds(&health, start() + Duration::hours(20)), NONE);
    let told = log.look(&health, start() + Duration::hours(24));
    assert!(told[0].sentence.starts_with("No pass has read Meetup yet"));
}

#[test]
fn a_sign_in_that_is_needed_is_told_at_once_even_at_the_first_look() {
    let mut log = Log::default();
    let needed = Health {
        failed_at: Some(start()),
        sign_in: Some("sign-in needed: refused\nrun it again".to_owned()),
        ..Health::default()
    };
    let told = log.look(&needed, start());
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].remedy, "sign-in needed: refused; run it again");
    // An outage says nothing of the sign-in.
    let outage = Health {
        sign_in: None,
        ..needed.clone()
    };
    assert_eq!(log.kinds(&outage, start() + Duration::hours(5)), NONE);
    assert_eq!(
        log.kinds(&needed, start() + Duration::hours(6)),
        NONE,
        "still the same"
    );
    let mut good = Health {
        last_good_at: Some(start() + Duration::hours(7)),
        ..outage
    };
    assert_eq!(log.kinds(&good, start() + Duration::hours(7)), NONE);
    good.last_good_at = Some(start() + Duration::hours(8));
    assert_eq!(log.kinds(&good, start() + Duration::hours(8)), NONE);
    let again = Health {
        failed_at: Some(start() + Duration::hours(9)),
        ..needed
    };
    assert_eq!(log.kinds(&again, start() + Duration::hours(9)), ["sign_in"]);
}

#[test]
fn a_refused_roster_is_told_by_scope_and_not_again_because_of_an_outage() {
    let mut log = Log::default();
    let acme = || Scope::network("acme");
    let refused = |scopes: &[Scope]| Health {
        refused: scopes
            .iter()
            .map(|scope| {
                (
                    scope.clone(),
                    "Meetup lists 2 of the 9 groups known".to_owned(),
                )
            })
            .collect(),
        ..well()
    };
    assert_eq!(log.kinds(&refused(&[acme()]), start()), ["refused_roster"]);
    // What an outage does not come to is still refused.
    let outage = Health {
        failed_at: Some(start() + Duration::hours(1)),
        ..refused(&[acme()])
    };
    assert_eq!(log.kinds(&outage, start() + Duration::hours(1)), NONE);
    let two = refused(&[acme(), Scope::group("acme-berlin")]);
    assert_eq!(
        log.kinds(&two, start()),
        ["refused_roster"],
        "the second scope only"
    );
    assert_eq!(log.kinds(&refused(&[]), start()), NONE);
    assert_eq!(log.kinds(&refused(&[acme()]), start()), ["refused_roster"]);
}

#[test]
fn dead_deliveries_are_told_by_channel_until_none_is_left() {
    let mut log = Log::default();
    let dead = |messages| Health {
        dead: vec![("team".to_owned(), messages)],
        ..well()
    };
    let told = log.look(&dead(1), start());
    assert_eq!(
        told[0].sentence,
        "1 message to the channel team could not be delivered and will not be tried again."
    );
    assert_eq!(log.kinds(&dead(3), start()), NONE);
    assert_eq!(log.kinds(&well(), start()), NONE);
    assert_eq!(log.kinds(&dead(1), start()), ["dead_delivery"]);
}

#[test]
fn drift_is_told_once_and_unknown_where_nobody_looked() {
    let mut log = Log::default();
    let drift = |findings: Option<&[&str]>| Health {
        drift: findings.map(|it| it.iter().map(|it| (*it).to_owned()).collect()),
        ..well()
    };
    assert_eq!(log.kinds(&drift(None), start()), NONE);
    assert!(
        log.rows
            .values()
            .all(|alert| alert.key != AlertKey::Trouble(TroubleKind::Drift, None))
    );
    assert_eq!(
        log.kinds(&drift(Some(&["Event.title is gone"])), start()),
        ["drift"]
    );
    assert_eq!(log.kinds(&drift(None), start() + Duration::days(9)), NONE);
    assert_eq!(
        log.kinds(&drift(Some(&["Event.title is gone"])), start()),
        NONE
    );
}

#[test]
fn an_old_backup_is_told_once_and_again_only_after_a_good_one() {
    let mut log = Log::default();
    let old = Health {
        old_backup: Some("the last good backup is of Thursday, and two were due since".to_owned()),
        ..well()
    };
    let told = log.look(&old, start());
    assert_eq!(told[0].kind, TroubleKind::OldBackup);
    assert_eq!(
        told[0].sentence,
        "The last good backup is of Thursday, and two were due since."
    );
    assert_eq!(log.kinds(&old, start() + Duration::days(1)), NONE);
    assert_eq!(log.kinds(&well(), start() + Duration::days(2)), NONE);
    assert_eq!(log.kinds(&old, start() + Duration::days(3)), ["old_backup"]);
}
