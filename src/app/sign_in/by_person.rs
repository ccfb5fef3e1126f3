//! A person agrees in the browser, and the tokens are kept here.
//!
//! Two ways lead back: the browser comes to the listener by itself, or the person pastes where it ended.
//! Both are open from the start, and whichever comes first counts.

use super::redirect_listener::{Page, RedirectListener, Visitor};
use crate::{
    app::opening,
    config::Config,
    meetup::{self, Code, Login},
};
use anyhow::Result;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use url::Url;

/// A sign-in that waits for its person.
pub(crate) struct ByPerson {
    login: Login,
    listener: Option<RedirectListener>,
}

/// What came while the answer was waited for, and was not it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Aside {
    /// The browser brought an answer to another sign-in.
    Foreign,
    /// An answer to another sign-in was pasted.
    ForeignPasted,
    /// What was pasted is no answer at all.
    NothingPasted,
}

impl ByPerson {
    /// Begins it, and opens the listener. An error of the listener ends it, unless it `may_be_deaf`:
    /// then that error is answered too.
    pub(crate) async fn begin(
        config: &Config,
        may_be_deaf: bool,
    ) -> Result<(Self, Option<anyhow::Error>)> {
        let asked = &config.meetup;
        let login = Login::begin(
            opening::settings(config)?,
            &asked.authorize_endpoint,
            &asked.redirect_uri,
        )?;
        let (listener, why_deaf) = match RedirectListener::open(&asked.redirect_uri).await {
            Ok(listener) => (listener, None),
            Err(error) if may_be_deaf => (None, Some(error)),
            Err(error) => return Err(error),
        };
        Ok((Self { login, listener }, why_deaf))
    }

    /// The page where the person agrees.
    pub(crate) fn address(&self) -> &Url {
        self.login.address()
    }

    /// Whether the browser can bring the answer by itself.
    pub(crate) fn is_listening(&self) -> bool {
        self.listener.is_some()
    }

    /// Waits for the code, by either way, and trades it for tokens. `lines` is what is pasted; `aside`
    /// is told what was left aside.
    pub(crate) async fn finish(
        self,
        mut lines: mpsc::Receiver<String>,
        patience: Duration,
        aside: impl Fn(Aside),
    ) -> Result<()> {
        let Self {
            login,
            mut listener,
        } = self;
        let visitors = listener.as_mut().map(|it| &mut it.visitors);
        let heard = hear(&login, visitors, &mut lines, aside);
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
}

type Heard = (Code, Option<oneshot::Sender<Page>>);

/// The first answer to come, from the browser or pasted.
async fn hear(
    login: &Login,
    mut visitors: Option<&mut mpsc::Receiver<Visitor>>,
    lines: &mut mpsc::Receiver<String>,
    aside: impl Fn(Aside),
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
                    aside(Aside::Foreign);
                    let _ = page.send(Page::Foreign);
                }
                meetup::Heard::Nothing => {
                    let _ = page.send(Page::Stray);
                }
            },
            line = lines.recv(), if is_input_open => match line.as_deref().map(|it| login.pasted(it)) {
                Some(meetup::Heard::Answer(Ok(code))) => return Ok((code, None)),
                Some(meetup::Heard::Answer(Err(error))) => return Err(error.into()),
                Some(meetup::Heard::Foreign) => aside(Aside::ForeignPasted),
                Some(meetup::Heard::Nothing) => aside(Aside::NothingPasted),
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
