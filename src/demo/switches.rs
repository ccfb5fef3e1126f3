//! What is unknown about Meetup, as switches: gatherd must be right whichever way each stands.

use super::clock::TimeStyle;
use super::dice::Dice;
use std::time::Duration;

/// The open questions about the API, each a switch. Settable at run time.
#[derive(Debug, Clone, PartialEq)]
pub struct Switches {
    /// `updated` of an RSVP moves when its guests change.
    pub updated_moves_with_guests: bool,
    /// `updated` of an RSVP moves when attendance is marked.
    pub updated_moves_with_attendance: bool,
    /// `yesCount` includes those marked ATTENDED.
    pub yes_count_includes_attended: bool,
    /// eventsSearch lists cancelled events when no status is asked.
    pub cancelled_listed: bool,
    /// eventsSearch lists drafts when no status is asked.
    pub drafts_listed: bool,
    /// `eventDateMax` itself belongs to the span.
    pub date_max_inclusive: bool,
    /// `event(id)` still answers an id that was replaced.
    pub old_id_answers: bool,
    /// `memberCounts.all` includes pending members.
    pub member_count_includes_pending: bool,
    /// Hidden RSVPs take their place in a page, which is then short.
    pub hidden_leave_holes: bool,
    /// The true last page says that another follows, which is then empty.
    pub last_page_claims_another: bool,
    /// A page begins with the last row of the page before it (key cursors only).
    pub pages_overlap: bool,
    /// What follows the last row of a listing.
    pub endless: Endless,
    /// Most rows a page gives, whatever was asked.
    pub page_caps: PageCaps,
    /// A page asked larger than this fails.
    pub too_large: Option<TooLarge>,
    /// How points are counted.
    pub points: Points,
    /// Points allowed in a window; none: no limit.
    pub points_limit: Option<u32>,
    /// The window of the limit.
    pub points_window: Duration,
    /// Status of a throttled answer: 200 or 429.
    pub throttle_status: u16,
    /// `consumedPoints` is a string.
    pub consumed_points_as_text: bool,
    /// `resetAt` lies in the past.
    pub reset_at_in_past: bool,
    /// Questions about the schema are refused.
    pub introspection_refused: bool,
    /// A group whose events are asked for with a filter that matches none of them is null.
    pub null_without_match: bool,
    /// What the Pro searches make of `sort`.
    pub search_sort: SearchSort,
    /// What a bad token meets.
    pub bad_token: BadToken,
    /// What the token endpoint's answers look like.
    pub token_reply: TokenReply,
    /// A refused refresh token or code meets `auth_fail` in the words of the API instead of OAuth's.
    pub tokens_refused_as_auth_fail: bool,
    /// What an account meets that asks for a network it does not own.
    pub denial: Denial,
    /// How a page asked too large is refused.
    pub too_large_said: TooLargeSaid,
    /// The server's clock against the real one, in seconds (`Date`, `resetAt`).
    pub clock_ahead_seconds: i64,
    /// The API answers at `gql2`, too.
    pub gql2: bool,
    /// Time before each answer.
    pub latency: Duration,
    /// How instants are written.
    pub time_style: TimeStyle,
    /// Life of an access token.
    pub token_lives: Duration,
    /// What answers leave out, as if it were not there.
    pub leaves_out: LeavesOut,
}

/// What answers leave out: a right that was lost, a token that is ignored, a fault of Meetup's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeavesOut {
    /// Nothing.
    #[default]
    Nothing,
    /// Events that are over, wherever they are asked for.
    PastEvents,
    /// All members of every group, while the counts of them stand.
    Members,
    /// Whoever leads a group.
    Leaders,
    /// RSVPs, and they count as zero.
    Rsvps,
    /// All that a stranger does not see: who is signed in, past events, members, RSVPs.
    AllButPublic,
}

impl LeavesOut {
    /// Every way to leave something out.
    pub const ALL: [Self; 5] = [
        Self::PastEvents,
        Self::Members,
        Self::Leaders,
        Self::Rsvps,
        Self::AllButPublic,
    ];

    pub(super) fn past_events(self) -> bool {
        matches!(self, Self::PastEvents | Self::AllButPublic)
    }

    pub(super) fn members(self) -> bool {
        matches!(self, Self::Members | Self::AllButPublic)
    }

    pub(super) fn rsvps(self) -> bool {
        matches!(self, Self::Rsvps | Self::AllButPublic)
    }
}

/// What follows the last row of a listing, under cursors that are fresh for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Endless {
    /// Nothing: a listing ends.
    #[default]
    Ends,
    /// Pages without rows.
    Empty,
    /// The same rows again.
    Repeats,
    /// In this connection the same rows under ids that nobody has.
    Invents(Connection),
}

/// What is listed in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// groupsSearch.
    Groups,
    /// eventsSearch.
    Events,
    /// A group's events.
    GroupEvents,
    /// A group's memberships.
    Memberships,
    /// An event's RSVPs.
    Rsvps,
}

impl Endless {
    /// Every way not to end.
    pub const ALL: [Self; 7] = [
        Self::Empty,
        Self::Repeats,
        Self::Invents(Connection::Groups),
        Self::Invents(Connection::Events),
        Self::Invents(Connection::GroupEvents),
        Self::Invents(Connection::Memberships),
        Self::Invents(Connection::Rsvps),
    ];
}

/// Most rows per page, by connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageCaps {
    /// groupsSearch.
    pub groups: usize,
    /// eventsSearch.
    pub events: usize,
    /// A group's events.
    pub group_events: usize,
    /// A group's memberships.
    pub memberships: usize,
    /// An event's RSVPs.
    pub rsvps: usize,
}

impl PageCaps {
    /// The same cap everywhere.
    pub fn all(rows: usize) -> Self {
        Self {
            groups: rows,
            events: rows,
            group_events: rows,
            memberships: rows,
            rsvps: rows,
        }
    }
}

/// How points are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points {
    /// One for each root field.
    PerRootField,
    /// One for each root field and one more for so many rows in the answer.
    PerNode {
        /// Rows that cost one point.
        rows_per_point: u32,
    },
}

/// What the Pro searches make of a `sort` that they are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchSort {
    /// Nothing: the order stays.
    Ignored,
    /// groupsSearch takes `name`, eventsSearch `createdTime`; anything else changes nothing.
    Followed,
    /// An error.
    Refused,
}

impl SearchSort {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Ignored, Self::Followed, Self::Refused];
}

/// What happens to a page asked too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// The largest `first` that works, in any connection.
    pub first_above: i64,
    /// The status of the answer (503 when the cache gives up on the API; 200 carries `errors`).
    pub status: u16,
}

/// What a request with a bad or expired token meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadToken {
    /// HTTP 401.
    Status401,
    /// HTTP 200 with an error of code `access_token_invalid`.
    TokenInvalid,
    /// HTTP 200 with an error of code `auth_fail`.
    AuthFail,
    /// HTTP 200 with the message `Unauthorized`.
    Unauthorized,
    /// No error, and less to see.
    SeesLess,
}

/// What is odd about the answers of the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenReply {
    /// Nothing.
    Usual,
    /// `expires_in` is text.
    LifeAsText,
    /// `expires_in` is a fraction.
    LifeAsFraction,
    /// `expires_in` is below zero.
    LifeNegative,
    /// There is no `expires_in`.
    NoLife,
    /// There is no `token_type`.
    NoType,
    /// `scope` is a list.
    ScopeAsList,
}

impl TokenReply {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::Usual,
        Self::LifeAsText,
        Self::LifeAsFraction,
        Self::LifeNegative,
        Self::NoLife,
        Self::NoType,
        Self::ScopeAsList,
    ];
}

/// How it is said that an account does not own a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// `proNetwork` is null, and nothing is said.
    Null,
    /// It is null, with an error of code `FORBIDDEN`.
    Forbidden,
    /// HTTP 400 with the words of an older API.
    AdminRequired,
}

/// In which form a page is refused for its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooLargeSaid {
    /// By the status of [`TooLarge`].
    Status,
    /// As a validation error.
    Validation,
    /// As an error beside a null.
    Hole,
    /// By HTTP 400 with words in JSON.
    BadRequest,
}

impl TooLargeSaid {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Status, Self::Validation, Self::Hole, Self::BadRequest];
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            updated_moves_with_guests: true,
            updated_moves_with_attendance: true,
            yes_count_includes_attended: true,
            cancelled_listed: true,
            drafts_listed: false,
            date_max_inclusive: true,
            old_id_answers: false,
            member_count_includes_pending: false,
            hidden_leave_holes: true,
            last_page_claims_another: false,
            pages_overlap: false,
            endless: Endless::Ends,
            page_caps: PageCaps::all(1_000),
            too_large: None,
            points: Points::PerRootField,
            points_limit: Some(500),
            points_window: Duration::from_secs(60),
            throttle_status: 200,
            consumed_points_as_text: false,
            reset_at_in_past: false,
            introspection_refused: false,
            null_without_match: false,
            search_sort: SearchSort::Ignored,
            bad_token: BadToken::Status401,
            token_reply: TokenReply::Usual,
            tokens_refused_as_auth_fail: false,
            denial: Denial::Null,
            too_large_said: TooLargeSaid::Status,
            clock_ahead_seconds: 0,
            gql2: false,
            latency: Duration::ZERO,
            time_style: TimeStyle::Seconds,
            token_lives: Duration::from_secs(3_600),
            leaves_out: LeavesOut::Nothing,
        }
    }
}

impl Switches {
    /// No points limit: for tests and measurements of anything else.
    pub fn unlimited() -> Self {
        Self {
            points_limit: None,
            ..Self::default()
        }
    }

    /// Every open question decided by chance, the same for the same seed. No points limit and no
    /// faults: answers stay right, only their manners differ.
    pub fn drawn(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut coin = || dice.chance(0.5);
        Self {
            updated_moves_with_guests: coin(),
            updated_moves_with_attendance: coin(),
            yes_count_includes_attended: coin(),
            cancelled_listed: coin(),
            drafts_listed: coin(),
            date_max_inclusive: coin(),
            old_id_answers: coin(),
            member_count_includes_pending: coin(),
            hidden_leave_holes: coin(),
            last_page_claims_another: coin(),
            pages_overlap: coin(),
            throttle_status: if coin() { 200 } else { 429 },
            consumed_points_as_text: coin(),
            reset_at_in_past: coin(),
            null_without_match: coin(),
            page_caps: PageCaps::all(*dice.pick(&[7, 20, 100, 1_000])),
            points: *dice.pick(&[
                Points::PerRootField,
                Points::PerNode {
                    rows_per_point: 100,
                },
            ]),
            bad_token: *dice.pick(&[
                BadToken::Status401,
                BadToken::TokenInvalid,
                BadToken::AuthFail,
                BadToken::Unauthorized,
            ]),
            time_style: *dice.pick(&[TimeStyle::Seconds, TimeStyle::Minutes, TimeStyle::Suffixed]),
            clock_ahead_seconds: *dice.pick(&[0, 0, 40, -40]),
            token_reply: *dice.pick(&TokenReply::ALL),
            denial: *dice.pick(&[Denial::Null, Denial::Forbidden, Denial::AdminRequired]),
            search_sort: *dice.pick(&SearchSort::ALL),
            endless: *dice.pick(&[
                Endless::Ends,
                Endless::Ends,
                Endless::Empty,
                Endless::Repeats,
            ]),
            too_large: *dice.pick(&[
                None,
                Some(TooLarge {
                    first_above: 60,
                    status: 200,
                }),
                Some(TooLarge {
                    first_above: 60,
                    status: 503,
                }),
            ]),
            too_large_said: *dice.pick(&TooLargeSaid::ALL),
            ..Self::unlimited()
        }
    }
}
