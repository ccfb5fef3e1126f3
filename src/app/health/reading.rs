//! What was read when, and what fails since when: networks and groups as they are sponsored, each with its
//! last reading and why the last pass that should have read it could not.

use crate::{
    community::{FailureKind, Scope},
    config::Config,
    mirror::{self, Failing, MirrorError},
    report::{Freshness, Reading},
};
use chrono::{DateTime, Utc};

/// Something that is sponsored, and how it was read.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    /// Its urlname.
    pub(crate) urlname: String,
    /// Of a group: the urlname of its network.
    pub(crate) network: Option<String>,
    /// When it was last read without failure; none: never.
    pub(crate) at: Option<DateTime<Utc>>,
    /// Of a group: since when it fails itself.
    pub(crate) failing_since: Option<DateTime<Utc>>,
    /// Why it is unread, where it is.
    pub(crate) unread: Option<String>,
}

/// How everything sponsored was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Readings {
    /// When the last good pass ended.
    pub(crate) last_good_at: Option<DateTime<Utc>>,
    /// What fails now.
    pub(crate) failing: Vec<Failing>,
    /// The configured networks.
    pub(crate) networks: Vec<Read>,
    /// The sponsored groups that are mirrored, in urlname order.
    pub(crate) groups: Vec<Read>,
    /// Configured groups that were never read: no pass ever showed them, or each one failed with them.
    pub(crate) never_read: Vec<Read>,
}

fn instant(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap_or_default()
}

impl Readings {
    /// From one look at the mirror.
    pub(crate) fn look(conn: &rusqlite::Connection, config: &Config) -> Result<Self, MirrorError> {
        let failing = mirror::failing(conn)?;
        let known = mirror::networks_read(conn)?;
        let fails = |is: &dyn Fn(&Failing) -> bool| {
            let mut whole = failing.iter().filter(|it| !it.is_part);
            whole.find(|it| is(it)).map(|it| it.message.clone())
        };
        // Where nobody is signed in, or the pass as a whole failed, nothing was read.
        let all = fails(&|it| matches!(it.scope, Scope::SignIn | Scope::Pass));
        let networks = config.networks.iter().map(|urlname| {
            let is_it = |name: &str| name.eq_ignore_ascii_case(urlname);
            let mut same = known.iter().filter(|(_, name, _)| is_it(name));
            Read {
                urlname: urlname.clone(),
                network: None,
                failing_since: None,
                at: same.find_map(|(.., at)| *at).map(instant),
                unread: all.clone().or_else(|| {
                    fails(&|it| matches!(&it.scope, Scope::Network(name) if is_it(name)))
                }),
            }
        });
        let read_at = mirror::groups_read(conn)?;
        let roster = mirror::roster(conn)?;
        let sponsored: Vec<_> = roster.iter().filter(|it| it.gone_at.is_none()).collect();
        let groups = sponsored.iter().map(|group| Read {
            urlname: group.urlname.clone(),
            network: known
                .iter()
                .find(|(key, ..)| Some(*key) == group.network)
                .map(|(_, urlname, _)| urlname.clone()),
            at: read_at
                .iter()
                .find(|(key, _)| *key == group.key)
                .and_then(|(_, at)| at.map(instant)),
            failing_since: failing
                .iter()
                .find(|it| !it.is_part && it.group == Some(group.key))
                .map(|it| instant(it.since)),
            unread: fails(&|it| it.group == Some(group.key))
                .or_else(|| {
                    fails(&|it| {
                        it.network.is_some() && it.group.is_none() && it.network == group.network
                    })
                })
                .or_else(|| all.clone()),
        });
        let groups: Vec<Read> = groups.collect();
        let of_configured = sponsored.iter().zip(&groups);
        let never_read = of_configured
            .filter(|(known, it)| known.configured_as.is_some() && it.at.is_none())
            .map(|(_, it)| it.clone());
        let never_seen = config.groups.iter().filter(|configured| {
            !roster.iter().any(|group| {
                group.urlname.eq_ignore_ascii_case(configured)
                    || group
                        .configured_as
                        .as_deref()
                        .is_some_and(|name| name.eq_ignore_ascii_case(configured))
            })
        });
        let never_seen = never_seen.map(|configured| Read {
            urlname: configured.clone(),
            network: None,
            failing_since: None,
            at: None,
            unread: fails(&|it| it.group.is_none() && it.scope == Scope::group(configured)),
        });
        Ok(Self {
            last_good_at: mirror::last_good_pass(conn)?
                .and_then(|pass| pass.finished_at)
                .map(instant),
            networks: networks.collect(),
            never_read: never_seen.chain(never_read).collect(),
            groups,
            failing,
        })
    }

    /// What a report says of it.
    pub(crate) fn freshness(&self) -> Freshness {
        let readings = self.groups.iter().map(|it| Reading {
            urlname: it.urlname.clone(),
            read_at: it.at,
            unread: it.unread.clone(),
        });
        Freshness::of(self.last_good_at, readings.collect())
    }

    /// What is wrong with the sign-in, if that is what is missing.
    pub(crate) fn sign_in(&self) -> Option<&Failing> {
        self.failing.iter().find(|it| it.scope == Scope::SignIn)
    }

    /// Rosters and the like that were refused for being too small. Where a network says so for some of
    /// its groups, it speaks for them.
    pub(crate) fn refused(&self) -> impl Iterator<Item = &Failing> {
        self.told().filter(|it| it.kind == FailureKind::Shrunken)
    }

    /// What fails, each once: not the groups that their network tells of.
    pub(crate) fn told(&self) -> impl Iterator<Item = &Failing> {
        self.failing.iter().filter(|it| {
            it.group.is_none()
                || !self.failing.iter().any(|of| {
                    of.group.is_none()
                        && of.network.is_some()
                        && of.network == it.network
                        && of.kind == it.kind
                })
        })
    }
}

/// How fresh a report is.
pub(crate) fn freshness(
    conn: &rusqlite::Connection,
    config: &Config,
) -> Result<Freshness, MirrorError> {
    Ok(Readings::look(conn, config)?.freshness())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::{GroupKey, NetworkKey};

    fn failing(network: Option<i64>, group: Option<i64>, kind: FailureKind) -> Failing {
        Failing {
            scope: group.map_or_else(
                || Scope::network("acme"),
                |key| Scope::group(key.to_string()),
            ),
            id: None,
            network: network.map(NetworkKey),
            group: group.map(GroupKey),
            kind,
            is_part: false,
            message: "the same words".to_owned(),
            since: 0,
            last_at: 0,
        }
    }

    #[test]
    fn a_network_tells_of_its_groups_that_fail_with_it_and_of_no_others() {
        let (shrunken, outage) = (FailureKind::Shrunken, FailureKind::Outage);
        let told = |other: Option<Failing>, group: Failing| {
            let readings = Readings {
                failing: other.into_iter().chain([group]).collect(),
                ..Readings::default()
            };
            let groups = readings.told().filter(|it| it.group.is_some());
            (groups.count(), readings.refused().count())
        };
        let network = || Some(failing(Some(1), None, shrunken));
        let with = |network: Option<i64>, kind| failing(network, Some(7), kind);
        assert_eq!(told(network(), with(Some(1), shrunken)), (0, 1));
        assert_eq!(told(network(), with(Some(2), shrunken)), (1, 2));
        // What fails by itself is told, in whatever words.
        assert_eq!(told(network(), with(None, shrunken)), (1, 2));
        assert_eq!(told(network(), with(Some(1), outage)), (1, 1));
        assert_eq!(told(None, with(Some(1), shrunken)), (1, 1));
        // Another group does not speak for it.
        let other = Some(failing(Some(1), Some(8), shrunken));
        assert_eq!(told(other, with(Some(1), shrunken)), (2, 2));
    }
}
