//! The token file: one entry per account, written so that a kill leaves the old file or the new one.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::errors::AskError;
use super::remedies;
use super::waiting::{OTHER_RENEWAL, WaitingRoom};

/// What is kept of a sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    /// Hash of the refresh token in the configuration that this sign-in grew from.
    pub(crate) seed: Option<String>,
    /// The refresh token to use next.
    #[serde(serialize_with = "exposed")]
    pub(crate) refresh_token: Option<SecretString>,
    /// The access token in use.
    #[serde(serialize_with = "exposed")]
    pub(crate) access_token: Option<SecretString>,
    /// When to renew it.
    pub(crate) renew_at: DateTime<Utc>,
    /// When it was granted; unknown in files of earlier versions.
    #[serde(default)]
    pub(crate) granted_at: Option<DateTime<Utc>>,
    /// When it ends, by what Meetup said.
    #[serde(default)]
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

#[derive(Default, Serialize, Deserialize)]
struct Content {
    version: u32,
    accounts: BTreeMap<String, Stored>,
}

const VERSION: u32 = 1;
/// How often a taken lock is tried again.
const RETRY: Duration = Duration::from_millis(50);
/// Room for a sign-in, however long its tokens are.
const SPARE: u64 = 16 * 1024;

/// The file and its folder.
#[derive(Debug, Clone)]
pub(crate) struct TokenFile {
    folder: PathBuf,
    account: String,
}

/// Held while tokens are renewed; dropping it lets the next process in.
#[derive(Debug)]
pub(crate) struct Renewing {
    _lock: File,
}

/// Stands for a secret where only its identity matters.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl TokenFile {
    pub(crate) fn new(folder: &Path, account: String) -> Self {
        Self {
            folder: folder.to_owned(),
            account,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("tokens.json")
    }

    /// Waits until no other process is renewing.
    pub(crate) async fn lock(
        &self,
        patience: Duration,
        room: &WaitingRoom,
    ) -> Result<Renewing, AskError> {
        let path = self.folder.join("tokens.lock");
        private_folder(&self.folder).map_err(|error| trouble(&self.folder, &error))?;
        let file = private_file(&path, false).map_err(|error| trouble(&path, &error))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => {
                    self.adopt().map_err(|error| trouble(&path, &error))?;
                    return Ok(Renewing { _lock: file });
                }
                Err(fs::TryLockError::WouldBlock) if started.elapsed() < patience => {
                    let left = patience.saturating_sub(started.elapsed());
                    room.wait(OTHER_RENEWAL, RETRY.min(left), left).await?;
                }
                Err(fs::TryLockError::WouldBlock) => {
                    return Err(AskError::Unavailable {
                        operation: "token endpoint",
                        cause: "another process has been renewing the sign-in for too long".into(),
                    });
                }
                Err(fs::TryLockError::Error(error)) => return Err(trouble(&path, &error)),
            }
        }
    }

    /// Finishes what a kill interrupted: a draft that is whole holds a sign-in that Meetup granted.
    fn adopt(&self) -> io::Result<()> {
        let whole = fs::read(self.draft())
            .is_ok_and(|text| serde_json::from_slice::<Content>(&text).is_ok());
        if !whole {
            return Ok(());
        }
        File::open(self.draft())?.sync_all()?;
        self.publish()
    }

    /// Puts the draft in place of the file, on disk.
    fn publish(&self) -> io::Result<()> {
        fs::rename(self.draft(), self.path())?;
        File::open(&self.folder)?.sync_all()
    }

    /// What is kept of this account.
    pub(crate) fn read(&self) -> Result<Option<Stored>, AskError> {
        Ok(self.content()?.accounts.remove(&self.account))
    }

    fn content(&self) -> Result<Content, AskError> {
        let path = self.path();
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Content::default()),
            Err(error) => return Err(trouble(&path, &error)),
        };
        let content: Content =
            serde_json::from_slice(&text).map_err(|_| AskError::NeedsSignIn {
                cause: format!("the token file {} is damaged", path.display()),
                remedy: remedies::DAMAGED.to_owned(),
            })?;
        if content.version > VERSION {
            return Err(AskError::TokenFile(format!(
                "{} was written by a newer gatherd\nuse that one",
                path.display()
            )));
        }
        Ok(content)
    }

    /// Makes sure, before a refresh token is spent, that its successor will find room on the disk. Only
    /// while `Renewing` is held.
    pub(crate) fn make_room(&self, _held: &Renewing) -> Result<(), AskError> {
        let made = || -> io::Result<()> {
            let mut draft = private_file(&self.draft(), true)?;
            let most = fs::metadata(self.path()).map_or(0, |found| found.len()) + SPARE;
            draft.write_all(&vec![b' '; usize::try_from(most).unwrap_or_default()])?;
            draft.sync_all()
        };
        made().map_err(|error| {
            let _ = fs::remove_file(self.draft());
            trouble(&self.draft(), &error)
        })
    }

    /// Replaces what is kept of this account; on disk when it returns. Only while `Renewing` is held.
    pub(crate) fn write(&self, held: &Renewing, stored: &Stored) -> Result<(), AskError> {
        let mut content = self.content()?;
        content
            .accounts
            .insert(self.account.clone(), stored.clone());
        self.replace(held, content)
    }

    /// Forgets this account; what was kept of it, if anything. Only while `Renewing` is held.
    pub(crate) fn remove(&self, held: &Renewing) -> Result<Option<Stored>, AskError> {
        let mut content = self.content()?;
        let removed = content.accounts.remove(&self.account);
        if removed.is_some() {
            self.replace(held, content)?;
        }
        Ok(removed)
    }

    fn replace(&self, _held: &Renewing, mut content: Content) -> Result<(), AskError> {
        content.version = VERSION;
        let path = self.path();
        let replace = || -> io::Result<()> {
            let text = serde_json::to_vec_pretty(&content)?;
            // Over the blanks that kept its room, where it was made.
            let mut file = private_file(&self.draft(), false)?;
            file.write_all(&text)?;
            file.set_len(text.len() as u64)?;
            file.sync_all()?;
            self.publish()
        };
        replace().map_err(|error| trouble(&path, &error))
    }

    /// Where the next file is written. One name, since one process renews at a time: what a kill
    /// leaves there is adopted or taken away by the next one, and no sign-in lies about for ever.
    fn draft(&self) -> PathBuf {
        self.folder.join("tokens.new")
    }
}

fn trouble(path: &Path, error: &io::Error) -> AskError {
    let remedy = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room on the disk, then run it again"
        }
        _ => "the folder must be writable for gatherd (state_dir)",
    };
    AskError::TokenFile(format!("{}: {}\n{remedy}", path.display(), error.kind()))
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private_file(path: &Path, is_fresh: bool) -> io::Result<File> {
    if is_fresh {
        // Left by a process that was killed; it may have other permissions.
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create(!is_fresh)
        .create_new(is_fresh)
        .truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn exposed<S: Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    secret
        .as_ref()
        .map(ExposeSecret::expose_secret)
        .serialize(serializer)
}
