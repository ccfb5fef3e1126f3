//! What report, digest, status, alert and exit code say after each kind of pass that failed in part.

use super::alerts::{Sponsor, group, told};
use gatherd::demo::world::Answer;
use gatherd::demo::{Blemish, Fault, LeavesOut, On, Rights, TRIAL_TOKEN};
use serde_json::Value;

pub(super) const DAY: i64 = 86_400;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The account lost its right to the network.
    NetworkHidden,
    /// The list of the network's events is never answered.
    EventsDown,
    /// Most groups are missing from the network's list.
    RosterShrunk,
    /// One group's answers make no sense.
    GroupUnreadable,
    /// One event of one group makes no sense.
    EventUnreadable,
    /// One of the answers to one event is of an account that was deleted.
    AccountLost,
    /// The RSVPs of one group's event are never answered.
    RsvpsDown,
    /// Nobody is signed in any more.
    SignedOut,
    /// What is over is not shown.
    PastHidden,
    /// Members are counted and not shown.
    MembersHidden,
    /// RSVPs are neither counted nor shown.
    RsvpsHidden,
    /// The token is ignored: answers are those for a stranger.
    TokenIgnored,
}

struct Expected {
    exit: i32,
    /// What fails, and in which way.
    fails: &'static [(&'static str, &'static str)],
    /// How many of the four groups are unread.
    unread: usize,
    is_good: bool,
}

impl Wrong {
    const ALL: [Self; 12] = [
        Self::NetworkHidden,
        Self::EventsDown,
        Self::RosterShrunk,
        Self::GroupUnreadable,
        Self::EventUnreadable,
        Self::AccountLost,
        Self::RsvpsDown,
        Self::SignedOut,
        Self::PastHidden,
        Self::MembersHidden,
        Self::RsvpsHidden,
        Self::TokenIgnored,
    ];

    fn expected(self) -> Expected {
        const ALL_GROUPS: &[(&str, &str)] = &[
            ("group sized-group-0000", "shrunken"),
            ("group sized-group-0001", "shrunken"),
            ("group sized-group-0002", "shrunken"),
            ("group sized-group-0003", "shrunken"),
        ];
        let (exit, fails, unread, is_good): (_, &[_], _, _) = match self {
            Self::NetworkHidden => (3, &[("network sized", "not_visible")], 4, false),
            Self::EventsDown => (3, &[("network sized", "outage")], 4, false),
            Self::GroupUnreadable => (3, &[("group sized-group-0001", "unreadable")], 1, true),
            Self::EventUnreadable | Self::AccountLost => {
                (3, &[("group sized-group-0001", "unreadable")], 0, true)
            }
            Self::RsvpsDown => (3, &[("group sized-group-0001", "outage")], 1, true),
            Self::RosterShrunk | Self::PastHidden | Self::MembersHidden => {
                (3, &[("network sized", "shrunken")], 4, true)
            }
            Self::RsvpsHidden => (3, ALL_GROUPS, 4, true),
            Self::SignedOut | Self::TokenIgnored => (4, &[("sign-in", "refused")], 4, false),
        };
        Expected {
            exit,
            fails,
            unread,
            is_good,
        }
    }

    /// Makes it so for the next pass.
    pub(super) fn begin(self, sponsor: &Sponsor) {
        let sim = &sponsor.program.sim;
        let down = |operation: &str| down(sponsor, operation);
        let leave_out = |what| sim.switch(|switches| switches.leaves_out = what);
        match self {
            Self::NetworkHidden => sim.allow_token(TRIAL_TOKEN, Rights::NoNetwork),
            Self::EventsDown => down("NetworkEvents"),
            Self::RosterShrunk => sponsor.change(|world| {
                for nth in 0..3 {
                    let at = group(world, nth);
                    world.leave_network(at);
                }
            }),
            Self::GroupUnreadable => {
                let at = sponsor.change(|world| group(world, 1));
                sim.blemish(at, Blemish::Unreadable);
            }
            Self::EventUnreadable => {
                let at = sponsor.change(|world| {
                    let at = group(world, 1);
                    world.events_of(at).next_back().unwrap()
                });
                sim.blemish_event(at, Blemish::Unreadable);
            }
            Self::AccountLost => {
                // Somebody who was not known before answers, and is deleted.
                let at = sponsor.change(|world| {
                    let at = group(world, 1);
                    let event = world.events_of(at).next_back().unwrap();
                    let (person, now) = (world.add_person("Gone Since"), world.now());
                    world.answer(event, person, Answer::Yes, now);
                    event
                });
                sim.blemish_event(at, Blemish::LostNewest);
            }
            Self::RsvpsDown => {
                sponsor.change(|world| {
                    let at = group(world, 1);
                    let event = world.events_of(at).next_back().unwrap();
                    let (person, now) = (world.event(event).rsvps[0].person, world.now());
                    world.answer(event, person, Answer::No, now);
                });
                down("EventRsvps");
            }
            Self::SignedOut => sim.revoke_access_tokens(),
            Self::PastHidden => leave_out(LeavesOut::PastEvents),
            Self::MembersHidden => leave_out(LeavesOut::Members),
            Self::RsvpsHidden => leave_out(LeavesOut::Rsvps),
            Self::TokenIgnored => leave_out(LeavesOut::AllButPublic),
        }
    }
}

/// Questions of this name are not answered any more.
pub(super) fn down(sponsor: &Sponsor, operation: &str) {
    let on = On::Operation(operation.to_owned());
    sponsor.program.sim.fault(on, Fault::Status(500), 1_000);
}

/// As if all that was read and failed had been so long ago.
pub(super) fn age(sponsor: &Sponsor, seconds: i64) {
    let conn = rusqlite::Connection::open(sponsor.program.path("gatherd.db")).unwrap();
    conn.execute_batch(&format!(
        "UPDATE pass_row SET started_at = started_at - {seconds}, finished_at = finished_at - {seconds};
         UPDATE network_row SET read_at = read_at - {seconds};
         UPDATE failure_row SET since = since - {seconds}, last_at = last_at - {seconds}, read_at = read_at - {seconds};
         UPDATE group_row SET retry_at = NULL, first_seen_at = first_seen_at - {seconds};"
    ))
    .unwrap();
}

pub(super) fn status(sponsor: &Sponsor) -> Value {
    let ran = sponsor.program.run(&["status", "--json"]).exits(0);
    serde_json::from_str(&ran.out).unwrap()
}

pub(super) fn report(sponsor: &Sponsor) -> Value {
    let ran = sponsor
        .program
        .run(&["report", "--format", "json"])
        .exits(0);
    serde_json::from_str(&ran.out).unwrap()
}

pub(super) fn footer(sponsor: &Sponsor) -> String {
    let slack = ["report", "--send", "monday", "--dry-run", "--raw"];
    sponsor.program.run(&slack).exits(0).out
}

pub(super) fn sponsor(seed: u64) -> Sponsor {
    let sponsor = Sponsor::new(seed, "");
    let hook = sponsor.channel("hook", "\"operator\"");
    let slack = format!(
        "[[channel]]\nname = \"monday\"\nkind = \"slack\"\nurl = \"{}\"\n",
        sponsor.receiver.url("slack")
    );
    sponsor.configure(&format!("{hook}{slack}"));
    sponsor
}

#[test]
fn each_kind_of_failure_is_told_alike_by_all_who_tell_of_it() {
    for (nth, wrong) in Wrong::ALL.into_iter().enumerate() {
        let sponsor = sponsor(600 + nth as u64);
        let expected = wrong.expected();
        sponsor.program.run(&["sync"]).exits(0);
        // Everything is some minutes old, so that a reading of now can be told from it.
        age(&sponsor, 300);
        let well = report(&sponsor);
        let before = well["freshness"]["oldest_read_at"].clone();
        assert!(before.is_string(), "{wrong:?}");
        assert!(footer(&sponsor).contains("all 4 groups read"));

        wrong.begin(&sponsor);
        let ran = sponsor.program.run(&["sync"]);
        assert_eq!(ran.code, expected.exit, "{wrong:?}: {}", ran.out);
        let status = status(&sponsor);
        let fails: Vec<(&str, &str)> = status["failures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["scope"].as_str().unwrap(), it["kind"].as_str().unwrap()))
            .collect();
        assert_eq!(fails, expected.fails, "{wrong:?}: {status}");
        let rows = "SELECT scope FROM failures";
        assert_eq!(sponsor.program.rows(rows).len(), fails.len(), "{wrong:?}");

        let said = report(&sponsor);
        let unread = said["freshness"]["unread_groups"].as_array().unwrap();
        assert_eq!(unread.len(), expected.unread, "{wrong:?}: {said}");
        for group in said["groups"].as_array().unwrap() {
            let is_unread = unread.contains(&group["urlname"]);
            assert_eq!(group["read_at"] == before, is_unread, "{wrong:?}: {group}");
        }
        let is_all_read = expected.unread == 0;
        let oldest = &said["freshness"]["oldest_read_at"];
        assert_eq!(*oldest != before, is_all_read, "{wrong:?}");
        let is_good = said["freshness"]["last_pass_at"] != well["freshness"]["last_pass_at"];
        assert_eq!(is_good, expected.is_good, "{wrong:?}");

        let footer = footer(&sponsor);
        assert_eq!(
            footer.contains("all 4 groups read"),
            is_all_read,
            "{wrong:?}: {footer}"
        );
        let says = match expected.unread {
            0 => "all 4 groups read".to_owned(),
            4 => "None of the 4 groups could be read since".to_owned(),
            n => format!("all but {n} group, which was last read on"),
        };
        assert!(footer.contains(&says), "{wrong:?}: {footer}");

        // So lately is no trouble yet, but that nobody is signed in.
        let is_signed_out = matches!(wrong, Wrong::SignedOut | Wrong::TokenIgnored);
        let exit = if is_signed_out { 4 } else { 0 };
        sponsor.program.run(&["status", "--check"]).exits(exit);
    }
}

#[test]
fn what_stays_unread_for_a_day_is_trouble_and_told_to_the_operator_once() {
    for (nth, (wrong, about)) in [
        (Wrong::NetworkHidden, "network sized"),
        (Wrong::EventsDown, "network sized"),
        (Wrong::GroupUnreadable, "groups"),
    ]
    .into_iter()
    .enumerate()
    {
        let sponsor = sponsor(620 + nth as u64);
        wrong.begin(&sponsor);
        sponsor.program.run(&["sync"]).exits(3);
        assert!(sponsor.receiver.take().is_empty(), "{wrong:?}: not yet");
        age(&sponsor, DAY + 60);
        // The old rule: no pass was good for three firings. Now one fails again, just now.
        sponsor.program.run(&["sync"]).exits(3);
        let came = sponsor.receiver.take();
        assert_eq!(came.len(), 1, "{wrong:?}");
        assert_eq!(told(&came[0].json), [format!("stale_data {about}")]);
        let ran = sponsor.program.run(&["status", "--check"]).exits(1);
        assert!(ran.out.contains("read"), "{wrong:?}: {}", ran.out);
        let doctor = sponsor.program.run(&["doctor"]);
        assert!(doctor.out.contains("gatherd status"), "{}", doctor.out);
        assert_eq!(status(&sponsor)["is_well"], false, "{wrong:?}");
        sponsor.program.run(&["sync"]).exits(3);
        assert!(sponsor.receiver.take().is_empty(), "{wrong:?}: once");

        sponsor
            .program
            .sim
            .allow_token(TRIAL_TOKEN, Rights::Network);
        sponsor.program.sim.heal();
        age(&sponsor, 0);
        sponsor.program.run(&["sync"]).exits(0);
        sponsor.program.run(&["status", "--check"]).exits(0);
        assert_eq!(status(&sponsor)["is_well"], true, "{wrong:?}");
    }
}

#[test]
fn a_pass_that_finds_nothing_new_writes_one_instant_a_network() {
    let sponsor = sponsor(641);
    sponsor.program.run(&["sync"]).exits(0);
    let groups = "SELECT * FROM group_row";
    let before = sponsor.program.rows(groups);
    sponsor.program.run(&["sync"]).exits(0);
    assert_eq!(sponsor.program.rows(groups), before);
}

#[test]
fn nobody_is_called_leaderless_or_without_hosts_because_answers_are_poor() {
    for (nth, what) in LeavesOut::ALL.into_iter().enumerate() {
        let sponsor = Sponsor::new(650 + nth as u64, "");
        sponsor.program.run(&["sync"]).exits(0);
        let gone = "SELECT 1 FROM memberships WHERE gone_at IS NOT NULL UNION ALL
            SELECT 1 FROM events WHERE gone_at IS NOT NULL UNION ALL SELECT 1 FROM rsvps WHERE gone_at IS NOT NULL";
        let before = sponsor.program.rows(gone);
        let meetup = &sponsor.program.sim;
        meetup.switch(|switches| switches.leaves_out = what);
        let exit = if what == LeavesOut::AllButPublic {
            4
        } else {
            3
        };
        sponsor.program.run(&["sync", "--sweep"]).exits(exit);
        for came in sponsor.receiver.take() {
            for told in told(&came.json) {
                assert!(
                    told.starts_with("refused_roster") || told.starts_with("sign_in"),
                    "{what:?}: {told}"
                );
            }
        }
        assert_eq!(sponsor.program.rows(gone), before, "{what:?}");
        meetup.switch(|switches| switches.leaves_out = LeavesOut::Nothing);
        sponsor.program.run(&["sync", "--sweep"]).exits(0);
        assert_eq!(sponsor.program.rows(gone), before, "{what:?}");
    }
}
