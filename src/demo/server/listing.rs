//! Pages: which rows a listing has, in which order, and which of them a page gives.

use super::cursor::Place;
use super::node::{Kind, Listing, Node, Out, Trouble};
use super::resolve::{Arguments, Resolved, Sight, unknown};
use crate::demo::world::{Answer, EventAt, Rsvp};
use serde_json::Value;
use std::rc::Rc;

/// Rows of a page when the caller names no number.
const DEFAULT_ROWS: i64 = 20;

pub(super) type Rows<'w> = Vec<(Place, Node<'w>)>;

impl<'w> Sight<'w> {
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
            .filter(|rsvp| !switches.leaves_out.rsvps() && wanted.contains(&rsvp.answer))
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
        let page = Page::of(arguments, switches.page_caps.rsvps)?;
        self.refuse_too_large(page)?;
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
        let mut cut: Rows<'w> = rows
            .iter()
            .enumerate()
            .take(end)
            .skip(start)
            .filter(|(_, rsvp)| !rsvp.is_hidden)
            .map(|(row, rsvp)| (Place::Offset(row as u64), Node::Rsvp(at, rsvp)))
            .collect();
        let more = end < rows.len();
        let kind = Kind::Rsvps(at);
        let beyond = self.beyond(kind, rows.len(), start, page);
        cut.extend(
            beyond
                .filter(|(_, row)| !rows[*row].is_hidden)
                .map(|(place, row)| self.again(place, Node::Rsvp(at, rows[row]))),
        );
        let claims = more || (switches.last_page_claims_another && !cut.is_empty());
        Ok(Out::Node(Node::Listing(Rc::new(Listing {
            kind,
            total,
            has_next: claims || self.is_endless(kind),
            end: self.end(kind, &cut, start, page),
            rows: cut,
        }))))
    }

    pub(super) fn by_key(
        &self,
        kind: Kind,
        rows: Rows<'w>,
        descending: bool,
        page: Page<'_>,
    ) -> Resolved<'w> {
        Ok(Out::Node(Node::Listing(Rc::new(
            self.cut(kind, rows, descending, page)?,
        ))))
    }

    /// Cuts a page out of ordered rows, by key.
    pub(super) fn cut(
        &self,
        kind: Kind,
        mut rows: Rows<'w>,
        descending: bool,
        page: Page<'_>,
    ) -> Result<Listing<'w>, Trouble> {
        self.refuse_too_large(page)?;
        let switches = &self.world.switches;
        let total = rows.len();
        let mut start = match page.after {
            None => 0,
            Some(cursor) => match self.cursors.read(cursor) {
                Some(Place::Offset(row)) if self.is_endless(kind) => row as usize + 1,
                Some(after @ Place::Key(..)) => rows.partition_point(|(place, _)| {
                    if descending {
                        order(*place) >= order(after)
                    } else {
                        order(*place) <= order(after)
                    }
                }),
                _ => return Err(refused_cursor()),
            },
        };
        // Only where the page also brings something new; else a walk would never end.
        if switches.pages_overlap && page.after.is_some() && page.rows > 1 && start < total {
            start = start.saturating_sub(1);
        }
        let end = start.saturating_add(page.rows).min(total);
        let beyond: Rows<'w> = self
            .beyond(kind, total, start, page)
            .map(|(place, row)| self.again(place, rows[row].1.clone()))
            .collect();
        rows.truncate(end);
        rows.drain(..start.min(end));
        rows.extend(beyond);
        let claims = end < total || (switches.last_page_claims_another && !rows.is_empty());
        Ok(Listing {
            kind,
            total,
            has_next: claims || self.is_endless(kind),
            end: self.end(kind, &rows, start, page),
            rows,
        })
    }

    fn refuse_too_large(&self, page: Page<'_>) -> Result<(), Trouble> {
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
        let is_left_out = self.world.switches.leaves_out.rsvps();
        let count = |answer| match is_left_out {
            true => 0,
            false => self.world.event(at).count(answer) as i64,
        };
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
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    asked: i64,
    pub(super) rows: usize,
    pub(super) after: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub(super) fn of(arguments: &'a Arguments, cap: usize) -> Result<Self, Trouble> {
        let asked = arguments
            .get("first")
            .and_then(Value::as_i64)
            .unwrap_or(DEFAULT_ROWS);
        let Ok(rows) = usize::try_from(asked) else {
            return Err(Trouble::Refused(
                "The page size must not be negative".to_owned(),
            ));
        };
        let after = arguments.get("after").and_then(Value::as_str);
        Ok(Self {
            asked,
            rows: rows.min(cap),
            after,
        })
    }
}

pub(super) fn order(place: Place) -> (i64, u64) {
    match place {
        Place::Offset(row) => (0, row),
        Place::Key(major, minor) => (major, minor),
    }
}

fn refused_cursor() -> Trouble {
    Trouble::Refused("The cursor is invalid".to_owned())
}
