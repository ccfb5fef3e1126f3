//! Questions in the terminal: one at a time, in plain lines, each with a default. Secrets are typed unseen.

use crate::{meetup::Stop, sync::SyncError};
use anyhow::{Result, anyhow};
use secrecy::SecretString;
use std::io::{BufRead, IsTerminal, Write as _};
use std::sync::mpsc as blocking;
use std::time::Duration;
use tokio::sync::mpsc;

/// Whoever answers.
pub(super) struct Asker {
    is_there: bool,
    takes_defaults: bool,
    lines: Lines,
    stop: Stop,
}

/// What is typed, line by line. A line that was begun to be read and not waited for is the answer to the next
/// question: nobody can end a read of a terminal.
struct Lines {
    wanted: blocking::Sender<()>,
    typed: mpsc::Receiver<Option<String>>,
    is_reading: bool,
}

impl Lines {
    fn begin() -> Self {
        let (wanted, wants) = blocking::channel::<()>();
        let (told, typed) = mpsc::channel(1);
        std::thread::spawn(move || {
            while wants.recv().is_ok() {
                let mut line = String::new();
                let read = std::io::stdin().lock().read_line(&mut line);
                let line = read.is_ok_and(|bytes| bytes > 0).then_some(line);
                if told.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            wanted,
            typed,
            is_reading: false,
        }
    }

    /// None where the input has ended.
    async fn next(&mut self) -> Option<String> {
        if !self.is_reading && self.wanted.send(()).is_ok() {
            self.is_reading = true;
        }
        let line = self.typed.recv().await.flatten();
        self.is_reading = false;
        line
    }
}

impl Asker {
    /// Questions that are not put are answered by their defaults: all of them where there is no terminal, and
    /// where that is wished.
    pub(super) fn new(takes_defaults: bool, stop: Stop) -> Self {
        Self {
            is_there: std::io::stdin().is_terminal(),
            takes_defaults,
            lines: Lines::begin(),
            stop,
        }
    }

    /// Whether there is anybody to ask.
    pub(super) fn is_there(&self) -> bool {
        self.is_there
    }

    /// Whether a question that has a default is put.
    pub(super) fn asks(&self) -> bool {
        self.is_there && !self.takes_defaults
    }

    /// A line, without blanks around it; the default where nothing is typed.
    pub(super) async fn line(&mut self, question: &str, default: &str) -> Result<String> {
        if !self.asks() && !default.is_empty() {
            return Ok(default.to_owned());
        }
        let default_told = match default {
            "" => String::new(),
            it => format!(" [{it}]"),
        };
        eprint!("{question}{default_told}: ");
        let typed = self.typed().await?;
        Ok(match typed.trim() {
            "" => default.to_owned(),
            typed => typed.to_owned(),
        })
    }

    /// A line that must be one of what `read` takes; asked again until it is.
    pub(super) async fn read<T>(
        &mut self,
        question: &str,
        default: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T> {
        loop {
            let line = self.line(question, default).await?;
            match read(&line) {
                Ok(answer) => return Ok(answer),
                Err(why) if self.is_there => eprintln!("  {why}"),
                Err(why) => return Err(anyhow!(why)),
            }
        }
    }

    /// Yes or no.
    pub(super) async fn agrees(&mut self, question: &str, default: bool) -> Result<bool> {
        if !self.asks() {
            return Ok(default);
        }
        let choice = if default { "[Y/n]" } else { "[y/N]" };
        loop {
            eprint!("{question} {choice} ");
            match self.typed().await?.trim().chars().next() {
                None => return Ok(default),
                Some('y' | 'Y') => return Ok(true),
                Some('n' | 'N') => return Ok(false),
                Some(_) => eprintln!("  write y or n"),
            }
        }
    }

    /// A secret, which nobody sees being typed; none where nothing is.
    pub(super) async fn hidden(&mut self, question: &str) -> Result<Option<SecretString>> {
        let unseen = Unseen::begin()?;
        eprint!("{question} (not shown): ");
        let typed = self.typed().await;
        drop(unseen);
        // The line end was not shown either.
        eprintln!();
        let typed = typed?;
        let typed = typed.trim();
        Ok((!typed.is_empty()).then(|| SecretString::from(typed.to_owned())))
    }

    async fn typed(&mut self) -> Result<String> {
        let _ = std::io::stderr().flush();
        tokio::select! {
            line = self.lines.next() => line.ok_or_else(|| {
                anyhow!("the input ended before all was asked; no configuration was written\nrun `gatherd init` again, on a terminal or with every answer as an option")
            }),
            () = self.stop.is_late(Duration::ZERO) => Err(SyncError::Stopped.into()),
        }
    }

    /// What is typed while something else is waited for, line by line, until that is there.
    pub(super) async fn while_typing<T>(
        &mut self,
        work: impl AsyncFnOnce(mpsc::Receiver<String>) -> Result<T>,
    ) -> Result<T> {
        let (told, heard) = mpsc::channel(1);
        let is_there = self.is_there;
        let lines = &mut self.lines;
        let feed = async move {
            while is_there && let Some(line) = lines.next().await {
                if told.send(line).await.is_err() {
                    break;
                }
            }
            drop(told);
            std::future::pending::<T>().await
        };
        tokio::select! {
            done = work(heard) => done,
            never = feed => Ok(never),
            () = self.stop.is_late(Duration::ZERO) => Err(SyncError::Stopped.into()),
        }
    }
}

/// While it lives, what is typed is not shown.
#[cfg(unix)]
struct Unseen(rustix::termios::Termios);

#[cfg(unix)]
impl Unseen {
    fn begin() -> Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let input = std::io::stdin();
        let seen = tcgetattr(&input)?;
        let mut unseen = seen.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&input, OptionalActions::Now, &unseen)?;
        Ok(Self(seen))
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // A terminal that is gone shows nothing.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}

#[cfg(not(unix))]
struct Unseen;

#[cfg(not(unix))]
impl Unseen {
    fn begin() -> Result<Self> {
        Err(anyhow!(
            "a secret cannot be typed unseen here\ngive it by file: see `gatherd init --help`"
        ))
    }
}
