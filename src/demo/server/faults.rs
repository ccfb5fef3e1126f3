//! What goes wrong on purpose.

use crate::demo::world::EventAt;
use std::collections::HashMap;
use std::time::Duration;

/// What a request meets instead of its answer, or on the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed without a word.
    Refuse,
    /// The connection is reset without a word.
    Reset,
    /// No answer, ever.
    Hang,
    /// The answer comes, later.
    Slow(Duration),
    /// The answer is cut off in the middle of its body.
    CutBody,
    /// This status with a JSON body.
    Status(u16),
    /// This status with an HTML page (200 too).
    Html(u16),
    /// 429, with `Retry-After` in seconds if given.
    TooMany(Option<u64>),
    /// 200 with no body.
    EmptyBody,
    /// 200 with JSON that breaks off.
    InvalidJson,
    /// The documented throttling body, though points are left.
    RateLimited,
    /// The cursor is refused.
    CursorRefused,
    /// An error without `data` that passes when the question is repeated.
    ServerError,
    /// An answer that goes on for as long as somebody reads it.
    Endless,
    /// The answer comes whole, but spoilt.
    Spoilt(Spoil),
}

/// How an answer is spoilt, at its first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoil {
    /// The row is null, with an error beside the data.
    Partial,
    /// The row's id is null, without any error.
    NullId,
    /// Every status in it is one that the schema does not know.
    StrangeValue,
    /// Every object has fields that nobody asked for.
    ExtraFields,
    /// The row comes twice.
    DoubledRow,
    /// Another page is said to follow, whatever follows.
    ClaimsAnother,
    /// Everything that is counted is counted too high.
    CountsAbove,
    /// It is as much as is read at all.
    Swollen(Swell),
}

/// In which way an answer is blown up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swell {
    /// Errors without a word, millions of them.
    TinyErrors,
    /// As many errors as are taken apart, with words and a place.
    ManyErrors,
    /// Lists within lists.
    Deep,
    /// The first listing's rows are null.
    NullRows,
    /// They are objects without any field.
    EmptyRows,
    /// They are the first row again and again.
    SameRows,
    /// The last of as many rows is an object without any field.
    LastRowEmpty,
    /// The first row has a text in it of the whole answer's size.
    LongText,
    /// As many rows as fit with long ids, each another one.
    LongIds,
    /// The first row has a field that nobody asked for, with a great many of its own.
    ManyFields,
}

impl Swell {
    /// Every way.
    pub const ALL: [Self; 10] = [
        Self::TinyErrors,
        Self::ManyErrors,
        Self::Deep,
        Self::NullRows,
        Self::EmptyRows,
        Self::SameRows,
        Self::LastRowEmpty,
        Self::LongText,
        Self::LongIds,
        Self::ManyFields,
    ];
}

/// Which requests meet it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// Whichever comes next.
    Next,
    /// The next ones of this operation.
    Operation(String),
    /// The one with this number, counted from 1 since the server started.
    Request(u64),
    /// The token endpoint.
    Tokens,
}

#[derive(Debug)]
struct Planned {
    on: On,
    fault: Fault,
    /// Requests that match and are still let by.
    skip: u32,
    left: u32,
}

/// The faults still to come, in the order in which they were planned.
#[derive(Debug, Default)]
pub struct Faults(Vec<Planned>);

impl Faults {
    /// Plans a fault for the next `times` requests that match.
    pub fn plan(&mut self, on: On, fault: Fault, times: u32) {
        self.plan_after(0, on, fault, times);
    }

    /// Lets the next `skip` requests that match by, and plans a fault for the `times` after them.
    pub fn plan_after(&mut self, skip: u32, on: On, fault: Fault, times: u32) {
        self.0.push(Planned {
            on,
            fault,
            skip,
            left: times,
        });
    }

    /// Forgets all plans.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many are still to come.
    pub fn left(&self) -> u32 {
        self.0.iter().map(|planned| planned.left).sum()
    }

    /// The fault that this request meets, if any.
    pub fn take(&mut self, operation: &str, number: u64) -> Option<Fault> {
        self.take_where(|on| match on {
            On::Next => true,
            On::Operation(name) => name == operation,
            On::Request(at) => *at == number,
            On::Tokens => false,
        })
    }

    /// The fault that this request to the token endpoint meets, if any.
    pub fn take_for_tokens(&mut self) -> Option<Fault> {
        self.take_where(|on| *on == On::Tokens)
    }

    fn take_where(&mut self, matches: impl Fn(&On) -> bool) -> Option<Fault> {
        let place = self
            .0
            .iter()
            .position(|planned| planned.left > 0 && matches(&planned.on))?;
        let planned = &mut self.0[place];
        if planned.skip > 0 {
            planned.skip -= 1;
            return None;
        }
        planned.left -= 1;
        let fault = planned.fault;
        if planned.left == 0 {
            self.0.remove(place);
        }
        Some(fault)
    }
}

/// How a group is shown broken, wherever it or one of its events appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blemish {
    /// It cannot be read: an error, and null up to the nearest place that allows it.
    Unreadable,
    /// Its `id` is null, with the same consequences.
    NullId,
    /// One nullable field of it fails: the rest of the answer is whole, with an error beside it.
    Field,
    /// `name` or `title` is null where the schema forbids it, without any error.
    RawNull,
    /// Enumerations have values that the schema does not know.
    StrangeValues,
    /// The first RSVP of each event is of a deleted account: its `member` is null, with the consequences.
    LostAccount,
    /// The same of the RSVP that changed last.
    LostNewest,
    /// Events do not say whose they are.
    NoGroup,
    /// Names and titles end in half a surrogate pair.
    CutName,
    /// Names and titles end in half a sequence of UTF-8.
    CutBytes,
    /// Lists that may be null are.
    NullLists,
    /// Of a group's people, one is listed without what they are in it, and one without who they are.
    NoPresence,
}

/// The groups that are shown broken, by id, and single events.
#[derive(Debug, Clone, Default)]
pub struct Blemishes(HashMap<u64, Blemish>, HashMap<EventAt, Blemish>);

impl Blemishes {
    /// Shows a group broken from now on.
    pub fn set(&mut self, group: u64, blemish: Blemish) {
        self.0.insert(group, blemish);
    }

    /// Shows one event broken from now on.
    pub fn set_event(&mut self, event: EventAt, blemish: Blemish) {
        self.1.insert(event, blemish);
    }

    /// Shows every group whole again.
    pub fn clear(&mut self) {
        self.0.clear();
        self.1.clear();
    }

    /// Whether all groups are whole.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty() && self.1.is_empty()
    }

    /// How an event is broken by itself.
    pub fn of_event(&self, event: EventAt) -> Option<Blemish> {
        self.1.get(&event).copied()
    }

    /// How a group is broken.
    pub fn of(&self, group: u64) -> Option<Blemish> {
        self.0.get(&group).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_meets_as_many_requests_as_planned() {
        let mut faults = Faults::default();
        faults.plan(On::Operation("Events".into()), Fault::Reset, 2);
        faults.plan(On::Request(3), Fault::Hang, 1);
        faults.plan(On::Tokens, Fault::Status(500), 1);
        assert_eq!(faults.take("Groups", 1), None);
        assert_eq!(faults.take("Events", 2), Some(Fault::Reset));
        assert_eq!(faults.take("Groups", 3), Some(Fault::Hang));
        assert_eq!(faults.take("Events", 4), Some(Fault::Reset));
        assert_eq!(faults.take("Events", 5), None);
        assert_eq!(faults.left(), 1);
        assert_eq!(faults.take_for_tokens(), Some(Fault::Status(500)));
        faults.plan_after(1, On::Next, Fault::Hang, 1);
        assert_eq!(faults.take("Events", 6), None);
        assert_eq!(faults.take("Events", 7), Some(Fault::Hang));
        assert_eq!(faults.left(), 0);
    }
}
