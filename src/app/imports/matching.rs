//! Whom a line of a file means: only what is named whole is found, and the nearest is told of the rest.

use super::super::meant;
use crate::{
    import::EventNamed,
    mirror::{self, EventKey, GroupKey, KnownGroup, MirrorError},
    report::clean,
};
use std::collections::HashMap;

/// Dates told where there is no event on one.
const NEAR_DAYS: u32 = 3;

/// The groups that lines may name, with those found so far.
pub(super) struct Groups {
    known: Vec<KnownGroup>,
    found: HashMap<String, Result<usize, String>>,
}

impl Groups {
    pub(super) fn read(conn: &rusqlite::Connection) -> Result<Self, MirrorError> {
        Ok(Self {
            known: mirror::roster(conn)?,
            found: HashMap::new(),
        })
    }

    /// The group that is named by id, urlname, address or name; or why none is.
    pub(super) fn group(&mut self, written: &str) -> Result<&KnownGroup, String> {
        if !self.found.contains_key(written) {
            let found = meant::named_whole(&self.known, written);
            self.found.insert(written.to_owned(), found);
        }
        let nth = self.found[written].clone()?;
        Ok(&self.known[nth])
    }

    /// How a group is called.
    pub(super) fn called(&self, key: GroupKey) -> String {
        let known = self.known.iter().find(|it| it.key == key);
        known.map_or_else(String::new, |it| clean(&it.urlname))
    }
}

/// The event of a group that is named; or why none is.
pub(super) fn event(
    conn: &rusqlite::Connection,
    group: &KnownGroup,
    named: &EventNamed,
) -> Result<Result<EventKey, String>, MirrorError> {
    let called = clean(&group.urlname);
    match named {
        EventNamed::On(on) => {
            let found = mirror::events_on(conn, group.key, *on)?;
            Ok(match found[..] {
                [one] => Ok(one),
                [] => {
                    let near = mirror::event_days_near(conn, group.key, *on, NEAR_DAYS)?;
                    Err(match &near[..] {
                        [] => format!("event: no event of {called} is known"),
                        near => format!(
                            "event: {called} has none on {on}; the nearest are on {}",
                            near.join(", ")
                        ),
                    })
                }
                _ => Err(format!(
                    "event: {called} has {} on {on}; write the id of the one that is meant",
                    found.len()
                )),
            })
        }
        EventNamed::As(written) => {
            let shown = clean(written);
            Ok(match mirror::event_named(conn, written)? {
                Some((event, of)) if of == group.key => Ok(event),
                Some(_) => Err(format!(
                    "event: \"{shown}\" is another group's, not one of {called}"
                )),
                None => Err(format!(
                    "event: none \"{shown}\" is known; write its id, its address or its date"
                )),
            })
        }
    }
}
