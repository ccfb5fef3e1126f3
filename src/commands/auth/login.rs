//! `gatherd auth login`: a person agrees in the browser, and the tokens are kept here.

use super::{browser, paste, seen};
use crate::{
    app::sign_in::{Aside, ByPerson},
    cli::{self, Global},
    commands::{Exit, config, print},
    config::Need,
};
use anyhow::Result;
use chrono::{TimeDelta, Utc};
use std::time::Duration;

pub(super) async fn run(global: &Global, args: &cli::Login) -> Result<Exit> {
    let config = config(global, Need::SignIn)?;
    let (signing_in, why_deaf) = ByPerson::begin(&config, args.no_browser).await?;
    if let Some(error) = why_deaf {
        let text = error.to_string();
        let cause = text.lines().next().unwrap_or_default();
        eprintln!("{cause}; only what is pasted here can be heard");
    }
    invite(&signing_in, args);
    let patience = Duration::from_secs(args.timeout);
    signing_in.finish(paste::lines(), patience, told).await?;
    print("Signed in; the tokens are kept from here on, and renewed as needed.\n")?;
    seen::tell(&config).await
}

/// Said once for each: a person who opened an old page must know why nothing happens.
pub(in crate::commands) fn told(aside: Aside) {
    const FOREIGN: &str =
        "an answer to another sign-in came (its state is wrong or missing) and was left aside";
    match aside {
        Aside::Foreign => eprintln!("{FOREIGN}; still waiting"),
        Aside::ForeignPasted => eprintln!("{FOREIGN}; paste that of the page above:"),
        Aside::NothingPasted => {
            eprintln!("that is neither the address nor its code; paste it again:");
        }
    }
}

/// Says what is to be done, and opens the page where that can be.
pub(in crate::commands) fn invite(signing_in: &ByPerson, args: &cli::Login) {
    let is_opened = !args.no_browser && browser::open(signing_in.address());
    let open = if is_opened {
        "Your browser should show Meetup's page now. If it does not, open this address:"
    } else {
        "Open this address in a browser, signed in to Meetup as the network's owner:"
    };
    let until = Utc::now() + TimeDelta::seconds(i64::try_from(args.timeout).unwrap_or(i64::MAX));
    let paste = if signing_in.is_listening() {
        "Agree there. If the browser then ends at a page that cannot be shown, as it will when it runs\non another machine, paste that page's whole address here:"
    } else {
        "Agree there, and paste the whole address at which the browser ends here, or its code alone:"
    };
    eprintln!(
        "{open}\n\n  {}\n\n{paste}\n(waiting for the answer until {}, {} s from now)",
        signing_in.address(),
        until.format("%H:%M:%S UTC"),
        args.timeout
    );
}
