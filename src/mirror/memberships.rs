//! Memberships: who belongs to a group, in which role.
//!
//! A member who leaves disappears from Meetup's answers; only a complete walk tells, and then only
//! after those it did not show were asked for by id (which is the caller's part).

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::forgotten::{forgotten_among, member_key};
use super::keys::GroupKey;
use super::members::Sight;
use super::recall::Of;
use super::roles::Leads;
use super::touched::Whose;
use super::values::{UpstreamId, seconds};
use super::{Result, Writing};
use crate::community::{MemberId, Membership, Role};

/// Memberships of a group that are live here.
///
/// # Errors
///
/// If the database cannot be read.
pub fn live_members(conn: &Connection, group: GroupKey) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM membership_row WHERE grp = ?1 AND gone_at IS NULL")?
        .query_row([group.0], |row| row.get(0))?)
}

/// Live members of a group who are not among `seen`, in order of their ids.
///
/// # Errors
///
/// If the database cannot be read.
pub fn members_unseen(
    conn: &Connection,
    group: GroupKey,
    seen: &HashSet<MemberId>,
) -> Result<Vec<MemberId>> {
    unseen(conn, group, false, seen)
}

/// Live leaders of a group who are not among `seen`.
///
/// # Errors
///
/// If the database cannot be read.
pub fn leaders_unseen(
    conn: &Connection,
    group: GroupKey,
    seen: &HashSet<MemberId>,
) -> Result<Vec<MemberId>> {
    unseen(conn, group, true, seen)
}

/// Whether a group's members must be walked: Meetup's count differs from our rows otherwise than the
/// last full walk left it. Before the first walk that is a matter of its unit of work.
///
/// # Errors
///
/// If the database cannot be read.
pub fn members_need_walk(
    conn: &Connection,
    group: GroupKey,
    member_count: Option<i64>,
) -> Result<bool> {
    let gap: Option<i64> = conn
        .prepare_cached("SELECT roster_gap FROM group_row WHERE key = ?1")?
        .query_row([group.0], |row| row.get(0))?;
    let (Some(gap), Some(count)) = (gap, member_count) else {
        return Ok(false);
    };
    Ok(count - live_members(conn, group)? != gap)
}

fn unseen(
    conn: &Connection,
    group: GroupKey,
    only_leaders: bool,
    seen: &HashSet<MemberId>,
) -> Result<Vec<MemberId>> {
    let mut rows = conn.prepare_cached(
        "SELECT m.id, m.key FROM membership_row s JOIN member_row m ON m.key = s.member
         WHERE s.grp = ?1 AND s.gone_at IS NULL AND (NOT ?2 OR s.status = 'LEADER') ORDER BY m.id",
    )?;
    let ids = rows.query_map(params![group.0, only_leaders], |row| {
        Ok((row.get::<_, UpstreamId>(0)?, row.get::<_, i64>(1)?))
    })?;
    let mut missing = Vec::new();
    // Who was forgotten is shown by another id.
    let mut forgotten = None;
    for row in ids {
        let (id, key) = row?;
        let id = MemberId(id.into_text());
        let is_seen = if id.is_forgotten() {
            let seen = match &forgotten {
                Some(seen) => seen,
                None => forgotten.insert(forgotten_among(conn, seen.iter())?),
            };
            seen.contains(&key)
        } else {
            seen.contains(&id)
        };
        if !is_seen {
            missing.push(id);
        }
    }
    Ok(missing)
}

/// What a question can change.
#[derive(PartialEq)]
struct Kept {
    role: Option<Role>,
    status: String,
    joined_at: Option<i64>,
    last_access_at: Option<i64>,
}

impl Kept {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            role: row.get(2)?,
            status: row.get(3)?,
            joined_at: row.get(4)?,
            last_access_at: row.get(5)?,
        })
    }

    fn leads(&self) -> Leads<'_> {
        Leads::of(self.role.as_ref(), &self.status)
    }
}

impl Writing<'_> {
    /// Records members of a group; those who had gone are back.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn record_memberships(
        &self,
        group: GroupKey,
        memberships: &[Membership],
        asked: i64,
    ) -> Result<()> {
        let mut find = self.prepare_cached(
            "SELECT asked, gone_at, role, status, joined_at, last_access_at FROM membership_row
             WHERE grp = ?1 AND member = ?2",
        )?;
        let mut write = self.prepare_cached(
            "INSERT INTO membership_row (grp, member, role, status, joined_at, last_access_at, asked)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET role = excluded.role, status = excluded.status,
               joined_at = excluded.joined_at, last_access_at = excluded.last_access_at,
               asked = excluded.asked, gone_at = NULL",
        )?;
        for membership in memberships {
            let member = self.member(&membership.member, Sight::Standing, asked)?;
            let mut given = Kept {
                role: membership.role.clone(),
                status: membership.status.clone(),
                joined_at: seconds(membership.joined_at.as_ref()),
                last_access_at: seconds(membership.last_access_at.as_ref()),
            };
            let found = find
                .query_row([group.0, member], |row| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        row.get::<_, Option<i64>>(1)?,
                        Kept::read(row)?,
                    ))
                })
                .optional()?;
            let mut before = Leads::Nothing;
            if let Some((written, gone_at, kept)) = &found {
                self.keep(&["Membership.role"], &mut given.role, &kept.role);
                self.keep(
                    &["Membership.joinTime"],
                    &mut given.joined_at,
                    &kept.joined_at,
                );
                let last = &mut given.last_access_at;
                self.keep(&["Membership.lastAccessTime"], last, &kept.last_access_at);
                let is_same = gone_at.is_none() && *kept == given;
                let row = (Of::Membership, group.0, member);
                if !self.is_news(row, *written, asked, is_same) {
                    continue;
                }
                if gone_at.is_none() {
                    before = kept.leads();
                }
            }
            self.log_role(group, member, before, given.leads())?;
            write.execute(params![
                group.0,
                member,
                given.role,
                given.status,
                given.joined_at,
                given.last_access_at,
                asked
            ])?;
            self.count(1, Whose::Group(group.0));
        }
        Ok(())
    }

    /// Notes that these people are no longer members, as question `asked` found. Returns how many of
    /// them that was news of.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn mark_memberships_gone(
        &self,
        group: GroupKey,
        members: &[MemberId],
        asked: i64,
    ) -> Result<usize> {
        let mut find = self.prepare_cached(
            "SELECT asked, gone_at IS NOT NULL, role, status FROM membership_row WHERE member = ?1 AND grp = ?2",
        )?;
        let mut write = self.prepare_cached(
            "UPDATE membership_row SET gone_at = ?3, asked = ?4 WHERE grp = ?1 AND member = ?2",
        )?;
        let mut gone = 0;
        for id in members {
            let Some(member) = member_key(self, id)? else {
                continue;
            };
            let found = find
                .query_row(params![member, group.0], |row| {
                    let role: Option<Role> = row.get(2)?;
                    Ok((row.get(0)?, row.get(1)?, role, row.get::<_, String>(3)?))
                })
                .optional()?;
            let Some((written, is_gone, role, status)) = found else {
                continue;
            };
            if self.is_news((Of::Membership, group.0, member), written, asked, is_gone) {
                if !is_gone {
                    let before = Leads::of(role.as_ref(), &status);
                    self.log_role(group, member, before, Leads::Nothing)?;
                }
                gone += write.execute(params![group.0, member, self.now, asked])?;
            }
        }
        self.count(gone, Whose::Group(group.0));
        Ok(gone)
    }

    /// Ends a full walk of a group's memberships: what Meetup counts beyond the rows it shows (hidden
    /// and pending members) is no difference at the next pass.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn finish_member_walk(&self, group: GroupKey, member_count: Option<i64>) -> Result<()> {
        let live = live_members(self, group)?;
        let is_first: bool = self
            .prepare_cached("SELECT members_verified_at IS NULL FROM group_row WHERE key = ?1")?
            .query_row([group.0], |row| row.get(0))?;
        if is_first {
            // Until now its members were unknown.
            self.moves_figures();
        }
        self.prepare_cached(
            "UPDATE group_row SET roster_gap = ?2, members_verified_at = ?3 WHERE key = ?1",
        )?
        .execute(params![
            group.0,
            member_count.map(|count| count - live),
            self.now
        ])?;
        Ok(())
    }
}
