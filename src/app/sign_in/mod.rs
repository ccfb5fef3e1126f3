//! The sign-in: how a person makes one, how it stands, and how it is forgotten.

mod by_person;
mod redirect_listener;
mod sight;
mod standing;

pub(crate) use by_person::{Aside, ByPerson};
pub(crate) use sight::Sight;
pub(crate) use standing::{Forgotten, Standing, forget, is_kept};
