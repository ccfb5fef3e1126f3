//! What has not been read for too long: a network or a configured group that never was, a network that was
//! not for a day, or a tenth of the groups; longer than a day where three firings of the poll take longer.

use super::reading::{Read, Readings};
use crate::{
    community::Scope,
    config::Schedule,
    report::{clean, many},
    schedule,
};
use chrono::{DateTime, TimeDelta, Utc};

/// One missed pass is an outage, three are trouble.
const MISSED: usize = 3;
/// A pass may take so long after its due instant before it counts as missed.
const TO_RUN: TimeDelta = TimeDelta::seconds(60);
/// Data younger than this is never stale.
const AT_LEAST: TimeDelta = TimeDelta::days(1);
/// Groups named.
const NAMED: usize = 5;

/// Something that was not read for too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stale {
    /// A configured network.
    Network {
        urlname: String,
        /// When it was read; none: never.
        read_at: Option<DateTime<Utc>>,
        /// Why, where that is known.
        why: Option<String>,
    },
    /// A configured group outside networks that was never read.
    Group {
        urlname: String,
        /// Why, where that is known.
        why: Option<String>,
    },
    /// A tenth of the groups or more, beside those of stale networks.
    Groups {
        /// Their urlnames.
        urlnames: Vec<String>,
        /// Of so many.
        of: usize,
        /// When the first of them was read; none: never.
        oldest_at: Option<DateTime<Utc>>,
        /// Whether a pass that should have read them could not.
        have_failed: bool,
    },
}

/// The instant from which data read at `at` is too old; none where the line never fires so often again.
fn limit(schedule: &Schedule, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(third_firing(schedule, at)?.max(at + AT_LEAST))
}

/// The third firing of the poll after an instant, and a while for the pass to run.
pub(super) fn third_firing(schedule: &Schedule, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut dues = std::iter::successors(Some(at), |at| {
        schedule::next_due(&schedule.poll, schedule.timezone, *at)
    });
    Some(dues.nth(MISSED)? + TO_RUN)
}

/// What is stale at `now`. While a first pass is under way, what was never read is not yet trouble.
pub(crate) fn stale(
    readings: &Readings,
    schedule: &Schedule,
    is_running: bool,
    now: DateTime<Utc>,
) -> Vec<Stale> {
    let is_old = |it: &Read| match it.at {
        None => it.unread.is_some() || !is_running,
        Some(at) => limit(schedule, at).is_some_and(|limit| now > limit),
    };
    let old_networks: Vec<&Read> = readings.networks.iter().filter(|it| is_old(it)).collect();
    let mut found: Vec<Stale> = old_networks
        .iter()
        .map(|it| Stale::Network {
            urlname: it.urlname.clone(),
            read_at: it.at,
            why: it.unread.clone(),
        })
        .collect();
    let never = readings.never_read.iter().filter(|it| is_old(it));
    found.extend(never.map(|it| Stale::Group {
        urlname: it.urlname.clone(),
        why: it.unread.clone(),
    }));
    // Groups as old as their network are told with it, and those above by themselves.
    let is_told = |it: &Read| {
        let mut never = readings.never_read.iter();
        let is_never = never.any(|of| of.urlname == it.urlname);
        let is_of_network = old_networks.iter().any(|of| {
            it.network
                .as_ref()
                .is_some_and(|it| it.eq_ignore_ascii_case(&of.urlname))
        });
        is_never || is_of_network
    };
    let groups: Vec<&Read> = readings
        .groups
        .iter()
        .filter(|it| {
            // One that was never read is as old as its failure.
            let at = it.at.or(it.failing_since);
            at.and_then(|at| limit(schedule, at))
                .is_some_and(|limit| now > limit)
                && !is_told(it)
        })
        .collect();
    if !groups.is_empty() && groups.len() * 10 >= readings.groups.len() {
        found.push(Stale::Groups {
            urlnames: groups.iter().map(|it| it.urlname.clone()).collect(),
            of: readings.groups.len(),
            oldest_at: groups.iter().map(|it| it.at).min().flatten(),
            have_failed: groups.iter().any(|it| it.unread.is_some()),
        });
    }
    found
}

impl Stale {
    /// Whether it was never read.
    pub(super) fn is_never(&self) -> bool {
        match self {
            Self::Network { read_at, .. } => read_at.is_none(),
            Self::Group { .. } => true,
            Self::Groups { oldest_at, .. } => oldest_at.is_none(),
        }
    }

    /// Whether a pass that should have read it could not.
    pub(crate) fn has_failed(&self) -> bool {
        match self {
            Self::Network { why, .. } | Self::Group { why, .. } => why.is_some(),
            Self::Groups { have_failed, .. } => *have_failed,
        }
    }

    /// What it is about, for whoever remembers that it was told.
    pub(crate) fn about(&self) -> String {
        match self {
            Self::Network { urlname, .. } => Scope::network(urlname).to_string(),
            Self::Group { urlname, .. } => Scope::group(urlname).to_string(),
            Self::Groups { .. } => "groups".to_owned(),
        }
    }

    /// In a sentence, without a full stop.
    pub(crate) fn sentence(&self) -> String {
        let day = |at: DateTime<Utc>| at.format("%a %-d %b %Y, %H:%M UTC").to_string();
        let because = |why: &Option<String>| {
            let first = why.as_deref().and_then(|why| why.lines().next());
            first.map_or_else(String::new, |why| format!(": {}", clean(why)))
        };
        match self {
            Self::Network {
                urlname,
                read_at,
                why,
            } => {
                let since = read_at.map_or_else(
                    || "was never read".to_owned(),
                    |at| format!("was last read on {}", day(at)),
                );
                format!("the network {} {since}{}", clean(urlname), because(why))
            }
            Self::Group { urlname, why } => {
                format!(
                    "the group {} was never read{}",
                    clean(urlname),
                    because(why)
                )
            }
            Self::Groups {
                urlnames,
                of,
                oldest_at,
                ..
            } => {
                let named: Vec<String> = urlnames.iter().take(NAMED).map(|it| clean(it)).collect();
                let more = match urlnames.len().saturating_sub(NAMED) {
                    0 => String::new(),
                    n => format!(" and {n} more"),
                };
                let oldest = oldest_at.map_or_else(
                    || "some of them never".to_owned(),
                    |at| format!("the first since {}", day(at)),
                );
                format!(
                    "{} of {of} could not be read for a day or longer, {oldest}: {}{more}",
                    many(urlnames.len() as u64, "group", "groups"),
                    named.join(", ")
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Line;

    fn schedule() -> Schedule {
        let line = |text| Line::parse(text).unwrap();
        Schedule {
            timezone: chrono_tz::UTC,
            poll: line("*/30 * * * *"),
            sweep: line("0 3 * * 0"),
            digest: line("0 8 * * 1"),
        }
    }

    fn read(at: Option<DateTime<Utc>>, unread: Option<&str>) -> Read {
        Read {
            urlname: "acme".to_owned(),
            network: None,
            at,
            failing_since: None,
            unread: unread.map(str::to_owned),
        }
    }

    #[test]
    fn what_was_never_read_is_stale_unless_a_first_pass_is_under_way_that_has_not_failed_at_it() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let is_stale = |unread: Option<&str>, is_running: bool| {
            let readings = |networks, never_read| Readings {
                last_good_at: None,
                failing: Vec::new(),
                networks,
                groups: Vec::new(),
                never_read,
            };
            let found = [
                readings(vec![read(None, unread)], Vec::new()),
                readings(Vec::new(), vec![read(None, unread)]),
            ]
            .map(|it| !stale(&it, &schedule(), is_running, now).is_empty());
            assert_eq!(found[0], found[1]);
            found[0]
        };
        assert!(is_stale(None, false));
        assert!(is_stale(Some("hidden"), false));
        assert!(is_stale(Some("hidden"), true));
        assert!(!is_stale(None, true));
    }

    #[test]
    fn groups_as_old_as_their_network_are_told_with_it() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let (fresh, old) = (now - TimeDelta::hours(24), now - TimeDelta::hours(25));
        let of_groups = |network_at, of: Option<&str>| {
            let group = Read {
                network: of.map(str::to_owned),
                ..read(Some(old), None)
            };
            let readings = Readings {
                networks: vec![read(Some(network_at), None)],
                groups: vec![group],
                ..Readings::default()
            };
            let found = stale(&readings, &schedule(), false, now);
            let is_of_groups = |it: &Stale| matches!(it, Stale::Groups { .. });
            found.iter().any(is_of_groups)
        };
        assert!(!of_groups(old, Some("ACME")));
        assert!(of_groups(old, Some("other")));
        assert!(of_groups(old, None));
        assert!(of_groups(fresh, Some("ACME")));
    }

    #[test]
    fn a_group_that_was_never_read_is_as_old_as_its_failure() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let is_stale = |failing_hours: Option<i64>, read_hours: Option<i64>| {
            let ago = |hours| now - TimeDelta::hours(hours);
            let group = Read {
                failing_since: failing_hours.map(ago),
                ..read(read_hours.map(ago), None)
            };
            let readings = Readings {
                groups: vec![group],
                ..Readings::default()
            };
            !stale(&readings, &schedule(), false, now).is_empty()
        };
        assert!(is_stale(Some(25), None));
        assert!(!is_stale(Some(24), None));
        assert!(!is_stale(None, None), "it is not due yet");
        assert!(!is_stale(Some(25), Some(24)), "it was read since");
        assert!(is_stale(Some(24), Some(25)));
    }

    #[test]
    fn a_tenth_of_the_groups_is_stale_and_less_is_not() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let fresh = now - TimeDelta::hours(24);
        let found = |old: usize, of: usize| {
            let old_at = now - TimeDelta::hours(25);
            let groups =
                (0..of).map(|nth| read(Some(if nth < old { old_at } else { fresh }), None));
            let readings = Readings {
                last_good_at: Some(fresh),
                failing: Vec::new(),
                networks: Vec::new(),
                groups: groups.collect(),
                never_read: Vec::new(),
            };
            stale(&readings, &schedule(), false, now).len()
        };
        assert_eq!([found(0, 20), found(1, 20), found(2, 20)], [0, 0, 1]);
        assert_eq!([found(1, 10), found(1, 11), found(1, 1)], [1, 0, 1]);
    }
}
