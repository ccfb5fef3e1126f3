//! `gatherd auth logout`: forgets the tokens that are kept on this machine.

use crate::{
    app::sign_in::{Forgotten, forget},
    cli::Global,
    commands::{Exit, config, print},
    config::{Need, SignIn},
};
use anyhow::Result;

pub(super) async fn run(global: &Global) -> Result<Exit> {
    let config = config(global, Need::SignIn)?;
    let Forgotten { was_kept, kept_in } = forget(&config).await?;
    let path = kept_in.display();
    let done = if was_kept {
        format!(
            "Signed out: the tokens in {path} are removed.\nA daemon that runs keeps its access token until that ends, within the hour.\n"
        )
    } else {
        format!("No tokens are kept in {path}.\n")
    };
    let remains = match config.meetup.sign_in {
        Some(SignIn::AccessToken(_)) => {
            "access_token stays configured, and is used until Meetup refuses it.\n"
        }
        Some(SignIn::Jwt { .. }) => {
            "[meetup.jwt] stays configured, so the next command signs in by itself.\n"
        }
        Some(SignIn::Refresh {
            refresh_token: Some(_),
            ..
        }) => {
            "client_id, client_secret and a refresh_token stay configured; the refresh_token is tried first.\n"
        }
        _ => "client_id and client_secret stay configured; `gatherd auth login` signs in again.\n",
    };
    print(&format!("{done}{remains}"))?;
    Ok(Exit::Done)
}
