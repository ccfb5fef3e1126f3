//! `gatherd auth login`: a person agrees in the browser, and the tokens are kept here.
//!
//! Two ways lead back: the browser comes to the listener by itself, or the person pastes where it ended.
//! Both are open from the start, and whichever comes first counts.

use super::{
    browser, paste,
    redirect_listener::{Page, RedirectListener, Visitor},
    sight,
};
use crate::{
    app::opening,
    cli::{self, Global},
    commands::{Exit, config, print},
    config::Need,
    meetup::{self, Code, Login},
};
use anyhow::Result;
use chrono::{TimeDelta, Utc};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

pub(super) async fn run(global: &Global, args: &cli::Login) -> Result<Exit> {
    let config = config(global, Need::SignIn)?;
    let asked = &config.meetup;
    let login = Login::begin(
        opening::settings(&config)?,
        &asked.authorize_endpoint,
        &asked.redirect_uri,
    )?;
    let listener = match RedirectListener::open(&asked.redirect_uri).await {
        Err(error) if args.no_browser => {
            let text = error.to_string();
            let cause = text.lines().next().unwrap_or_default();
            eprintln!("{cause}; only what is pasted here can be heard");
            None
        }
        other => other?,
    };
    invite(&login, args, listener.is_some());
    let patience = Duration::from_secs(args.timeout);
    let signed_in = sign_in(&login, listener, patience).await;
    signed_in?;
    print("Signed in; the tokens are kept from here on, and renewed as needed.\n")?;
    sight::tell(&config).await
}

/// Says what is to be done, and opens the page where that can be.
fn invite(login: &Login, args: &cli::Login, is_listening: bool) {
    let is_opened = !args.no_browser && browser::open(login.address());
    let open = if is_opened {
        "Your browser should show Meetup's page now. If it does not, open this address:"
    } else {
        "Open this address in a browser, signed in to Meetup as the network's owner:"
    };
    let until = Utc::now() + TimeDelta::seconds(i64::try_from(args.timeout).unwrap_or(i64::MAX));
    let paste = if is_listening {
        "Agree there. If the browser then ends at a page that cannot be shown, as it will when it runs\non another machine, paste that page's whole address here:"
    } else {
        "Agree there, and paste the whole address at which the browser ends here, or its code alone:"
    };
    eprintln!(
        "{open}\n\n  {}\n\n{paste}\n(waiting for the answer until {}, {} s from now)",
        login.address(),
        until.format("%H:%M:%S UTC"),
        args.timeout
    );
}

/// Waits for the code, by either way, and trades it for tokens.
async fn sign_in(
    login: &Login,
    listener: Option<RedirectListener>,
    patience: Duration,
) -> Result<()> {
    let mut listener = listener;
    let mut lines = paste::lines();
    let heard = hear(
        login,
        listener.as_mut().map(|it| &mut it.visitors),
        &mut lines,
    );
    let ended = match tokio::time::timeout(patience, heard).await {
        Err(_) => Err(login.nobody_came().into()),
        Ok(Err(error)) => Err(error),
        Ok(Ok((code, page))) => {
            let finished = login.finish(&code).await;
            if let Some(page) = page {
                let shown = if finished.is_ok() {
                    Page::Welcome
                } else {
                    Page::Refused
                };
                // A browser that went away needs no page.
                let _ = page.send(shown);
            }
            finished.map_err(Into::into)
        }
    };
    if let Some(listener) = listener {
        listener.close().await;
    }
    ended
}

/// Said once for each: a person who opened an old page must know why nothing happens.
const FOREIGN: &str =
    "an answer to another sign-in came (its state is wrong or missing) and was left aside";

type Heard = (Code, Option<oneshot::Sender<Page>>);

/// The first answer to come, from the browser or pasted.
async fn hear(
    login: &Login,
    mut visitors: Option<&mut mpsc::Receiver<Visitor>>,
    lines: &mut mpsc::Receiver<String>,
) -> Result<Heard> {
    let mut is_input_open = true;
    loop {
        let next_visitor = async {
            match &mut visitors {
                Some(visitors) => visitors.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(Visitor { query, page }) = next_visitor => match login.answered(&query) {
                meetup::Heard::Answer(Ok(code)) => return Ok((code, Some(page))),
                meetup::Heard::Answer(Err(error)) => {
                    let _ = page.send(Page::Refused);
                    return Err(error.into());
                }
                meetup::Heard::Foreign => {
                    eprintln!("{FOREIGN}; still waiting");
                    let _ = page.send(Page::Foreign);
                }
                meetup::Heard::Nothing => {
                    let _ = page.send(Page::Stray);
                }
            },
            line = lines.recv(), if is_input_open => match line.as_deref().map(|it| login.pasted(it)) {
                Some(meetup::Heard::Answer(Ok(code))) => return Ok((code, None)),
                Some(meetup::Heard::Answer(Err(error))) => return Err(error.into()),
                Some(meetup::Heard::Foreign) => eprintln!("{FOREIGN}; paste that of the page above:"),
                Some(meetup::Heard::Nothing) => eprintln!("that is neither the address nor its code; paste it again:"),
                None => is_input_open = false,
            },
            else => return Err(unheard()),
        }
        if visitors.is_none() && !is_input_open {
            return Err(unheard());
        }
    }
}

/// There is no listener, and the input has ended.
fn unheard() -> anyhow::Error {
    anyhow::anyhow!(
        "nothing was pasted, and there is no other way to hear the answer\nrun `gatherd auth login` on a terminal, or with a redirect_uri on loopback such as http://localhost:1410/"
    )
}
