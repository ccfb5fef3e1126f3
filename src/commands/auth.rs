//! `gatherd auth`: how a person signs in, and how the sign-in stands.

mod browser;
mod login;
mod logout;
mod paste;
mod seen;
mod status;

pub(super) use login::{invite, told};

use super::Exit;
use crate::cli::{AuthCommand, Global};
use anyhow::Result;

pub(super) async fn run(global: &Global, command: &AuthCommand) -> Result<Exit> {
    match command {
        AuthCommand::Login(args) => login::run(global, args).await,
        AuthCommand::Status { json } => status::run(global, *json).await,
        AuthCommand::Logout => logout::run(global).await,
    }
}

/// Opens an address in the browser of the desktop, where there is one.
pub(super) fn open(address: &str) {
    if let Ok(address) = address.parse() {
        browser::open(&address);
    }
}
