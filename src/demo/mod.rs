//! A small community and a simulated Meetup that serves it over real HTTP on loopback.
//!
//! `gatherd demo`, the tests and the measurements all use the same one, so production code runs
//! unchanged against it. What is unknown about the real API is a switch ([`Switches`]); what goes
//! wrong with it is a fault.

mod clock;
mod dice;
mod life;
mod receiver;
mod server;
mod switches;
pub mod world;

pub use clock::TimeStyle;
pub use dice::Dice;
pub use life::{Happening, Life};
pub use receiver::{Received, Receiver, Reply};
pub use server::{
    Asked, Blemish, CLIENT_ID, CLIENT_SECRET, Consent, Counters, Drift, Fault, Hook, On, Rights,
    SEED_REFRESH_TOKEN, Simulated, Spoil, Swell, TRIAL_TOKEN,
};
pub use switches::{
    BadToken, Connection, Denial, Endless, LeavesOut, PageCaps, Points, SearchSort, Switches,
    TokenReply, TooLarge, TooLargeSaid,
};
pub use world::{Tally, World};
