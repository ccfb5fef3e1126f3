//! (being built)

pub mod message;
