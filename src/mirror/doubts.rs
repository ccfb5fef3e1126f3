//! Losses too large to be believed. A doubt is of one kind, in one network or group, and names each
//! thing that was missed; it ends with the last of them: seen again, or gone as accepted or proved. An
//! acceptance is of the things that are doubted at that moment, and of nothing later.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::events::EventsOf;
use super::forgotten::{known_as, member_key};
use super::keys::EventKey;
use super::keys::GroupKey;
use super::networks::NetworkKey;
use super::values::UpstreamId;
use super::{Result, Writing, meta, signs, walks};
use crate::community::{EventToken, GroupId, GroupName, Loss, MemberId, RsvpId, RsvpSign, Scope};

/// Missed again after this many seconds, it was missed once more.
const LOOK_AFTER: i64 = 3_600;
/// Missed so often after the first time, while its group counts fewer members by all who are, a leader is gone.
const PROVED_AFTER: i64 = 2;
/// Meetup's id of the account that signed in.
pub(super) const ACCOUNT: &str = "account_id";

/// One thing that was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Missed {
    /// What kind of thing.
    pub loss: Loss,
    /// Its group; of events and RSVPs the event.
    pub place: i64,
    /// Whose leader or member; else 0.
    pub member: i64,
}

impl Missed {
    /// A group.
    pub fn group(group: GroupKey) -> Self {
        Self {
            loss: Loss::Groups,
            place: group.0,
            member: 0,
        }
    }

    /// An event.
    pub fn event(event: EventKey) -> Self {
        Self {
            loss: Loss::Events,
            place: event.0,
            member: 0,
        }
    }

    /// RSVPs of an event.
    pub fn rsvps(event: EventKey) -> Self {
        Self {
            loss: Loss::Rsvps,
            place: event.0,
            member: 0,
        }
    }
}

/// Of what something was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DoubtOf {
    /// A network.
    Network(NetworkKey),
    /// A group.
    Group(GroupKey),
    /// The groups outside networks.
    Outside,
}

impl DoubtOf {
    fn keys(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Network(key) => (Some(key.0), None),
            Self::Group(key) => (None, Some(key.0)),
            Self::Outside => (None, None),
        }
    }
}

/// A loss that is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What kind of thing is lost.
    pub loss: Loss,
    /// Of what.
    pub of: DoubtOf,
    /// The same by name; none: outside networks.
    pub scope: Option<Scope>,
    /// How many there were.
    pub known: i64,
    /// How many of them an answer lacked.
    pub lost: i64,
    /// Each of them, and whether its loss is accepted.
    pub missed: Vec<(Missed, bool)>,
}

/// What a full walk would lose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WalkLoss {
    /// Rows that are live here.
    pub known: usize,
    /// Those of them that the walk did not show.
    pub lost: usize,
}

/// Every loss that is not believed.
///
/// # Errors
///
/// If the database cannot be read.
pub fn doubts(conn: &Connection) -> Result<Vec<Doubt>> {
    let mut items = conn.prepare_cached(
        "SELECT place, member, accepted_at IS NOT NULL FROM doubted_row WHERE doubt = ?1",
    )?;
    let mut rows = conn.prepare_cached(
        "SELECT d.key, d.loss, d.network, d.grp, n.urlname, g.id, d.known, d.lost
         FROM doubt_row d LEFT JOIN network_row n ON n.key = d.network LEFT JOIN group_row g ON g.key = d.grp
         ORDER BY d.key",
    )?;
    let mut found = rows.query([])?;
    let mut doubts = Vec::new();
    while let Some(row) = found.next()? {
        let word: String = row.get(1)?;
        let Some(loss) = Loss::ALL.into_iter().find(|it| it.as_str() == word) else {
            continue;
        };
        let network = row.get::<_, Option<i64>>(2)?.map(NetworkKey);
        let group = row.get::<_, Option<i64>>(3)?.map(GroupKey);
        let (of, scope) = match (network, group) {
            (Some(key), _) => (DoubtOf::Network(key), Some(Scope::Network(row.get(4)?))),
            (None, Some(key)) => (
                DoubtOf::Group(key),
                Some(Scope::Group(GroupName::Id(GroupId(row.get(5)?)))),
            ),
            (None, None) => (DoubtOf::Outside, None),
        };
        let missed = items.query_map([row.get::<_, i64>(0)?], |row| {
            let missed = Missed {
                loss,
                place: row.get(0)?,
                member: row.get(1)?,
            };
            Ok((missed, row.get(2)?))
        })?;
        doubts.push(Doubt {
            loss,
            of,
            scope,
            known: row.get(6)?,
            lost: row.get(7)?,
            missed: missed.collect::<rusqlite::Result<_>>()?,
        });
    }
    Ok(doubts)
}

/// Leaders who were missed often enough, for long enough, while their group counted as many members fewer.
///
/// # Errors
///
/// If the database cannot be read.
pub fn proved(conn: &Connection, now: i64) -> Result<HashSet<Missed>> {
    conn.prepare_cached(
        "SELECT i.place, i.member FROM doubted_row i JOIN doubt_row d ON d.key = i.doubt
           JOIN group_row g ON g.key = i.place
         WHERE d.loss = 'leaders' AND i.looks + (?1 - i.looked_at >= ?2) >= ?3 
           -- of those who are live here it counts as many fewer as are in doubt: one who left proves no other
           AND g.member_count + (SELECT count(DISTINCT o.member) FROM doubted_row o JOIN doubt_row od ON od.key = o.doubt
               WHERE od.loss = 'leaders' AND o.place = g.key) <= g.roster_gap
             + (SELECT count(*) FROM membership_row m WHERE m.grp = g.key AND m.gone_at IS NULL)",
    )?
    .query_map([now, LOOK_AFTER, PROVED_AFTER], |row| {
        Ok(Missed {
            loss: Loss::Leaders,
            place: row.get(0)?,
            member: row.get(1)?,
        })
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// Meetup's id of the account that signed in when all was well.
///
/// # Errors
///
/// If the database cannot be read.
pub fn account(conn: &Connection) -> Result<Option<MemberId>> {
    Ok(meta::value(conn, ACCOUNT)?.map(MemberId))
}

/// Events of a group that a listing of all its events shows, with their starts: drafts are on none.
///
/// # Errors
///
/// If the database cannot be read.
pub fn listed_events(conn: &Connection, of: EventsOf) -> Result<Vec<(EventKey, EventToken, i64)>> {
    let (of, key) = match of {
        EventsOf::Network(NetworkKey(key)) => (
            "grp IN (SELECT g.key FROM group_row g WHERE g.network = ?1 AND g.source = 'meetup' AND g.gone_at IS NULL)",
            key,
        ),
        EventsOf::Group(GroupKey(key)) => ("grp = ?1", key),
    };
    conn.prepare_cached(&format!(
        "SELECT key, token, starts_at FROM event_row
         WHERE {of} AND source = 'meetup' AND gone_at IS NULL AND status <> 'DRAFT' AND starts_at IS NOT NULL"
    ))?
    .query_map([key], |row| {
        Ok((
            EventKey(row.get(0)?),
            EventToken(row.get(1)?),
            row.get(2)?,
        ))
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// Live leaders of a network's groups, or of one group.
///
/// # Errors
///
/// If the database cannot be read.
pub fn live_leaders(conn: &Connection, of: DoubtOf) -> Result<i64> {
    let (network, group) = of.keys();
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM group_row g JOIN membership_row m ON m.grp = g.key
             WHERE (g.network = ?1 OR g.key = ?2) AND g.gone_at IS NULL
               AND m.gone_at IS NULL AND m.status = 'LEADER'",
        )?
        .query_row([network, group], |row| row.get(0))?)
}

/// These people as things to be missed, and who of them leads the group.
///
/// # Errors
///
/// If the database cannot be read.
pub fn missed_members(
    conn: &Connection,
    loss: Loss,
    group: GroupKey,
    members: &[MemberId],
) -> Result<Vec<(Missed, MemberId, bool)>> {
    let mut find = conn.prepare_cached(
        "SELECT status = 'LEADER' FROM membership_row WHERE member = ?1 AND grp = ?2 AND gone_at IS NULL",
    )?;
    let mut missed = Vec::new();
    for id in members {
        let Some(member) = member_key(conn, id)? else {
            continue;
        };
        let leads = find
            .query_row([member, group.0], |row| row.get(0))
            .optional()?;
        if let Some(leads) = leads {
            let place = group.0;
            let it = Missed {
                loss,
                place,
                member,
            };
            missed.push((it, id.clone(), leads));
        }
    }
    Ok(missed)
}

/// RSVPs that are live of each of these groups' events that start from then on, by group and event.
///
/// # Errors
///
/// If the database cannot be read.
pub fn live_rsvps(conn: &Connection, group: GroupKey, from: i64) -> Result<Vec<(EventKey, i64)>> {
    conn.prepare_cached(
        "SELECT e.key, (SELECT count(*) FROM rsvp_row r WHERE r.event = e.key AND r.gone_at IS NULL)
         FROM event_row e WHERE e.grp = ?1 AND e.source = 'meetup' AND e.gone_at IS NULL AND e.starts_at >= ?2",
    )?
    .query_map([group.0, from], |row| Ok((EventKey(row.get(0)?), row.get(1)?)))?
    .map(|row| Ok(row?))
    .collect()
}

impl Writing<'_> {
    /// Does not believe a loss: `missed` are all that are missed of this kind there now. What of them was
    /// accepted before stays so.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn doubt(
        &self,
        loss: Loss,
        of: DoubtOf,
        (known, lost): (usize, usize),
        missed: &[Missed],
    ) -> Result<()> {
        let (network, group) = of.keys();
        let key: i64 = self
            .prepare_cached(
                "INSERT INTO doubt_row (loss, network, grp, known, lost, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET known = excluded.known, lost = excluded.lost RETURNING key",
            )?
            .query_row(
                params![loss.as_str(), network, group, known as i64, lost as i64, self.now],
                |row| row.get(0),
            )?;
        let mut add = self.prepare_cached(
            "INSERT INTO doubted_row (doubt, place, member, looked_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET looks = looks + 1, looked_at = excluded.looked_at
             WHERE excluded.looked_at - looked_at >= ?5",
        )?;
        for it in missed {
            add.execute([key, it.place, it.member, self.now, LOOK_AFTER])?;
        }
        Ok(())
    }

    /// Ends what doubt there is of these things: they were seen again, or are gone.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn end_doubts(&self, missed: &[Missed]) -> Result<()> {
        let mut end = self.prepare_cached(
            "DELETE FROM doubted_row WHERE place = ?2 AND member = ?3
               AND doubt IN (SELECT key FROM doubt_row WHERE loss = ?1)",
        )?;
        for it in missed {
            end.execute(params![it.loss.as_str(), it.place, it.member])?;
        }
        self.end_empty_doubts()
    }

    /// Ends what doubt there is of a group's leaders, but for those that its list does not name.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn leaders_shown(&self, group: GroupKey, unseen: &[MemberId]) -> Result<()> {
        let doubted: Vec<i64> = self
            .prepare_cached(
                "SELECT i.member FROM doubt_row d JOIN doubted_row i ON i.doubt = d.key
                 WHERE d.loss = 'leaders' AND i.place = ?1",
            )?
            .query_map([group.0], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if doubted.is_empty() {
            return Ok(());
        }
        let unseen = missed_members(self, Loss::Leaders, group, unseen)?;
        let unseen: HashSet<i64> = unseen.into_iter().map(|(it, ..)| it.member).collect();
        let shown = doubted.into_iter().filter(|it| !unseen.contains(it));
        let shown = shown.map(|member| Missed {
            loss: Loss::Leaders,
            place: group.0,
            member,
        });
        self.end_doubts(&shown.collect::<Vec<_>>())
    }

    /// Ends doubts of what is gone, or is not sponsored any more.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn end_stale_doubts(&self) -> Result<()> {
        self.execute_batch(
            "DELETE FROM doubted_row WHERE EXISTS (
               SELECT 1 FROM doubt_row d WHERE d.key = doubt AND CASE WHEN d.loss IN ('events', 'rsvps')
                 THEN NOT EXISTS (SELECT 1 FROM event_row e JOIN group_row g ON g.key = e.grp
                   WHERE e.key = place AND e.gone_at IS NULL AND g.gone_at IS NULL)
                 ELSE NOT EXISTS (SELECT 1 FROM group_row g WHERE g.key = place AND g.gone_at IS NULL) END);
             DELETE FROM doubted_row WHERE member <> 0 AND NOT EXISTS (
               SELECT 1 FROM membership_row m JOIN doubt_row d ON d.key = doubt
               WHERE m.grp = place AND m.member = doubted_row.member AND m.gone_at IS NULL
                 AND (d.loss = 'members' OR m.status = 'LEADER'));",
        )?;
        self.end_empty_doubts()
    }

    fn end_empty_doubts(&self) -> Result<()> {
        self.execute(
            "DELETE FROM doubt_row WHERE key NOT IN (SELECT doubt FROM doubted_row)",
            [],
        )?;
        Ok(())
    }

    /// Accepts every loss that is not believed now: all, or those in a network or group by its urlname.
    /// Answers how many. Where nobody is signed in, or somebody else, whoever signs in next is believed
    /// to be the right one.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn accept_losses(&self, of: Option<&str>) -> Result<usize> {
        let keys: Vec<i64> = self
            .prepare_cached(
                "SELECT d.key FROM doubt_row d LEFT JOIN network_row n ON n.key = d.network
                   LEFT JOIN group_row g ON g.key = d.grp LEFT JOIN network_row gn ON gn.key = g.network
                 WHERE ?1 IS NULL OR n.urlname = ?1 COLLATE NOCASE OR g.urlname = ?1 COLLATE NOCASE
                   OR g.configured_as = ?1 COLLATE NOCASE OR gn.urlname = ?1 COLLATE NOCASE",
            )?
            .query_map([of], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for key in &keys {
            self.prepare_cached("UPDATE doubted_row SET accepted_at = ?2 WHERE doubt = ?1")?
                .execute([*key, self.now])?;
        }
        // Those outside networks share a doubt, and each is told by its own name.
        let outside = self
            .prepare_cached(
                "UPDATE doubted_row SET accepted_at = ?2
                 WHERE doubt IN (SELECT key FROM doubt_row WHERE network IS NULL AND grp IS NULL)
                   AND place IN (SELECT key FROM group_row
                     WHERE urlname = ?1 COLLATE NOCASE OR configured_as = ?1 COLLATE NOCASE)",
            )?
            .execute(params![of, self.now])?;
        self.execute(
            "DELETE FROM meta WHERE key = ?1 AND EXISTS (SELECT 1 FROM failure_row WHERE scope = 'sign_in')",
            [ACCOUNT],
        )?;
        Ok(keys.len() + outside)
    }

    /// Remembers who signed in.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn remember_account(&self, id: &MemberId) -> Result<()> {
        meta::keep(self, ACCOUNT, known_as(self, id)?.as_str())
    }

    /// What a full walk would call gone if it ended so; see [`Writing::finish_full_walk`].
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn loss_of_walk(
        &self,
        event: EventKey,
        seen: &HashSet<RsvpId>,
        before: &RsvpSign,
        after: &RsvpSign,
    ) -> Result<WalkLoss> {
        let known = usize::try_from(walks::walk_state(self, event)?.live_rows).unwrap_or(0);
        if known == 0 || signs::text(before, self.unasked) != signs::text(after, self.unasked) {
            return Ok(WalkLoss { known, lost: 0 });
        }
        // Counted and not shown: nobody is called gone for that.
        if seen.is_empty() && !(before.counts.is_complete() && before.counts.total() == 0) {
            return Ok(WalkLoss { known, lost: 0 });
        }
        let mut ids =
            self.prepare_cached("SELECT id FROM rsvp_row WHERE event = ?1 AND gone_at IS NULL")?;
        let mut rows = ids.query([event.0])?;
        let mut lost = 0;
        while let Some(row) = rows.next()? {
            let id: UpstreamId = row.get(0)?;
            lost += usize::from(!seen.contains(&RsvpId(id.into_text())));
        }
        Ok(WalkLoss { known, lost })
    }

    /// Whose event it is.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn group_of(&self, event: EventKey) -> Result<GroupKey> {
        Ok(self
            .prepare_cached("SELECT grp FROM event_row WHERE key = ?1")?
            .query_row([event.0], |row| row.get(0).map(GroupKey))?)
    }
}
