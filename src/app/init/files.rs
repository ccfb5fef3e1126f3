//! Where the configuration and its secrets are written: nothing that lies there is touched, and nothing
//! is ever seen half-written.

use super::draft::Draft;
use anyhow::{Context, Result};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// Something lies where a file is to be written.
#[derive(Debug, thiserror::Error)]
#[error("{path} is there already, and is not overwritten\n{remedy}", path = path.display())]
pub(crate) struct Taken {
    path: PathBuf,
    remedy: &'static str,
}

/// The file of the configuration, and the folder of its secrets.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The configuration.
    pub file: PathBuf,
}

impl Place {
    /// Of a configuration that is not there yet.
    pub(crate) fn of(file: PathBuf) -> Result<Self> {
        if file.symlink_metadata().is_ok() {
            return Err(Taken {
                path: file,
                remedy: "look at it with `gatherd config`, or name another file with --config",
            }
            .into());
        }
        Ok(Self { file })
    }

    fn folder(&self) -> &Path {
        match self.file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    /// A file of the same folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.file.with_file_name(name)
    }

    /// An error where other secrets lie in the files that these would be kept in.
    pub(crate) fn check(&self, draft: &Draft) -> Result<()> {
        for it in draft.kept() {
            self.is_kept(&it.file, it.secret)?;
        }
        Ok(())
    }

    /// Whether that very secret lies in its file already, as after a beginning that was cut short.
    fn is_kept(&self, name: &str, secret: &SecretString) -> Result<bool> {
        let path = self.beside(name);
        match fs::read_to_string(&path) {
            Ok(kept) if kept.trim() == secret.expose_secret() => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            _ => Err(Taken {
                path,
                remedy: "it holds another secret: move it away, or name another folder with --config",
            }
            .into()),
        }
    }

    /// Writes the secrets, then the configuration; the paths of all of it.
    pub(crate) fn write(&self, draft: &Draft) -> Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        for it in draft.kept() {
            let path = self.beside(&it.file);
            if !self.is_kept(&it.file, it.secret)? {
                self.put(&path, &format!("{}\n", it.secret.expose_secret()))?;
            }
            written.push(path);
        }
        self.put(&self.file, &draft.toml())?;
        written.insert(0, self.file.clone());
        Ok(written)
    }

    /// A file of its own is written whole, for this account's eyes alone, and only then gets its name.
    fn put(&self, path: &Path, text: &str) -> Result<()> {
        let unwritten = || format!("{} cannot be written", path.display());
        let folder = self.folder();
        fs::create_dir_all(folder).with_context(unwritten)?;
        let mut file = NamedTempFile::new_in(folder).with_context(unwritten)?;
        file.write_all(text.as_bytes()).with_context(unwritten)?;
        file.as_file().sync_all().with_context(unwritten)?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(Taken {
                path: path.to_owned(),
                remedy: "somebody wrote it meanwhile: look at it, or name another file with --config",
            }
            .into()),
            Err(error) => Err(error.error).with_context(unwritten),
        }
    }
}
