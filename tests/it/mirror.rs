//! The mirror on real files.

#![allow(clippy::unwrap_used)]
// The lint asks for `Writing::method`, whose lifetime is one and not any.
#![allow(clippy::redundant_closure_for_method_calls)]

mod budget;
mod bulk;
mod files;
mod history;
mod journal;
mod kill;
mod logs;
mod order;
mod outbox;
mod recording;
mod roles;
mod samples;
mod together;
mod told;
mod touched;
mod views;
mod walks;
