//! The log of roles, played over who led at the moment before, gives who leads now.

use crate::rig::rows;
use gatherd::mirror::Mirror;
use std::collections::{BTreeMap, BTreeSet};

/// Who leads, as the mirror's rows say it, by group and member.
const LEADING: &str = "SELECT group_id, member_id, role FROM memberships
    WHERE gone_at IS NULL AND status IN ('ACTIVE', 'LEADER')
      AND role IN ('ORGANIZER', 'COORGANIZER', 'ASST_ORGANIZER', 'EVENT_ORGANIZER')";

type Leading = BTreeMap<(String, String), String>;

/// The log as far as it was played.
#[derive(Debug, Default)]
pub struct Roles {
    /// Groups whose members were walked: their changes are logged.
    walked: BTreeSet<String>,
    leading: Leading,
    last: i64,
}

impl Roles {
    /// Reads who leads and holds it against the moment before.
    pub fn goes_on(&mut self, mirror: &Mirror, out: &mut Vec<String>) {
        let mut now = Leading::new();
        for row in rows(mirror, LEADING) {
            let mut parts = row.split('|').map(str::to_owned);
            let place = (parts.next().unwrap(), parts.next().unwrap());
            now.insert(place, parts.next().unwrap());
        }
        let log = format!(
            "SELECT c.key, g.id, m.id, c.old_role, c.new_role
             FROM role_change_row c JOIN group_row g ON g.key = c.grp JOIN member_row m ON m.key = c.member
             WHERE c.key > {} ORDER BY c.key",
            self.last
        );
        for line in rows(mirror, &log) {
            let parts: Vec<&str> = line.split('|').collect();
            self.last = parts[0].parse().unwrap();
            let place = (parts[1].to_owned(), parts[2].to_owned());
            let before = self.leading.get(&place).map_or("-", String::as_str);
            // A group that was walked for the first time in between begins somewhere in it.
            if self.walked.contains(&place.0) && before != parts[3] {
                out.push(format!(
                    "{before} before, and the log of roles says: {line}"
                ));
            }
            match parts[4] {
                "-" => self.leading.remove(&place),
                role => self.leading.insert(place, role.to_owned()),
            };
        }
        for place in self
            .leading
            .keys()
            .chain(now.keys())
            .collect::<BTreeSet<_>>()
        {
            let (logged, found) = (self.leading.get(place), now.get(place));
            if self.walked.contains(&place.0) && logged != found {
                out.push(format!(
                    "{place:?} leads as {found:?}, by the log as {logged:?}"
                ));
            }
        }
        let walked = "SELECT id FROM group_row WHERE members_verified_at IS NOT NULL";
        self.walked = rows(mirror, walked).into_iter().collect();
        self.leading = now;
    }
}
