//! A beginning: what is asked becomes a configuration, of which a first look is had before it is written.

mod draft;
mod files;
mod installing;
mod look;
mod people;
mod rest;

pub(crate) use draft::{Answer, Chat, Draft, SignIn};
pub(crate) use files::Place;
pub(crate) use installing::{
    CONFIGURATION, account, examine, is_in_place, is_ours_to_do, left_behind, run, steps, taken,
};
pub(crate) use look::{networks, seen};
pub(crate) use people::{Proposed, proposed};
pub(crate) use rest::Rest;
