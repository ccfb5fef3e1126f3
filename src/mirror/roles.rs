//! The log of roles: who came to lead a group, in which role, and who stopped.
//!
//! A line is written in the transaction that records the membership, so a kill loses none and doubles
//! none. A group's first walk writes none: before it is done everybody is new to us. Leading is as in the
//! metrics (`leaders.sql`); whoever does not lead has no role here, be they a member or gone.

use rusqlite::params;

use super::keys::GroupKey;
use super::{Result, Writing};
use crate::community::{GroupId, Role};

/// The status under which Meetup lists who leads.
const LEADER: &str = "LEADER";
/// The status of everybody else who is in a group.
const ACTIVE: &str = "ACTIVE";

/// What a membership is in the leading of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads<'a> {
    /// Meetup lists it among the leaders and does not say as what.
    Unknown,
    /// Nothing.
    Nothing,
    /// In that role.
    As(&'a Role),
}

impl<'a> Leads<'a> {
    /// What role and status of one who is not gone say.
    pub(super) fn of(role: Option<&'a Role>, status: &str) -> Self {
        match role {
            Some(role) if role.leads() && matches!(status, ACTIVE | LEADER) => Self::As(role),
            None if status == LEADER => Self::Unknown,
            _ => Self::Nothing,
        }
    }

    fn role(self) -> Option<&'a Role> {
        match self {
            Self::As(role) => Some(role),
            Self::Nothing | Self::Unknown => None,
        }
    }
}

impl Writing<'_> {
    /// Writes a line if the role is another one, as far as both are known and the group was walked before.
    pub(super) fn log_role(
        &self,
        group: GroupKey,
        member: i64,
        before: Leads<'_>,
        now: Leads<'_>,
    ) -> Result<()> {
        if before == now || [before, now].contains(&Leads::Unknown) {
            return Ok(());
        }
        self.prepare_cached(
            "INSERT INTO role_change_row (grp, member, old_role, new_role, noticed_at)
             SELECT ?1, ?2, ?3, ?4, ?5 FROM group_row WHERE key = ?1 AND members_verified_at IS NOT NULL",
        )?
        .execute(params![group.0, member, before.role(), now.role(), self.now])?;
        Ok(())
    }

    /// Notes that alerts took note of these lines of the log.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn roles_looked_at(&self, lines: &[i64]) -> Result<()> {
        let mut look = self.prepare_cached(
            "UPDATE role_change_row SET looked_at = ?2 WHERE key = ?1 AND looked_at IS NULL",
        )?;
        for line in lines {
            look.execute([*line, self.now])?;
        }
        Ok(())
    }

    /// Notes that alerts took note of what a group is called.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn name_looked_at(&self, group: &GroupId, name: &str, urlname: &str) -> Result<()> {
        self.prepare_cached(
            "UPDATE group_row SET noted_name = ?2, noted_urlname = ?3 WHERE id = ?1 AND source = 'meetup'",
        )?
        .execute(params![group.as_str(), name, urlname])?;
        Ok(())
    }
}
