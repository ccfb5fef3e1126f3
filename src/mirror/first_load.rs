//! The first load: what is read into an empty mirror is looked for by nobody yet.
//!
//! An RSVP belongs to one event, and one that is recorded is looked for under all others by its id. The index
//! that this takes is written all over, page by page, for as many rows as a history has; made at once, when all of
//! them are there, it is sorted and written once. So a history that begins with no row does without it until
//! nothing of it is due; what was meanwhile recorded under two events is then settled as it would have been.

use rusqlite::params;

use super::keys::EventKey;
use super::meta::{self, WITHOUT_INDEX, lacks_index};
use super::rsvps::{Change, is_first_walked, places};
use super::touched::Whose;
use super::values::{KeptStatus, UpstreamId};
use super::{Purpose, Result, Writing};

/// A row that shares its id with another one.
struct Shared {
    event: i64,
    id: UpstreamId,
    member: i64,
    status: KeptStatus,
    guests: i64,
    written: i64,
}

impl Writing<'_> {
    /// Takes the index away that a first load is quicker without; where there are RSVPs, it stays.
    pub(super) fn begin_first_load(&self) -> Result<()> {
        let is_empty: bool =
            self.query_row("SELECT NOT EXISTS (SELECT 1 FROM rsvp_row)", [], |row| {
                row.get(0)
            })?;
        if is_empty && !lacks_index(self)? {
            self.execute_batch("DROP INDEX rsvp_by_id")?;
            meta::keep(self, WITHOUT_INDEX, 1)?;
        }
        Ok(())
    }

    /// Makes the index that a first load did without, once nothing of it is due.
    pub(super) fn end_first_load(&self) -> Result<()> {
        let is_due: bool = self
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM unit_row WHERE state = 'due' AND purpose = ?1 AND next_due <= ?2)",
            )?
            .query_row(params![Purpose::Backfill, self.now()], |row| row.get(0))?;
        if is_due || !lacks_index(self)? {
            return Ok(());
        }
        self.execute_batch("CREATE INDEX rsvp_by_id ON rsvp_row (id)")?;
        self.execute("DELETE FROM meta WHERE key = ?1", [WITHOUT_INDEX])?;
        let mut shared = self
            .prepare(
                "SELECT event, id, member, status, guest_count, asked FROM rsvp_row
                 WHERE gone_at IS NULL
                   AND id IN (SELECT id FROM rsvp_row INDEXED BY rsvp_by_id GROUP BY id HAVING count(*) > 1)",
            )?
            .query_map([], |row| {
                Ok(Shared {
                    event: row.get(0)?,
                    id: row.get(1)?,
                    member: row.get(2)?,
                    status: row.get(3)?,
                    guests: row.get(4)?,
                    written: row.get(5)?,
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let shown = |row: &Shared| {
            let places = places(row.event, &row.id);
            self.standing(&places, row.written, None).presence
        };
        // Where the later question showed it, it is.
        shared.sort_by_key(|row| std::cmp::Reverse((shown(row), row.event)));
        for (at, row) in shared.iter().enumerate() {
            let mut before = shared[..at].iter();
            if let Some(stands) =
                before.find(|other| (&other.id, other.member) == (&row.id, row.member))
            {
                self.lives_elsewhere(row, shown(stands))?;
            }
        }
        Ok(())
    }

    fn lives_elsewhere(&self, row: &Shared, asked: i64) -> Result<()> {
        self.prepare_cached(
            "UPDATE rsvp_row SET gone_at = ?3, gone_asked = ?4 WHERE event = ?1 AND id = ?2",
        )?
        .execute(params![row.event, row.id, self.now(), asked])?;
        self.count(1, Whose::Event(row.event));
        if is_first_walked(self, EventKey(row.event))? {
            self.log(
                row.event,
                &Change {
                    rsvp: &row.id,
                    member: row.member,
                    old: Some((&row.status, row.guests)),
                    new: None,
                    changed_at: self.now(),
                },
            )?;
        }
        Ok(())
    }
}
