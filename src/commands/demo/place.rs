//! Where a demo leaves what it made: its database, and the configuration that reads it.

use crate::{
    app::opening,
    config::{Config, Need, Overrides, SignIn},
    demo::{Receiver, Simulated, TRIAL_TOKEN, world::DEMO_NETWORK},
    mirror::{PassLock, Stamp},
};
use anyhow::{Context, Result, bail};
use chrono::Utc;
use secrecy::ExposeSecret;
use serde_json::json;
use std::{
    fmt::Write as _,
    io::Write as _,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

/// The channel that the demo's messages go to.
pub(super) const CHANNEL: &str = "monday";
/// What signs them. It is no secret: what is signed was made up.
const SECRET: &str = "whsec_bGFudGVybmZpc2gtYW5kLWxhbnRlcm5maXNo";
/// How often the daemon looks.
const POLL: &str = "*/10 * * * * *";

/// Both lie in one directory, and stay when the demo ends.
pub(super) struct Place {
    pub(super) database: PathBuf,
    /// A directory of its own, made for this demo.
    pub(super) made: Option<PathBuf>,
}

/// What the configuration names that is there only while the demo runs.
pub(super) struct Served<'a> {
    pub(super) meetup: &'a Simulated,
    pub(super) receiver: &'a Receiver,
    pub(super) staff: &'a [String],
    pub(super) outside: &'a [String],
    /// Where the pages are; none: no port is free for them.
    pub(super) pages: Option<SocketAddr>,
}

/// Listens for the pages, on the first free port from their usual one on.
pub(super) fn door() -> Option<TcpListener> {
    let address = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    (USUAL..USUAL + 100).find_map(|port| TcpListener::bind(address(port)).ok())
}

/// The usual port of the pages.
const USUAL: u16 = 8787;

impl Place {
    pub(super) fn choose(database: Option<PathBuf>) -> Result<Self> {
        if let Some(database) = database {
            return Ok(Self {
                database,
                made: None,
            });
        }
        let dir = tempfile::Builder::new()
            .prefix("gatherd-demo-")
            .tempdir()
            .context("the demo needs a directory of its own")?
            .keep();
        Ok(Self {
            database: dir.join("demo.db"),
            made: Some(dir),
        })
    }

    /// Takes the lock, and the database of an earlier demo out of the way: each demo is a community of
    /// its own. Anything but a demo's database is refused.
    pub(super) async fn clear(&self, stamp: &Stamp) -> Result<PassLock> {
        if !self.database.exists() {
            return opening::lock_of(&self.database, false).await;
        }
        drop(opening::open(self.database.clone(), stamp.clone(), Utc::now()).await?);
        let lock = opening::lock_of(&self.database, false).await?;
        for end in ["", "-wal", "-shm"] {
            let mut path = self.database.clone().into_os_string();
            path.push(end);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| {
                        format!(
                            "the earlier demo's {} cannot be removed",
                            Path::new(&path).display()
                        )
                    });
                }
                _ => {}
            }
        }
        Ok(lock)
    }

    /// Writes the configuration that a user of the simulated network would write, and reads it as every
    /// other command does. A file of somebody else's is left alone: then it is named after the database.
    pub(super) fn configure(&self, served: &Served<'_>) -> Result<(Config, PathBuf)> {
        let beside = self.directory();
        let mut path = beside.join("gatherd.toml");
        if path.exists() && !self.is_ours(&path) {
            let mut named = self.database.clone().into_os_string();
            named.push(".toml");
            path = PathBuf::from(named);
            if path.exists() && !self.is_ours(&path) {
                bail!(
                    "{} is no demo's configuration\nmove it away, or name another --database",
                    path.display()
                );
            }
        }
        // For nobody else's eyes, as whatever has a token in it.
        let kept = tempfile::NamedTempFile::new_in(&beside).and_then(|mut file| {
            file.write_all(self.written(served).as_bytes())?;
            file.persist(&path).map_err(|error| error.error)
        });
        kept.with_context(|| format!("{} cannot be written", path.display()))?;
        Ok((load(&path, Need::Meetup)?, path))
    }

    fn directory(&self) -> PathBuf {
        match self.database.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        }
    }

    /// Whether an earlier demo wrote it, about this database.
    fn is_ours(&self, path: &Path) -> bool {
        let Ok(config) = load(path, Need::Meetup) else {
            return false;
        };
        let is_trial = matches!(&config.meetup.sign_in,
            Some(SignIn::AccessToken(token)) if token.expose_secret() == TRIAL_TOKEN);
        let same = |path: &Path| std::path::absolute(path).ok();
        is_trial && same(&config.database) == same(&self.database)
    }

    fn written(&self, served: &Served<'_>) -> String {
        // JSON writes a text as TOML reads it.
        let quoted = |text: &str| json!(text).to_string();
        let name = self.database.file_name().unwrap_or_default();
        let mut text = format!(
            "# Left by `gatherd demo`: what was mirrored of a simulated network. The network itself is served only\n\
             # while the demo runs.\n\
             database = {}\n\n\
             [meetup]\nendpoint = {}\ntoken_endpoint = {}\naccess_token = {}\npoints_per_minute = 1000000\n\n\
             [[network]]\nurlname = {}\n",
            quoted(&name.to_string_lossy()),
            quoted(&served.meetup.endpoint()),
            quoted(&served.meetup.token_endpoint()),
            quoted(TRIAL_TOKEN),
            quoted(DEMO_NETWORK),
        );
        for group in served.outside {
            let _ = write!(text, "\n[[group]]\nurlname = {}\n", quoted(group));
        }
        let _ = write!(
            text,
            "\n[staff]\nmember_ids = {}\n\n[schedule]\npoll = {}\n\n\
             [[channel]]\nname = {}\nkind = \"webhook\"\nurl = {}\nsecret = {}\n\
             sends = [\"digest\", \"alerts\", \"operator\"]\n\n[http]\nlisten = {}\n",
            json!(served.staff),
            quoted(POLL),
            quoted(CHANNEL),
            quoted(&served.receiver.url("/monday")),
            quoted(SECRET),
            quoted(
                &served
                    .pages
                    .map_or_else(|| "off".to_owned(), |it| it.to_string())
            ),
        );
        text
    }
}

/// Reads it as it stands there: the environment is about another network.
fn load(path: &Path, need: Need) -> Result<Config> {
    let overrides = Overrides {
        config: Some(path.to_owned()),
        database: None,
    };
    Ok(Config::load(&overrides, &|_| None, need)?)
}
