//! Listings by key: which groups, events and memberships, in which order.

use super::cursor::Place;
use super::listing::{Page, Rows, order};
use super::node::{Kind, Listing, Node, Out, Trouble};
use super::resolve::{Arguments, Resolved, Sight, plain};
use crate::demo::clock::read_instant;
use crate::demo::switches::{LeavesOut, SearchSort};
use crate::demo::world::{EventAt, EventStatus, GroupAt, NetworkAt, Standing};
use serde_json::Value;
use std::collections::HashSet;
use std::rc::Rc;

impl<'w> Sight<'w> {
    pub(super) fn groups_search(&self, network: NetworkAt, arguments: &Arguments) -> Resolved<'w> {
        let empty = Arguments::new();
        let input = arguments
            .get("input")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let filter = input.get("filter").unwrap_or(&Value::Null);
        let ids = id_set(&filter["groupIds"]);
        let mut rows: Rows<'w> = self
            .world
            .groups()
            .filter(|(_, group)| group.network == Some(network))
            .filter(|(_, group)| ids.as_ref().is_none_or(|ids| ids.contains(&group.id)))
            .map(|(at, group)| {
                (
                    Place::Key(group.joined_network_at.unwrap_or(0), group.id),
                    Node::Group(at),
                )
            })
            .collect();
        rows.sort_unstable_by_key(|(place, _)| order(*place));
        let descending = input.get("desc").is_none_or(|desc| *desc != false);
        if self.follows(input, "name")? {
            // By name there are no keys that a cursor could hold, so the walk is one page long.
            rows.sort_by_key(|(_, node)| match node {
                Node::Group(at) => self.world.group(*at).name.clone(),
                _ => String::new(),
            });
        }
        if descending {
            rows.reverse();
        }
        let cap = self.world.switches.page_caps.groups;
        self.by_key(Kind::Groups, rows, descending, Page::of(input, cap)?)
    }

    pub(super) fn events_search(&self, network: NetworkAt, arguments: &Arguments) -> Resolved<'w> {
        let empty = Arguments::new();
        let input = arguments
            .get("input")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let filter = input.get("filter").unwrap_or(&Value::Null);
        let switches = &self.world.switches;
        let from = instant(&filter["eventDateMin"], "eventDateMin")?;
        let to = instant(&filter["eventDateMax"], "eventDateMax")?;
        let to = to.map(|to| {
            if switches.date_max_inclusive {
                to
            } else {
                to - 1
            }
        });
        let ids = id_set(&filter["groupIds"]);
        let wanted: Option<Vec<&str>> = match &filter["status"] {
            Value::Array(list) => Some(list.iter().filter_map(Value::as_str).collect()),
            Value::String(one) => Some(vec![one]),
            _ => None,
        };
        let listed = |at: EventAt| {
            let event = self.world.event(at);
            let group = self.world.group(event.group);
            if group.network != Some(network) || !self.world.is_shown(at) || self.leaves_out(at) {
                return false;
            }
            if ids.as_ref().is_some_and(|ids| !ids.contains(&group.id)) {
                return false;
            }
            let status = self.world.status_of(at, self.now);
            match &wanted {
                Some(wanted) => wanted.iter().any(|word| match *word {
                    "UPCOMING" => status == EventStatus::Active,
                    "PAST" => status == EventStatus::Past,
                    "CANCELLED" => status.is_cancelled(),
                    "DRAFT" => status == EventStatus::Draft,
                    _ => false,
                }),
                None => match status {
                    EventStatus::Active | EventStatus::Past => true,
                    EventStatus::Cancelled | EventStatus::CancelledPerm => {
                        switches.cancelled_listed
                    }
                    EventStatus::Draft => switches.drafts_listed,
                },
            }
        };
        let low = (from.unwrap_or(i64::MIN), EventAt(0));
        let high = (to.unwrap_or(i64::MAX), EventAt(u32::MAX));
        let mut rows: Rows<'w> = Vec::new();
        if low <= high {
            for &(start, at) in self.world.by_start().range(low..=high) {
                // A date asked for leaves out what has none.
                if listed(at) && (to.is_none() || start > i64::MIN) {
                    rows.push((Place::Key(start, at.0.into()), Node::Event(at)));
                }
            }
        }
        let descending = input.get("desc").is_none_or(|desc| *desc != false);
        if self.follows(input, "createdTime")? {
            rows.sort_by_key(|(_, node)| match node {
                Node::Event(at) => self.world.event(*at).created_at,
                _ => 0,
            });
        }
        if descending {
            rows.reverse();
        }
        let cap = switches.page_caps.events;
        self.by_key(Kind::Events, rows, descending, Page::of(input, cap)?)
    }

    /// An event that is not shown though it is there.
    pub(super) fn leaves_out(&self, at: EventAt) -> bool {
        self.world.switches.leaves_out.past_events()
            && self.world.status_of(at, self.now) == EventStatus::Past
    }

    /// Whether a search goes by the `sort` it was given.
    fn follows(&self, input: &Arguments, known: &str) -> Result<bool, Trouble> {
        let given = input.get("sort").and_then(Value::as_str);
        match (given, self.world.switches.search_sort) {
            (Some(_), SearchSort::Refused) => Err(Trouble::Refused(
                "Variable 'sort' has an invalid value".to_owned(),
            )),
            (Some(given), SearchSort::Followed) => Ok(given == known),
            _ => Ok(false),
        }
    }

    pub(super) fn group_events(&self, group: GroupAt, arguments: &Arguments) -> Resolved<'w> {
        let filter = arguments.get("filter").unwrap_or(&Value::Null);
        let after = instant(&filter["afterDateTime"], "afterDateTime")?;
        let before = instant(&filter["beforeDateTime"], "beforeDateTime")?;
        let wanted: Vec<&str> = match &filter["status"] {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            Value::String(one) => vec![one],
            _ => vec!["ACTIVE"],
        };
        let mut rows: Rows<'w> = self
            .world
            .events_of(group)
            .filter(|&at| !self.leaves_out(at))
            .filter(|&at| wanted.contains(&self.world.status_of(at, self.now).as_str()))
            .filter(|&at| {
                let start = self.world.event(at).starts_at;
                after.is_none_or(|after| start.is_some_and(|start| start >= after))
                    && before.is_none_or(|before| start.is_some_and(|start| start <= before))
            })
            .map(|at| {
                (
                    Place::Key(self.world.event(at).start_key(), at.0.into()),
                    Node::Event(at),
                )
            })
            .collect();
        if rows.is_empty() && self.world.switches.null_without_match {
            return Ok(Out::Vanished);
        }
        let descending = arguments.get("sort").is_some_and(|sort| sort == "DESC");
        if descending {
            rows.reverse();
        }
        let cap = self.world.switches.page_caps.group_events;
        self.by_key(
            Kind::GroupEvents,
            rows,
            descending,
            Page::of(arguments, cap)?,
        )
    }

    pub(super) fn memberships(&self, group: GroupAt, arguments: &Arguments) -> Resolved<'w> {
        let filter = arguments.get("filter").unwrap_or(&Value::Null);
        let people = match &filter["memberIds"] {
            Value::Array(_) | Value::Number(_) => id_set(&filter["memberIds"]),
            _ => None,
        };
        let standings: Option<Vec<Standing>> = match (&filter["status"], &people) {
            (Value::Array(list), _) => Some(
                list.iter()
                    .filter_map(Value::as_str)
                    .filter_map(Standing::parse)
                    .collect(),
            ),
            (Value::String(one), _) => Some(Standing::parse(one).into_iter().collect()),
            (_, Some(_)) => None,
            _ => Some(vec![Standing::Active, Standing::Leader]),
        };
        let mut counted = 0;
        let mut rows: Rows<'w> = Vec::new();
        for row in &self.world.group(group).memberships {
            let id = self.world.person(row.person).id;
            let leaves_out = self.world.switches.leaves_out;
            if leaves_out.members()
                || (leaves_out == LeavesOut::Leaders && row.standing == Standing::Leader)
            {
                continue;
            }
            if standings
                .as_ref()
                .is_some_and(|wanted| !wanted.contains(&row.standing))
                || people.as_ref().is_some_and(|ids| !ids.contains(&id))
            {
                continue;
            }
            counted += 1;
            if !row.is_hidden {
                rows.push((Place::Key(row.joined_at, id), Node::Membership(group, row)));
            }
        }
        let descending = arguments
            .get("sort")
            .is_some_and(|sort| sort["sortOrder"] == "DESC");
        rows.sort_unstable_by_key(|(place, _)| order(*place));
        if descending {
            rows.reverse();
        }
        let cap = self.world.switches.page_caps.memberships;
        let page = Page::of(arguments, cap)?;
        let kind = Kind::Memberships(group);
        Ok(Out::Node(Node::Listing(Rc::new(Listing {
            total: counted,
            ..self.cut(kind, rows, descending, page)?
        }))))
    }
}

fn instant(value: &Value, name: &str) -> Result<Option<i64>, Trouble> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => match read_instant(text) {
            Some(at) => Ok(Some(at)),
            None => Err(Trouble::Refused(format!(
                "Variable '{name}' has an invalid value: Invalid RFC3339 value : '{text}'"
            ))),
        },
        other => Err(Trouble::Refused(format!(
            "Variable '{name}' has an invalid value: Expected a String, got '{other}'"
        ))),
    }
}

/// Ids asked for; what is no id finds nothing.
fn id_set(value: &Value) -> Option<HashSet<u64>> {
    let read = |value: &Value| plain(value).parse().ok();
    match value {
        Value::Array(list) => Some(list.iter().filter_map(read).collect()),
        Value::Null => None,
        one => Some(read(one).into_iter().collect()),
    }
}
