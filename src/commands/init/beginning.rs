//! What is known so far, and who is asked for the rest.

use super::asking::Asker;
use crate::{
    app::{
        Misused,
        init::{Draft, Place},
    },
    cli::{Global, Init},
    config::{self, Config, Problems},
};
use secrecy::SecretString;
use std::path::Path;

/// What is known so far.
pub(super) struct Beginning<'a> {
    pub(super) global: &'a Global,
    pub(super) args: &'a Init,
    pub(super) asker: Asker,
    pub(super) place: Place,
    pub(super) draft: Draft,
}

impl Beginning<'_> {
    /// What was answered so far, as it counts.
    pub(super) fn config(&self) -> Result<Config, Problems> {
        let overrides = self.global.overrides();
        self.draft.config(&self.place.file, &overrides, &|name| {
            std::env::var(name).ok()
        })
    }
}

/// The secret in a file that was named.
pub(super) fn secret_in(path: &Path) -> Result<SecretString, Misused> {
    config::read_secret(path).map_err(|cause| {
        Misused(format!(
            "{} {cause}\nwrite the secret alone into that file",
            path.display()
        ))
    })
}

/// Whether the environment has it.
pub(super) fn is_in_environment(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| !value.trim().is_empty())
}
