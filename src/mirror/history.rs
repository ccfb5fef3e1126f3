//! Whose past is planned as units of work, and whose is read. An import says itself what of its own is complete.

use rusqlite::{Connection, params};

use super::keys::GroupKey;
use super::networks::NetworkKey;
use super::{Result, Writing};

/// Of the groups whose past is not read, but is from `since` on: up to when it is not. None where there is no
/// such group.
///
/// # Errors
///
/// If the database cannot be read.
pub fn unread_before(conn: &Connection, since: i64) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached(
            "SELECT max(u.to_at) FROM unit_row u JOIN group_row g ON g.network = u.network OR g.key = u.grp
             WHERE u.state = 'due' AND u.purpose = 'backfill' AND u.kind = 'events' AND u.to_at <= ?1
               AND g.source = 'meetup' AND g.gone_at IS NULL AND NOT g.history_complete AND g.backfill_planned_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM unit_row r
                 WHERE r.state = 'due' AND r.purpose = 'backfill' AND r.kind = 'events'
                   AND (r.network = g.network OR r.grp = g.key) AND (r.to_at IS NULL OR r.to_at > ?1))",
        )?
        .query_row([since], |row| row.get(0))?)
}

impl Writing<'_> {
    /// Notes that the network's whole history is planned as units of work.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn mark_backfill_planned(&self, network: NetworkKey) -> Result<()> {
        self.begin_first_load()?;
        self.prepare_cached(
            "UPDATE network_row SET backfill_planned_at = ?2 WHERE key = ?1 AND backfill_planned_at IS NULL",
        )?
        .execute(params![network.0, self.now])?;
        Ok(())
    }

    /// Notes that a group's own history is planned as units of work.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn mark_group_planned(&self, group: GroupKey) -> Result<()> {
        self.prepare_cached(
            "UPDATE group_row SET backfill_planned_at = ?2 WHERE key = ?1 AND backfill_planned_at IS NULL",
        )?
        .execute(params![group.0, self.now])?;
        Ok(())
    }

    /// Marks the groups whose history is now read: planned, with no due
    /// unit of the backfill left that touches them. What was complete stays so. Returns how many
    /// became complete.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn refresh_history_complete(&self) -> Result<usize> {
        let complete = self
            .prepare_cached(
                "UPDATE group_row AS g SET history_complete = 1
                 WHERE source = 'meetup' AND NOT history_complete
                   AND backfill_planned_at IS NOT NULL
                   -- a span that ends before the group was founded holds nothing of it, if the date can be true
                   AND NOT EXISTS (SELECT 1 FROM unit_row u
                     WHERE u.state = 'due' AND u.purpose = 'backfill' AND u.network = g.network
                       AND (u.to_at IS NULL OR g.founded_at IS NULL OR g.founded_at > ?1 OR u.to_at >= g.founded_at))
                   AND key NOT IN (SELECT grp FROM unit_row
                     WHERE state = 'due' AND purpose = 'backfill' AND grp IS NOT NULL)
                   AND key NOT IN (SELECT e.grp FROM unit_row u JOIN event_row e ON e.key = u.event
                     WHERE u.state = 'due' AND u.purpose = 'backfill')",
            )?
            .execute([self.now])?;
        if complete > 0 {
            self.moves_figures();
        }
        Ok(complete)
    }

    /// Forgets what was planned and what of it is left, so that the next backfill plans everything
    /// anew. Histories that were complete stay so: all their rows are here.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn restart_history(&self) -> Result<()> {
        self.execute_batch(
            "UPDATE network_row SET backfill_planned_at = NULL;
             UPDATE group_row SET backfill_planned_at = NULL WHERE source = 'meetup';
             DELETE FROM unit_row WHERE state = 'due' AND purpose = 'backfill';",
        )?;
        Ok(())
    }

    /// The same for one group.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn restart_history_of(&self, group: GroupKey) -> Result<()> {
        self.prepare_cached("UPDATE group_row SET backfill_planned_at = NULL WHERE key = ?1")?
            .execute([group.0])?;
        self.prepare_cached(
            "DELETE FROM unit_row WHERE state = 'due' AND purpose = 'backfill' AND grp = ?1",
        )?
        .execute([group.0])?;
        Ok(())
    }
}
