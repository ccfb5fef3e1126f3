//! How Meetup is asked: against a small server that says exactly what a test tells it to.

mod answers;
mod assertions;
pub mod fake;
mod granting;
mod patience;
mod signing_in;
mod simulated;
mod strict;
