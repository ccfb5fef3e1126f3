//! What must hold after every step, however it ended: nothing that was seen is deleted, every id an
//! event was seen under is kept, and the logs of RSVPs and of roles tell each change of the rows.

use super::roles::Roles;
use crate::rig::rows;
use gatherd::mirror::Mirror;
use std::collections::{BTreeMap, BTreeSet};

/// The mirror's memory at one moment.
#[derive(Debug, Default)]
pub struct Trail {
    keys: BTreeSet<String>,
    /// Keys of events whose first walk is done: their changes are logged.
    walked: BTreeSet<String>,
    /// Live RSVPs by event and id: status and guests.
    rsvps: BTreeMap<(String, String), String>,
    last_change: i64,
    roles: Roles,
}

/// Events by their keys here: a token may change. Whatever an event was called stays known.
const KEYS: &str = "SELECT 'group ' || id FROM groups
    UNION ALL SELECT 'event ' || key FROM event_row
    UNION ALL SELECT 'token ' || name FROM (SELECT token AS name FROM event_row UNION SELECT id FROM event_id_row)
    UNION ALL SELECT 'id ' || event || ' ' || id FROM event_id_row
    UNION ALL SELECT 'member ' || group_id || ' ' || member_id FROM memberships
    UNION ALL SELECT 'rsvp ' || event || ' ' || id FROM rsvp_row";

impl Trail {
    /// Reads the mirror and holds it against the moment before.
    pub fn goes_on(&mut self, mirror: &Mirror) -> Vec<String> {
        let mut out = Vec::new();
        let all = rows(mirror, KEYS);
        let keys: BTreeSet<String> = all.iter().cloned().collect();
        if keys.len() != all.len() {
            out.push(format!("{} rows are doubled", all.len() - keys.len()));
        }
        out.extend(
            self.keys
                .difference(&keys)
                .map(|key| format!("deleted: {key}")),
        );
        let walked: BTreeSet<String> = rows(
            mirror,
            "SELECT key FROM event_row WHERE first_walked_at IS NOT NULL",
        )
        .into_iter()
        .collect();
        let mut now = BTreeMap::new();
        for row in rows(
            mirror,
            "SELECT r.event, CAST(r.id AS TEXT), r.status || ' +' || r.guest_count
             FROM rsvp_row r WHERE r.gone_at IS NULL",
        ) {
            let (event, rest) = row.split_once('|').unwrap();
            let (id, words) = rest.split_once('|').unwrap();
            now.insert((event.to_owned(), id.to_owned()), words.to_owned());
        }
        self.roles.goes_on(mirror, &mut out);
        self.replay(mirror, &mut out);
        for ((event, id), words) in &self.rsvps {
            if self.walked.contains(event) && now.get(&(event.clone(), id.clone())) != Some(words) {
                let found = now.get(&(event.clone(), id.clone()));
                out.push(format!(
                    "the log says {words} of rsvp {id} of event {event}, the row {found:?}"
                ));
            }
        }
        for ((event, id), words) in &now {
            if self.walked.contains(event) && !self.rsvps.contains_key(&(event.clone(), id.clone()))
            {
                out.push(format!(
                    "not in the log: rsvp {id} of event {event}, {words}"
                ));
            }
        }
        (self.keys, self.walked, self.rsvps) = (keys, walked, now);
        out.truncate(12);
        out
    }

    /// Plays the new lines of the log over the rows of the moment before.
    fn replay(&mut self, mirror: &Mirror, out: &mut Vec<String>) {
        let lines = rows(
            mirror,
            &format!(
                "SELECT c.key, c.event, CAST(c.rsvp AS TEXT), c.old_status, c.old_guest_count, c.new_status, c.new_guest_count
                 FROM rsvp_change_row c WHERE c.key > {} ORDER BY c.key",
                self.last_change
            ),
        );
        for line in lines {
            let parts: Vec<&str> = line.split('|').collect();
            let place = (parts[1].to_owned(), parts[2].to_owned());
            self.last_change = parts[0].parse().unwrap();
            if !self.walked.contains(&place.0) {
                continue; // walked for the first time since the last look
            }
            let words = |status: &str, guests: &str| format!("{status} +{guests}");
            let before = self.rsvps.get(&place);
            let is_right = match (before, parts[3]) {
                (None, "-") => true,
                (Some(before), old) => *before == words(old, parts[4]),
                _ => false,
            };
            if !is_right {
                out.push(format!(
                    "a line of the log begins at {} +{}, the row stood at {before:?}: {line}",
                    parts[3], parts[4]
                ));
            }
            if parts[5] == "-" {
                self.rsvps.remove(&place);
            } else {
                self.rsvps.insert(place, words(parts[5], parts[6]));
            }
        }
    }
}
