//! The outside world in: asks Meetup's GraphQL API and answers in the nouns of [`crate::community`].
//!
//! One question goes through `ask` whatever it is about; each entity has its file with
//! the questions and the one place that turns Meetup's shape into ours. The types that graphql_client
//! makes of `graphql/` never leave this room.

use std::sync::Arc;

use tokio::sync::Semaphore;

mod aliases;
mod answers;
mod ask;
mod auth;
mod bare;
mod bulk;
mod decoding;
mod drift;
mod elsewhere;
mod errors;
mod events;
mod groups;
mod jwt;
mod kept;
mod lifetime;
mod login;
mod memberships;
mod mend;
mod nulls;
mod oauth;
mod operations;
mod pace;
mod probe;
mod question;
mod reading;
mod remedies;
mod renewal;
mod rsvps;
mod scalars;
mod seen;
mod settings;
mod statuses;
mod tally;
mod text;
mod token_reply;
mod tokens;
mod transport;
mod waiting;
mod walk;

pub use aliases::ARITY;
pub use answers::{Answer, EventRsvps, NetworkGroups, Page, People, RsvpOrder, Span};
pub use bare::{BareRsvp, BareRsvps};
pub use drift::{Finding, SchemaSeen, Weight, used_fields};
pub use elsewhere::Elsewhere;
pub use errors::{AskError, LedgerError, Unreadable, Verdict};
pub use events::{EVENTS_PER_PAGE, RIDING_RSVPS};
pub use kept::{Kept, TokenStore};
pub use login::{Code, Heard, Login};
pub use pace::{AnsweredFn, Ledger, Listing, RefusedFn, Reserve, ReserveFn};
pub use probe::{EventsAsk, PROBED_ROWS, Probed, ProbedEvent, ProbedRsvps};
pub use seen::{NetworkOfMine, NetworkSeen};
pub use settings::{Settings, Waits};

pub use crate::config::SignIn;
pub use tally::{Asked, CameOf, Counters};
pub use waiting::{Stop, Waiting};
pub use walk::{Walk, check_end};

/// Meetup, ready to be asked. Cheap to clone; clones share budget, sign-in and page sizes.
#[derive(Clone)]
pub struct Meetup {
    settings: Arc<Settings>,
    ledger: Arc<Ledger>,
    transport: Arc<transport::Transport>,
    auth: Arc<auth::Auth>,
    permits: Arc<Semaphore>,
    sizes: Arc<pace::PageSizes>,
    tally: Arc<tally::Tally>,
    room: Arc<waiting::WaitingRoom>,
    cuts: Arc<drift::Cuts>,
    nulls: Arc<nulls::Nulls>,
}

impl Meetup {
    /// Checks the settings; asks nothing yet.
    ///
    /// # Errors
    ///
    /// If the settings cannot work.
    pub fn new(settings: Settings, ledger: Arc<Ledger>) -> Result<Self, AskError> {
        transport::check_scheme("meetup.endpoint", &settings.endpoint)?;
        transport::check_scheme("meetup.token_endpoint", &settings.token_endpoint)?;
        let settings = Arc::new(settings);
        let transport = Arc::new(transport::Transport::new(&settings)?);
        let room = Arc::<waiting::WaitingRoom>::default();
        Ok(Self {
            auth: Arc::new(auth::Auth::new(&settings, &transport, &room)?),
            room,
            transport,
            permits: Arc::new(Semaphore::new(settings.max_concurrency.max(1))),
            sizes: Arc::default(),
            tally: Arc::default(),
            cuts: Arc::default(),
            nulls: Arc::default(),
            ledger,
            settings,
        })
    }

    /// The switch that ends every wait, of all clones together.
    pub fn stop_switch(&self) -> Stop {
        self.room.stop().clone()
    }

    /// Whether a token is being renewed, which a signal waits for.
    pub fn is_renewing(&self) -> bool {
        self.auth.is_renewing()
    }

    /// What is being waited for, where it takes more than a moment.
    pub fn waiting(&self) -> Option<Waiting> {
        self.room.waiting()
    }

    /// How far Meetup's clock is ahead of ours, once it has answered.
    pub fn clock_ahead(&self) -> Option<chrono::TimeDelta> {
        self.transport.ahead()
    }

    /// Relies from now on on what is known of the most rows that a page of these listings gives: no
    /// page is asked larger. Where that is wrong, there are more pages and nothing else.
    pub fn know_page_rows(&self, of: &[(Listing, u32)]) {
        for (listing, rows) in of {
            self.sizes.know(listing.operations(), *rows);
        }
    }

    /// Fields, as `Event.venues`, for which Meetup answered an error instead of a value since the pass began.
    pub fn nulls(&self) -> Arc<std::collections::BTreeSet<String>> {
        self.nulls.now()
    }

    /// A pass begins: which fields are answered by errors is found out anew.
    pub fn begin_pass(&self) {
        self.nulls.begin();
    }

    /// What was asked so far, by all clones together.
    pub fn counters(&self) -> Counters {
        self.tally.read()
    }

    /// The same by operation and outcome, and how long was waited.
    pub fn asked(&self) -> Asked {
        Asked {
            requests: self.tally.outcomes(),
            points: self.tally.read().points,
            waited: self.room.waited(),
        }
    }
}

impl std::fmt::Debug for Meetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meetup")
            .field("endpoint", &self.settings.endpoint.as_str())
            .finish_non_exhaustive()
    }
}
