//! Pages: which rows a listing has, in which order, and which of them a page gives.

use super::cursor::Place;
use super::node::{Kind, Listing, Node, Out, Trouble};
use super::resolve::{Arguments, Resolved, Sight, plain, unknown};
use crate::demo::clock::read_instant;
use crate::demo::world::{Answer, EventAt, EventStatus, GroupAt, NetworkAt, Rsvp, Standing};
use serde_json::Value;
use std::collections::HashSet;
use std::rc::Rc;

/// Rows of a page when the caller names no number.
const DEFAULT_ROWS: usize = 20;

type Rows<'w> = Vec<(Place, Node<'w>)>;

impl<'w> Sight<'w> {
    pub(super) fn groups_search(&self, network: NetworkAt, arguments: &Arguments) -> Resolved<'w> {
        let input = &arguments.get("input").cloned().unwrap_or_default();
        let filter = &input["filter"];
        let ids = id_set(&filter["groupIds"]);
        let active_only = filter["activeGroups"] == true;
        let mut rows: Rows<'w> = self
            .world
            .groups()
            .filter(|(_, group)| group.network == Some(network))
            .filter(|(_, group)| {
                ids.as_ref()
                    .is_none_or(|ids| ids.contains(&group.id.to_string()))
            })
            .filter(|(_, group)| !active_only || group.tie == "ACTIVE")
            .map(|(at, group)| {
                (
                    Place::Key(group.joined_network_at.unwrap_or(0), group.id),
                    Node::Group(at),
                )
            })
            .collect();
        rows.sort_unstable_by_key(|(place, _)| order(*place));
        let descending = input["desc"] != false;
        if descending {
            rows.reverse();
        }
        let cap = self.world.switches.page_caps.groups;
        self.by_key(Kind::Groups, rows, descending, Page::of(input, cap)?)
    }

    pub(super) fn events_search(&self, network: NetworkAt, arguments: &Arguments) -> Resolved<'w> {
        let input = &arguments.get("input").cloned().unwrap_or_default();
        let filter = &input["filter"];
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
            if group.network != Some(network) || !self.world.is_shown(at) {
                return false;
            }
            if ids
                .as_ref()
                .is_some_and(|ids| !ids.contains(&group.id.to_string()))
            {
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
        let descending = input["desc"] != false;
        if descending {
            rows.reverse();
        }
        let cap = switches.page_caps.events;
        self.by_key(Kind::Events, rows, descending, Page::of(input, cap)?)
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
        let descending = arguments.get("sort").is_some_and(|sort| sort == "DESC");
        if descending {
            rows.reverse();
        }
        let cap = self.world.switches.page_caps.group_events;
        let input = Value::Object(arguments.clone());
        self.by_key(Kind::GroupEvents, rows, descending, Page::of(&input, cap)?)
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
            if standings
                .as_ref()
                .is_some_and(|wanted| !wanted.contains(&row.standing))
                || people
                    .as_ref()
                    .is_some_and(|ids| !ids.contains(&id.to_string()))
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
        let input = Value::Object(arguments.clone());
        let page = Page::of(&input, cap)?;
        let kind = Kind::Memberships(group);
        Ok(Out::Node(Node::Listing(Rc::new(Listing {
            total: counted,
            ..self.cut(kind, rows, descending, page)?
        }))))
    }

    pub(super) fn rsvps(&self, at: EventAt, arguments: &Arguments) -> Resolved<'w> {
        let filter = arguments.get("filter").unwrap_or(&Value::Null);
        let words: Vec<&str> = match &filter["rsvpStatus"] {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            Value::String(one) => vec![one],
            _ => vec!["YES", "ATTENDED"],
        };
        // Asking for those who have not answered drops everyone who has.
        let wanted: Vec<Answer> = if words.contains(&"HAVENT") {
            Vec::new()
        } else {
            words
                .iter()
                .filter_map(|word| Answer::parse(word))
                .collect()
        };
        let switches = &self.world.switches;
        let all = &self.world.event(at).rsvps;
        let mut rows: Vec<&'w Rsvp> = all
            .iter()
            .filter(|rsvp| wanted.contains(&rsvp.answer))
            .collect();
        let total = rows.len();
        if !switches.hidden_leave_holes {
            rows.retain(|rsvp| !rsvp.is_hidden);
        }
        let sort = arguments.get("sort").unwrap_or(&Value::Null);
        match sort["sortField"].as_str() {
            Some("DATETIME" | "LOCAL_TIME") => {
                rows.sort_by_key(|rsvp| (rsvp.updated_at, rsvp.id));
            }
            _ => rows.sort_by_key(|rsvp| rsvp.id),
        }
        if sort["sortOrder"] == "DESC" {
            rows.reverse();
        }
        let input = Value::Object(arguments.clone());
        let page = Page::of(&input, switches.page_caps.rsvps)?;
        self.refuse_too_large(&page)?;
        let start = match page.after {
            None => 0,
            Some(cursor) => match self.cursors.read(cursor) {
                Some(Place::Offset(row)) => row as usize + 1,
                _ => return Err(refused_cursor()),
            },
        };
        let mut end = start.saturating_add(page.rows).min(rows.len());
        // Holes never swallow a whole page while rows remain: an empty page would end any walk.
        let shown = |end: usize| {
            rows.get(start..end)
                .map_or(0, |cut| cut.iter().filter(|row| !row.is_hidden).count())
        };
        while page.rows > 0 && end < rows.len() && shown(end) < page.rows.min(2) {
            end += 1;
        }
        let cut: Rows<'w> = rows
            .iter()
            .enumerate()
            .take(end)
            .skip(start)
            .filter(|(_, rsvp)| !rsvp.is_hidden)
            .map(|(row, rsvp)| (Place::Offset(row as u64), Node::Rsvp(at, rsvp)))
            .collect();
        let more = end < rows.len();
        let has_next = more || (switches.last_page_claims_another && !cut.is_empty());
        Ok(Out::Node(Node::Listing(Rc::new(Listing {
            kind: Kind::Rsvps(at),
            total,
            rows: cut,
            has_next,
        }))))
    }

    fn by_key(&self, kind: Kind, rows: Rows<'w>, descending: bool, page: Page<'_>) -> Resolved<'w> {
        Ok(Out::Node(Node::Listing(Rc::new(
            self.cut(kind, rows, descending, page)?,
        ))))
    }

    /// Cuts a page out of ordered rows, by key.
    fn cut(
        &self,
        kind: Kind,
        mut rows: Rows<'w>,
        descending: bool,
        page: Page<'_>,
    ) -> Result<Listing<'w>, Trouble> {
        self.refuse_too_large(&page)?;
        let switches = &self.world.switches;
        let total = rows.len();
        let mut start = match page.after {
            None => 0,
            Some(cursor) => {
                let Some(after @ Place::Key(..)) = self.cursors.read(cursor) else {
                    return Err(refused_cursor());
                };
                rows.partition_point(|(place, _)| {
                    if descending {
                        order(*place) >= order(after)
                    } else {
                        order(*place) <= order(after)
                    }
                })
            }
        };
        // Only where the page also brings something new; else a walk would never end.
        if switches.pages_overlap && page.after.is_some() && page.rows > 1 && start < total {
            start = start.saturating_sub(1);
        }
        let end = start.saturating_add(page.rows).min(total);
        rows.truncate(end);
        rows.drain(..start.min(end));
        let has_next = end < total || (switches.last_page_claims_another && !rows.is_empty());
        Ok(Listing {
            kind,
            total,
            rows,
            has_next,
        })
    }

    fn refuse_too_large(&self, page: &Page<'_>) -> Result<(), Trouble> {
        match self.world.switches.too_large {
            Some(limit) if page.asked > limit.first_above => Err(Trouble::TooLarge(limit.status)),
            _ => Ok(()),
        }
    }

    pub(super) fn listing(&self, listing: &Rc<Listing<'w>>, field: &str) -> Resolved<'w> {
        match field {
            "edges" => return Ok(Out::Rows(listing.clone())),
            "pageInfo" => return Ok(Out::Node(Node::PageInfo(listing.clone()))),
            "totalCount" => return Ok(Out::Int(listing.total as i64)),
            _ => {}
        }
        let Kind::Rsvps(at) = listing.kind else {
            return unknown(&Node::Listing(listing.clone()), field);
        };
        let count = |answer| self.world.event(at).count(answer) as i64;
        Ok(Out::Int(match field {
            "yesCount" if self.world.switches.yes_count_includes_attended => {
                count(Answer::Yes) + count(Answer::Attended)
            }
            "yesCount" => count(Answer::Yes),
            "noCount" => count(Answer::No),
            "waitlistCount" => count(Answer::Waitlist),
            "attendedCount" => count(Answer::Attended),
            "noShowCount" => count(Answer::NoShow),
            "absentCount" => count(Answer::ExcusedAbsence),
            _ => return unknown(&Node::Listing(listing.clone()), field),
        }))
    }
}

/// Which page was asked.
struct Page<'a> {
    asked: i64,
    rows: usize,
    after: Option<&'a str>,
}

impl<'a> Page<'a> {
    fn of(input: &'a Value, cap: usize) -> Result<Self, Trouble> {
        let asked = input["first"].as_i64().unwrap_or(DEFAULT_ROWS as i64);
        if asked < 0 {
            return Err(Trouble::Refused(
                "The page size must not be negative".to_owned(),
            ));
        }
        Ok(Self {
            asked,
            rows: (asked as usize).min(cap),
            after: input["after"].as_str(),
        })
    }
}

fn order(place: Place) -> (i64, u64) {
    match place {
        Place::Offset(row) => (0, row),
        Place::Key(major, minor) => (major, minor),
    }
}

fn refused_cursor() -> Trouble {
    Trouble::Refused("The cursor is invalid".to_owned())
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

fn id_set(value: &Value) -> Option<HashSet<String>> {
    match value {
        Value::Array(list) => Some(list.iter().map(plain).collect()),
        Value::Null => None,
        one => Some(HashSet::from([plain(one)])),
    }
}
