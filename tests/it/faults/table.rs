//! What comes of each fault at each boundary, written down once; the tests beside it hold the program
//! to it.

use gatherd::demo::{Fault, Spoil, Switches};
use std::time::Duration;

/// What comes of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comes {
    /// It is overcome, or harmless: the pass is done, the token renewed, the message sent.
    Well,
    /// What it hides is skipped and listed (exit code 3, or 1 if nothing else was read), and is read
    /// when the fault has ended. A message is tried again later.
    Later,
    /// The pass stops with this exit code; the message is given up and listed.
    Stops(u8),
}
use Comes::{Later, Stops, Well};

/// A fault, and what comes of it.
pub struct Row {
    pub fault: Fault,
    /// What is different about this Meetup.
    pub switch: fn(&mut Switches),
    /// How often in a row one question meets it and the pass is none the worse.
    pub survives: u32,
    /// What comes of meeting it at every question of an operation.
    pub without_end: Comes,
    /// The same at the token endpoint: of one, and without end. None where it cannot be met there.
    pub tokens: Option<(Comes, Comes)>,
    /// What a message that meets it becomes: in a chat that says `ok` to what it took, and at a webhook.
    /// None where it cannot be met there.
    pub message: Option<[Comes; 2]>,
}

const SAME: fn(&mut Switches) = |_| {};

const fn row(
    fault: Fault,
    survives: u32,
    without_end: Comes,
    tokens: Option<(Comes, Comes)>,
    message: Option<[Comes; 2]>,
) -> Row {
    Row {
        fault,
        switch: SAME,
        survives,
        without_end,
        tokens,
        message,
    }
}

const fn both(comes: Comes) -> Option<[Comes; 2]> {
    Some([comes, comes])
}

const fn limited(switch: fn(&mut Switches)) -> Row {
    Row {
        fault: Fault::RateLimited,
        switch,
        survives: 3,
        without_end: Later,
        tokens: None,
        message: None,
    }
}

const fn spoilt(spoil: Spoil, survives: u32, without_end: Comes) -> Row {
    row(Fault::Spoilt(spoil), survives, without_end, None, None)
}

/// A connection that is refused meets every question alike; see `nobody_there_...` in the matrix.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    //                                    in a row    for ever   token: once, for ever       message
    row(Fault::Refuse,                           4, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::Reset,                            4, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::Hang,                             1, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::Slow(Duration::from_millis(30)),  1, Well,       Some((Well, Well)),       both(Well)),
    // A token answer that is cut was given: its successor is lost, and with it the sign-in.
    row(Fault::CutBody,                          4, Later,      Some((Stops(4), Later)),   Some([Later, Well])),
    row(Fault::Status(400),                      2, Stops(1),   Some((Well, Later)),      Some([Stops(3), Later])),
    row(Fault::Status(401),                      1, Stops(4),   Some((Well, Stops(4))),   Some([Stops(3), Later])),
    row(Fault::Status(403),                      2, Stops(4),   Some((Well, Later)),      Some([Stops(3), Later])),
    row(Fault::Status(404),                      2, Stops(1),   Some((Well, Later)),      Some([Stops(3), Later])),
    row(Fault::TooMany(None),                    3, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::TooMany(Some(0)),                 3, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::Status(500),                      4, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::Html(502),                        4, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::Html(403),                        4, Later,      Some((Well, Later)),      Some([Stops(3), Later])),
    row(Fault::Status(503),                      4, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::Html(200),                        4, Later,      Some((Well, Later)),      both(Later)),
    row(Fault::EmptyBody,                        4, Later,      Some((Well, Later)),      Some([Later, Well])),
    row(Fault::InvalidJson,                      4, Later,      Some((Well, Later)),      Some([Later, Well])),
    row(Fault::Endless,                          1, Later,      Some((Well, Later)),      Some([Later, Well])),
    row(Fault::ServerError,                      4, Later,      None,                     None),
    limited(SAME),
    limited(|it| it.consumed_points_as_text = true),
    limited(|it| it.reset_at_in_past = true),
    limited(|it| it.points_window = Duration::from_secs(86_400)),
    limited(|it| (it.throttle_status, it.consumed_points_as_text, it.reset_at_in_past) = (429, true, true)),
    spoilt(Spoil::Partial,                       2, Later),
    spoilt(Spoil::NullId,                        0, Later),
    spoilt(Spoil::StrangeValue,                  1, Well),
    spoilt(Spoil::ExtraFields,                   1, Well),
    spoilt(Spoil::DoubledRow,                    1, Well),
    spoilt(Spoil::ClaimsAnother,                 1, Well),
    spoilt(Spoil::CountsAbove,                   1, Well),
];
