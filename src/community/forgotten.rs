//! People of whom nothing is kept any more but that they are one person.

use super::MemberId;

/// How the id of somebody begins who was forgotten: it stands in the place of Meetup's.
pub const FORGOTTEN: &str = "forgotten-";

/// Whether an id stands for somebody who was forgotten: Meetup does not know it.
pub fn is_forgotten(id: &str) -> bool {
    id.starts_with(FORGOTTEN)
}

impl MemberId {
    /// Whether it stands for somebody who was forgotten.
    pub fn is_forgotten(&self) -> bool {
        is_forgotten(&self.0)
    }
}

/// The page of a member of a group, by the address of the group's; of somebody who was forgotten, the group's own.
pub fn member_page(group: &str, id: &str) -> String {
    let group = group.trim_end_matches('/');
    match is_forgotten(id) {
        true => format!("{group}/"),
        false => format!("{group}/members/{id}/"),
    }
}
