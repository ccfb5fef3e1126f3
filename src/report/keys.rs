//! Who holds the keys of a group: roles, when their holders last hosted and were last seen, and who could
//! take it over without ever having been there.

use chrono::{DateTime, NaiveDate, Utc};

use super::words::local_day;
use crate::community::Role;
use crate::metrics::{GroupFigures, Leader};

/// What a role is called.
pub fn role(role: &Role) -> &'static str {
    match role {
        Role::Organizer => "organizer",
        Role::Coorganizer => "co-organizer",
        Role::AsstOrganizer => "assistant organizer",
        _ => "event organizer",
    }
}

/// Whether somebody could take the group over at Meetup, and has neither hosted here nor said yes.
pub fn is_a_stranger(leader: &Leader) -> bool {
    matches!(leader.role, Role::Coorganizer | Role::AsstOrganizer)
        && leader.last_hosted_at.is_none()
        && leader.last_took_part_at.is_none()
}

/// "hosted on 3 May, seen 12 Aug"; "never hosted here nor said yes, not seen since 3 Mar: can take the group over".
pub(super) fn standing(group: &GroupFigures, leader: &Leader) -> String {
    let today = group.as_of_local.date_naive();
    let day = |at: DateTime<Utc>| -> NaiveDate {
        at.with_timezone(group.as_of_local.offset()).date_naive()
    };
    let on = |at: DateTime<Utc>| local_day(day(at), today);
    let did = match (leader.last_hosted_at, leader.last_took_part_at) {
        (Some(at), _) => format!("last hosted on {}", on(at)),
        (None, Some(at)) => format!("never hosted here, last yes for {}", on(at)),
        (None, None) => "never hosted here nor said yes".to_owned(),
    };
    let seen = match leader.last_seen_at {
        None => "never seen on its page".to_owned(),
        Some(at) => format!("seen {}", on(at)),
    };
    let over = if is_a_stranger(leader) {
        ": can take the group over"
    } else {
        ""
    };
    format!("{did}, {seen}{over}")
}
