//! Parts of the network by name, and who looks after which group.

use super::Misused;
use crate::{
    community::{Access, Contact, GroupId, Owner},
    config::Region,
    metrics::GroupFigures,
    report::Report,
};
use std::collections::{BTreeSet, HashMap};

/// The region of a group: the first that reaches it.
pub(crate) fn of<'a>(regions: &'a [Region], group: &GroupFigures) -> Option<&'a Region> {
    let (country, timezone) = (group.country.as_deref(), group.timezone.as_deref());
    let mut reaching = regions
        .iter()
        .filter(|it| it.access.reaches(&group.urlname, country, timezone));
    reaching.next()
}

/// The region of that name, in whatever case.
pub(crate) fn named<'a>(regions: &'a [Region], name: &str) -> Result<&'a Region, Misused> {
    let wanted = name.trim().to_lowercase();
    let found = regions.iter().find(|it| it.name.to_lowercase() == wanted);
    found.ok_or_else(|| {
        let names: Vec<&str> = regions.iter().map(|it| it.name.as_str()).collect();
        let remedy = match names.is_empty() {
            true => "none is configured; add it as [[region]]".to_owned(),
            false => format!("write one of: {}", names.join(", ")),
        };
        Misused(format!("no region is called {name}\n{remedy}"))
    })
}

/// Adds who looks after each group that has nobody of its own: its region's owner. What somebody agreed for a group wins.
pub(crate) fn add_owners(contacts: &mut Vec<Contact>, report: &Report, regions: &[Region]) {
    if regions.iter().all(|it| it.owner.is_none()) {
        return;
    }
    let known: HashMap<String, usize> = contacts
        .iter()
        .zip(0..)
        .map(|(it, nth)| (it.group.as_str().to_owned(), nth))
        .collect();
    for group in report.groups.iter().map(|it| &it.figures) {
        let Some(name) = of(regions, group).and_then(|it| it.owner.clone()) else {
            continue;
        };
        let owner = Owner {
            id: 0,
            name,
            at: report.as_of,
            author: None,
        };
        match known.get(&group.id) {
            Some(nth) => {
                let contact = &mut contacts[*nth];
                contact.owner.get_or_insert(owner);
            }
            None => contacts.push(Contact {
                group: GroupId(group.id.clone()),
                urlname: group.urlname.clone(),
                name: group.name.clone(),
                is_gone: false,
                notes: Vec::new(),
                asked: Vec::new(),
                mutes: Vec::new(),
                target: None,
                owner: Some(owner),
            }),
        }
    }
}

/// The groups that somebody of these looks after, as what narrows to them.
pub(crate) fn owned_by(contacts: &[Contact], owners: &[String]) -> Result<Access, Misused> {
    let wanted: Vec<String> = owners.iter().map(|it| it.trim().to_lowercase()).collect();
    let is_theirs = |it: &&Contact| {
        let owner = it.owner.as_ref().map(|it| it.name.to_lowercase());
        !it.is_gone && owner.is_some_and(|owner| wanted.contains(&owner))
    };
    let theirs = contacts.iter().filter(is_theirs);
    let groups: Vec<String> = theirs.map(|it| it.urlname.clone()).collect();
    if groups.is_empty() {
        let known = contacts.iter().filter_map(|it| it.owner.as_ref());
        let known: BTreeSet<&str> = known.map(|it| it.name.as_str()).collect();
        let known: Vec<&str> = known.into_iter().collect();
        let remedy = match known.is_empty() {
            true => "nobody looks after any yet: gatherd owner GROUP NAME".to_owned(),
            false => format!("these do: {}", known.join(", ")),
        };
        return Err(Misused(format!(
            "nobody called {} looks after a group\n{remedy}",
            owners.join(" or ")
        )));
    }
    Ok(Access {
        groups,
        ..Access::default()
    })
}
