//! What can happen: to the community, to the connection, and to the program.

use gatherd::demo::world::{
    Answer, EventAt, EventStatus, GroupAt, PersonAt, Role, Standing, World,
};
use gatherd::demo::{Blemish, Endless, Fault, LeavesOut};
use proptest::prelude::*;
use std::time::Duration;

const DAY: i64 = 86_400;

/// One thing that happens in the community. The numbers beside it pick whom, out of those there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    EventAnnounced,
    EventMovedNearby,
    EventMovedIntoThePast,
    EventMovedFarAhead,
    EventRenamed,
    EventCancelled,
    EventCancelledForGood,
    EventDeleted,
    EventRestored,
    EventGivenANewId,
    EventGivenANewToken,
    EventHostsChanged,
    SaidYes,
    SaidNo,
    PutOnTheWaitlist,
    TwoSwapped,
    AnswerRemoved,
    AnswerHidden,
    AnswerShownAgain,
    GuestsChanged,
    MarkedAttended,
    MarkedNoShow,
    MarkedExcused,
    Joined,
    Left,
    LeftWithAnswers,
    OneLeftAnotherJoined,
    AskedToJoin,
    RoleChanged,
    GroupRenamed,
    GroupFrozen,
    GroupDelisted,
    GroupLeftTheNetwork,
    GroupCameBack,
    GroupDeleted,
    GroupUndeleted,
    GroupFounded,
}

const CHANGES: &[(u32, Change)] = &[
    (4, Change::EventAnnounced),
    (3, Change::EventMovedNearby),
    (2, Change::EventMovedIntoThePast),
    (1, Change::EventMovedFarAhead),
    (2, Change::EventRenamed),
    (2, Change::EventCancelled),
    (1, Change::EventCancelledForGood),
    (3, Change::EventDeleted),
    (3, Change::EventRestored),
    (4, Change::EventGivenANewId),
    (3, Change::EventGivenANewToken),
    (2, Change::EventHostsChanged),
    (6, Change::SaidYes),
    (4, Change::SaidNo),
    (2, Change::PutOnTheWaitlist),
    (4, Change::TwoSwapped),
    (4, Change::AnswerRemoved),
    (2, Change::AnswerHidden),
    (2, Change::AnswerShownAgain),
    (3, Change::GuestsChanged),
    (3, Change::MarkedAttended),
    (2, Change::MarkedNoShow),
    (1, Change::MarkedExcused),
    (3, Change::Joined),
    (3, Change::Left),
    (2, Change::LeftWithAnswers),
    (2, Change::OneLeftAnotherJoined),
    (1, Change::AskedToJoin),
    (3, Change::RoleChanged),
    (2, Change::GroupRenamed),
    (1, Change::GroupFrozen),
    (1, Change::GroupDelisted),
    (1, Change::GroupLeftTheNetwork),
    (2, Change::GroupCameBack),
    (1, Change::GroupDeleted),
    (1, Change::GroupUndeleted),
    (1, Change::GroupFounded),
];

/// What the program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Backfill,
    Pass,
    Sweep,
    LeftOverUnits,
    Rota,
}

/// One step of a history.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Something happens between two looks of the program.
    Change(Change, usize, usize),
    /// Something happens before the answer to the so-manieth request of the next work.
    Meanwhile(u64, Change, usize, usize),
    Work(Work),
    /// The program dies before the answer to the so-manieth request, and starts again.
    Killed(Work, u64),
    Restarted,
    /// The next requests, so many after so many good ones, meet this.
    Fault(Trouble, u64, u32),
    /// A group cannot be read until it is healed.
    Broken(usize, usize),
    /// An event is shown broken until it is healed.
    EventBroken(usize, usize),
    /// Answers leave something out until it is healed.
    LeavesOut(LeavesOut),
    /// Listings do not end until it is healed.
    Endless(Endless),
    Healed,
    /// What waits for another try is due.
    LaterThatDay,
    /// Cursors are written otherwise from now on.
    CursorsRenewed,
    ShrinkAccepted,
}

/// Faults that end by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Refused,
    Reset,
    CutBody,
    EmptyBody,
    InvalidJson,
    Html502,
    Html200,
    Status400,
    Status403,
    Status500,
    Status503,
    TooMany,
    RateLimited,
    CursorRefused,
    ServerError,
    Slow,
}

impl Trouble {
    pub fn fault(self) -> Fault {
        match self {
            Self::Refused => Fault::Refuse,
            Self::Reset => Fault::Reset,
            Self::CutBody => Fault::CutBody,
            Self::EmptyBody => Fault::EmptyBody,
            Self::InvalidJson => Fault::InvalidJson,
            Self::Html502 => Fault::Html(502),
            Self::Html200 => Fault::Html(200),
            Self::Status400 => Fault::Status(400),
            Self::Status403 => Fault::Status(403),
            Self::Status500 => Fault::Status(500),
            Self::Status503 => Fault::Status(503),
            Self::TooMany => Fault::TooMany(None),
            Self::RateLimited => Fault::RateLimited,
            Self::CursorRefused => Fault::CursorRefused,
            Self::ServerError => Fault::ServerError,
            Self::Slow => Fault::Slow(Duration::from_millis(20)),
        }
    }
}

const TROUBLES: &[Trouble] = &[
    Trouble::Refused,
    Trouble::Reset,
    Trouble::CutBody,
    Trouble::EmptyBody,
    Trouble::InvalidJson,
    Trouble::Html502,
    Trouble::Html200,
    Trouble::Status400,
    Trouble::Status403,
    Trouble::Status500,
    Trouble::Status503,
    Trouble::TooMany,
    Trouble::RateLimited,
    Trouble::CursorRefused,
    Trouble::ServerError,
    Trouble::Slow,
];

pub const BLEMISHES: [Blemish; 4] = [
    Blemish::Unreadable,
    Blemish::NullId,
    Blemish::RawNull,
    Blemish::NoPresence,
];

pub const EVENT_BLEMISHES: [Blemish; 8] = [
    Blemish::Unreadable,
    Blemish::LostAccount,
    Blemish::LostNewest,
    Blemish::Field,
    Blemish::NoGroup,
    Blemish::NullLists,
    Blemish::CutName,
    Blemish::CutBytes,
];

/// Steps in their order; told one a line, so that what shrinking leaves can be read.
#[derive(Clone, PartialEq)]
pub struct History(pub Vec<Step>);

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for step in &self.0 {
            write!(f, "\n  {step:?}")?;
        }
        Ok(())
    }
}

/// A history of at most so many steps.
pub fn history(most: usize) -> impl Strategy<Value = History> {
    proptest::collection::vec(step(), 1..=most).prop_map(History)
}

fn step() -> impl Strategy<Value = Step> {
    let change = || {
        let kinds = CHANGES
            .iter()
            .map(|(weight, change)| (*weight, Just(*change).boxed()));
        (
            proptest::strategy::Union::new_weighted(kinds.collect()),
            0..64_usize,
            0..64_usize,
        )
    };
    let work = || {
        prop_oneof![
            6 => Just(Work::Pass),
            2 => Just(Work::Sweep),
            1 => Just(Work::Backfill),
            1 => Just(Work::LeftOverUnits),
            1 => Just(Work::Rota),
        ]
    };
    prop_oneof![
        55 => change().prop_map(|(change, a, b)| Step::Change(change, a, b)),
        10 => (1..12_u64, change()).prop_map(|(at, (change, a, b))| Step::Meanwhile(at, change, a, b)),
        22 => work().prop_map(Step::Work),
        5 => (work(), 1..14_u64).prop_map(|(work, at)| Step::Killed(work, at)),
        2 => Just(Step::Restarted),
        7 => (proptest::sample::select(TROUBLES), 0..10_u64, 1..9_u32)
            .prop_map(|(trouble, after, times)| Step::Fault(trouble, after, times)),
        2 => (0..8_usize, 0..BLEMISHES.len()).prop_map(|(group, how)| Step::Broken(group, how)),
        3 => (0..30_usize, 0..EVENT_BLEMISHES.len())
            .prop_map(|(event, how)| Step::EventBroken(event, how)),
        2 => proptest::sample::select(&LeavesOut::ALL[..]).prop_map(Step::LeavesOut),
        2 => proptest::sample::select(&Endless::ALL[..]).prop_map(Step::Endless),
        3 => Just(Step::Healed),
        3 => Just(Step::LaterThatDay),
        1 => Just(Step::CursorsRenewed),
        1 => Just(Step::ShrinkAccepted),
    ]
}

/// What the community has lost and may get back.
#[derive(Debug, Default)]
pub struct Lost {
    events: Vec<EventAt>,
    groups: Vec<GroupAt>,
    founded: usize,
}

/// Lets it happen, if there is somebody to whom it can; tells in words what happened.
pub fn apply(
    world: &mut World,
    lost: &mut Lost,
    (change, a, b): (Change, usize, usize),
) -> Option<String> {
    let now = world.now();
    let groups: Vec<GroupAt> = world.groups().map(|(at, _)| at).collect();
    let group = nth(&groups, a)?;
    let events: Vec<EventAt> = {
        // Those that a pass looks at come up more often than the long past.
        let all: Vec<EventAt> = world.events_of(group).collect();
        let hot = all.iter().copied().filter(|at| {
            let start = world.event(*at).starts_at;
            start.is_some_and(|start| start > now - 44 * DAY)
        });
        let hot: Vec<EventAt> = hot.collect();
        if b % 4 == 0 || hot.is_empty() {
            all
        } else {
            hot
        }
    };
    let people: Vec<PersonAt> = world
        .group(group)
        .memberships
        .iter()
        .map(|it| it.person)
        .collect();
    let event = || nth(&events, b / 4);
    let person = || nth(&people, b);
    let answered = |world: &World, event: EventAt, pick: usize| {
        let said: Vec<PersonAt> = world
            .event(event)
            .rsvps
            .iter()
            .map(|it| it.person)
            .collect();
        nth(&said, pick)
    };
    match change {
        Change::EventAnnounced => {
            world.announce(
                group,
                "<!channel> One\u{202e} more",
                now + (1 + b as i64) * DAY,
                &[person()?],
                now,
            );
        }
        Change::EventMovedNearby => {
            world.move_event(event()?, Some(now + (b as i64 - 20) * DAY + 7));
        }
        Change::EventMovedIntoThePast => {
            world.move_event(event()?, Some(now - (60 + 9 * b as i64) * DAY + 7));
        }
        Change::EventMovedFarAhead => world.move_event(event()?, Some(now + (90 + b as i64) * DAY)),
        Change::EventRenamed => world.rename_event(event()?, &format!("Renamed {b}")),
        Change::EventCancelled => world.cancel_event(event()?),
        Change::EventCancelledForGood => {
            world.edit_event(event()?, |event| event.status = EventStatus::CancelledPerm);
        }
        Change::EventDeleted => {
            lost.events.push(event()?);
            world.delete_event(event()?);
        }
        Change::EventRestored => match lost.events.pop() {
            Some(event) => world.restore_event(event),
            None => world.restore_event(event()?),
        },
        Change::EventGivenANewId => drop(world.replace_event_id(event()?)),
        Change::EventGivenANewToken => drop(world.replace_event_token(event()?)),
        Change::EventHostsChanged => world.change_hosts(event()?, &[person()?]),
        Change::SaidYes => drop(world.answer(event()?, person()?, Answer::Yes, now)),
        Change::SaidNo => drop(world.answer(event()?, person()?, Answer::No, now)),
        Change::PutOnTheWaitlist => drop(world.answer(event()?, person()?, Answer::Waitlist, now)),
        Change::TwoSwapped => {
            let event = event()?;
            let (one, other) = (answered(world, event, b)?, answered(world, event, b / 3)?);
            world.swap_answers(event, one, other, now);
        }
        Change::AnswerRemoved => {
            let event = event()?;
            let one = answered(world, event, b)?;
            world.remove_rsvp(event, one);
        }
        Change::AnswerHidden | Change::AnswerShownAgain => {
            let event = event()?;
            let one = answered(world, event, b)?;
            world.hide_rsvp(event, one, change == Change::AnswerHidden);
        }
        Change::GuestsChanged => {
            let event = event()?;
            let one = answered(world, event, b)?;
            world.change_guests(event, one, (b % 5) as u16, now);
        }
        Change::MarkedAttended | Change::MarkedNoShow | Change::MarkedExcused => {
            let event = event()?;
            let one = answered(world, event, b)?;
            let mark = match change {
                Change::MarkedAttended => Answer::Attended,
                Change::MarkedNoShow => Answer::NoShow,
                _ => Answer::ExcusedAbsence,
            };
            world.mark_attendance(event, one, mark, now);
        }
        Change::Joined => {
            let newcomer = world.add_person("Newcomer \u{1b}[31m");
            world.join(group, newcomer, now);
        }
        Change::Left => world.leave(group, person()?, false),
        Change::LeftWithAnswers => world.leave(group, person()?, true),
        Change::OneLeftAnotherJoined => {
            let newcomer = world.add_person("Newcomer");
            world.leave(group, person()?, false);
            world.join(group, newcomer, now);
        }
        Change::AskedToJoin => {
            let newcomer = world.add_person("Somebody at the door");
            world.join(group, newcomer, now);
            world.edit_membership(group, newcomer, |it| it.standing = Standing::Pending);
        }
        Change::RoleChanged => {
            let role = [
                Role::Member,
                Role::Coorganizer,
                Role::EventOrganizer,
                Role::AsstOrganizer,
            ][b % 4];
            world.change_role(group, person()?, role);
        }
        Change::GroupRenamed => {
            world.rename_group(
                group,
                &format!("Renamed {a} & {b}"),
                &format!("renamed-{a}-{b}-{now}"),
            );
        }
        Change::GroupFrozen => {
            world.edit_group(group, |group| {
                group.status = ["FROZEN", "GRACE", "PAID"][b % 3];
            });
        }
        Change::GroupDelisted => world.delist_group(group),
        Change::GroupLeftTheNetwork => world.leave_network(group),
        Change::GroupCameBack => {
            let network = world.networks().next()?.0;
            let away = groups
                .into_iter()
                .filter(|at| world.group(*at).network.is_none());
            let away: Vec<GroupAt> = away.collect();
            world.join_network(nth(&away, b)?, network, now);
        }
        Change::GroupDeleted => {
            lost.groups.push(group);
            world.delete_group(group);
        }
        Change::GroupUndeleted => {
            let group = lost.groups.pop()?;
            world.edit_group(group, |group| group.is_deleted = false);
            world.rename_group(group, "Back again", &format!("back-{a}-{b}-{now}"));
        }
        Change::GroupFounded => {
            lost.founded += 1;
            let urlname = format!("founded-{}-{now}", lost.founded);
            let founded = world.found_group(group, &urlname, "Founded today", now);
            for person in people.into_iter().take(1 + b % 5) {
                world.join(founded, person, now);
            }
            world.announce(founded, "A first evening", now + 9 * DAY, &[], now);
        }
    }
    Some(format!("{change:?} in {}", world.group(group).urlname))
}

fn nth<T: Copy>(list: &[T], pick: usize) -> Option<T> {
    (!list.is_empty()).then(|| list[pick % list.len()])
}
