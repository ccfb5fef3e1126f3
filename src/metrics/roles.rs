//! Who holds the keys of a group, and what it is called, as alerts compare them.

use chrono::{DateTime, Utc};

use super::figures::Leader;
use crate::community::Role;

/// A group's names as alerts noted them last.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // as in `community::Group`
pub struct NamesNoted {
    pub name: String,
    pub urlname: String,
}

/// A line of the log of roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChange {
    /// Its place in the log.
    pub line: i64,
    /// Whose: Meetup's id, as in [`KeyHolder::person`].
    pub member: String,
    /// What they were; none: no leader.
    pub old: Option<Role>,
    /// What they became; none: no leader.
    pub new: Option<Role>,
    /// When the mirror saw it.
    pub noticed_at: DateTime<Utc>,
    /// Whether alerts did not look at it yet.
    pub is_new: bool,
}

/// Somebody whose role changed, or the organizer.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyHolder {
    /// Who, when they were seen and when they hosted here last.
    pub person: Leader,
    /// Whether they are in the group.
    pub is_here: bool,
    /// Whether this is a network's own account.
    pub is_admin: bool,
}

impl KeyHolder {
    /// What they lead the group as now; none: they do not.
    pub fn leads_as(&self) -> Option<&Role> {
        Some(&self.person.role).filter(|role| self.is_here && role.leads())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_left_or_has_a_role_that_leads_nothing_leads_as_nothing() {
        let leads_as = |role: &str, is_here: bool| {
            let holder = KeyHolder {
                person: Leader {
                    id: "7".to_owned(),
                    name: None,
                    role: Role::from(role.to_owned()),
                    link: String::new(),
                    last_access_at: None,
                    last_seen_at: None,
                    last_hosted_at: None,
                    last_took_part_at: None,
                },
                is_here,
                is_admin: false,
            };
            holder.leads_as().cloned()
        };
        assert_eq!(leads_as("ORGANIZER", true), Some(Role::Organizer));
        assert_eq!(leads_as("ORGANIZER", false), None);
        assert_eq!(leads_as("MEMBER", true), None);
        assert_eq!(leads_as("MEMBER", false), None);
    }
}
