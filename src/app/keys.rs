//! What proves that something was made here: the forms of a page, who signed in, links in messages.
//!
//! One key, made at the first start and kept beside the sign-in, signs everything: who signed in (a cookie), the forms
//! of a page, and links in messages. A signature covers what it is for, so that none stands for another, and the token
//! of whoever it is for, so that a new token ends all that was signed for the old one. A form's word is new on every
//! page, so that its compressed length tells nothing.

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use rand::RngCore as _;
use sha2::Sha256;
use std::{fs, io::Write as _, path::Path};

/// The key's file within the state directory.
const FILE: &str = "pages.key";
/// Bytes of the key.
const LENGTH: usize = 32;
/// Bytes of what makes a form's word new.
const NONCE: usize = 12;

/// The key.
pub(crate) struct Keys([u8; LENGTH]);

/// What a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Somebody signed in.
    Session,
    /// A form of a page.
    Form,
    /// One act, by a link in a message.
    Act,
    /// Taking back what such an act kept.
    TakeBack,
    /// A group's badge.
    Badge,
    /// A viewer's calendar.
    Calendar,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Form => "form",
            Self::Act => "act",
            Self::TakeBack => "take-back",
            Self::Badge => "badge",
            Self::Calendar => "calendar",
        }
    }
}

impl Keys {
    /// Reads the key of a state directory, or makes one.
    pub(crate) fn open(dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => {
                let key: Option<[u8; LENGTH]> = bytes.try_into().ok();
                let key = key.with_context(|| {
                    format!(
                        "{} is no key of the pages\nremove it: a new one is made, and everybody signs in again",
                        path.display()
                    )
                })?;
                Ok(Self(key))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::make(dir, &path),
            Err(error) => Err(error).with_context(|| {
                format!(
                    "the key of the pages, {}, cannot be read\nlet this account read it",
                    path.display()
                )
            }),
        }
    }

    fn make(dir: &Path, path: &Path) -> Result<Self> {
        let mut key = [0; LENGTH];
        rand::rng().fill_bytes(&mut key);
        let failed = || {
            format!(
                "the key of the pages cannot be kept in {}\nlet this account write there, or set meetup.state_dir",
                dir.display()
            )
        };
        let made = (|| {
            private_folder(dir)?;
            let mut file = tempfile::NamedTempFile::new_in(dir)?;
            file.write_all(&key)?;
            file.as_file().sync_all()?;
            // Where two start at once, the first one's stays.
            match file.persist_noclobber(path) {
                Ok(_) => Ok(()),
                Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(error.error),
            }
        })();
        made.with_context(failed)?;
        let kept = fs::read(path).with_context(failed)?;
        ensure!(kept.len() == LENGTH, "{}", failed());
        key.copy_from_slice(&kept);
        Ok(Self(key))
    }

    fn mac(&self, purpose: Purpose, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.0)
            .unwrap_or_else(|_| unreachable!("a key of any length will do"));
        for part in [purpose.word()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }

    /// Signs some words.
    pub(crate) fn sign(&self, purpose: Purpose, parts: &[&str]) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(purpose, parts).finalize().into_bytes())
    }

    /// Whether these words were signed so; how long that takes tells nothing.
    pub(crate) fn is_signed(&self, purpose: Purpose, parts: &[&str], signature: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        self.mac(purpose, parts).verify_slice(&bytes).is_ok()
    }

    /// A form's word for whoever looks, by what their forms are signed for.
    pub(crate) fn form_word(&self, mark: &str) -> String {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        let signed = self.sign(Purpose::Form, &[&nonce, mark]);
        format!("{nonce}.{signed}")
    }

    /// Whether a form's word is one of theirs.
    pub(crate) fn is_form_word(&self, mark: &str, word: &str) -> bool {
        word.split_once('.')
            .is_some_and(|(nonce, signed)| self.is_signed(Purpose::Form, &[nonce, mark], signed))
    }
}

#[cfg(unix)]
fn private_folder(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
}

#[cfg(not(unix))]
fn private_folder(dir: &Path) -> std::io::Result<()> {
    fs::create_dir_all(dir)
}
