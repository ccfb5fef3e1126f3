//! The network's own account: where it came to lead many groups at once, or stopped, that is one matter
//! of whoever runs the account, and not one of each group.

use super::operator::Trouble;
use super::{Subject, Tiding};
use crate::community::TroubleKind;
use crate::report::plain::group_name;
use crate::report::words::count;

/// From so many groups of one look on, it is one message.
const MANY: usize = 4;
/// Groups that are named.
const NAMED: usize = 10;

/// A change from or to the account.
#[derive(Debug)]
pub(super) struct OfAccount {
    pub group: Subject,
    /// Whether the account leads now, rather than did.
    pub leads: bool,
    /// What is told of the group, unless there are many; none where it is muted.
    pub tiding: Option<Tiding>,
}

/// Either what is told of each group, or what is told of all.
pub(super) fn sort_out(changes: Vec<OfAccount>) -> (Vec<Tiding>, Option<Trouble>) {
    let mut groups: Vec<&str> = changes.iter().map(|it| it.group.id.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.len() < MANY {
        let tidings = changes.into_iter().filter_map(|it| it.tiding);
        return (tidings.collect(), None);
    }
    let of = |leads: bool| {
        let mut names: Vec<String> = changes
            .iter()
            .filter(|it| it.leads == leads)
            .map(|it| group_name(&it.group.name, &it.group.urlname))
            .collect();
        names.sort();
        names.dedup();
        names
    };
    let parts = [
        listed("came to lead", &of(true)),
        listed("is no longer organizer of", &of(false)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let trouble = Trouble {
        kind: TroubleKind::AdminRoles,
        about: None,
        sentence: format!("The network's own account {}.", parts.join(", and it ")),
        remedy: "If nobody meant that, see at Meetup who uses that account, and that its subscription is paid."
            .to_owned(),
    };
    (Vec::new(), Some(trouble))
}

/// "came to lead 5 groups (A, B, C, D, E)".
fn listed(what: &str, names: &[String]) -> Option<String> {
    let all = i64::try_from(names.len()).unwrap_or(i64::MAX);
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = names[..names.len().min(NAMED)].join(", ");
    (!names.is_empty()).then(|| format!("{what} {} ({named}{more})", count(all, "group", "groups")))
}
