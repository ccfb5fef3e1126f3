//! The file of the forgotten: what a backup from before cannot know.
//!
//! Lines of hexadecimal digits: after "secret " a secret that hashes are made under, and each other line a hash. Only
//! those who are forgotten for good are in it; whom an age made forgotten, the next sweep finds again. Database and
//! file are brought to hold the same whenever the database is opened to be written.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::forgotten::{SECRET, secrets};
use super::opened::Way;
use super::{Erasure, Mirror, MirrorError, Result};

const HEAD: &str = "# Who is to stay forgotten: keyed hashes of ids, written by gatherd. Keep it with your backups.\n";
const SECRET_LINE: &str = "secret ";

/// What file and database each know.
#[derive(Debug, Default, PartialEq, Eq)]
struct Known {
    secrets: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
}

impl Known {
    fn of(conn: &Connection) -> Result<Self> {
        let hashes = conn
            .prepare_cached(
                "SELECT hash FROM forgotten_row WHERE older_than IS NULL ORDER BY hash",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let secrets = secrets(conn)?;
        Ok(Self { secrets, hashes })
    }

    fn read(path: &Path) -> Result<Self, String> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error)
                if matches!(
                    error.kind(),
                    // Where the folder cannot be, no file is: whoever needs the folder says so.
                    ErrorKind::NotFound | ErrorKind::NotADirectory
                ) =>
            {
                return Ok(Self::default());
            }
            Err(error) => return Err(error.to_string()),
        };
        let mut known = Self::default();
        for (nth, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (all, digits) = match line.strip_prefix(SECRET_LINE) {
                Some(digits) => (&mut known.secrets, digits),
                None => (&mut known.hashes, line),
            };
            let bytes = bytes(digits).filter(|it| it.len() == SECRET);
            all.push(bytes.ok_or_else(|| format!("line {} is no line of such a file", nth + 1))?);
        }
        Ok(known)
    }

    fn text(&self) -> String {
        let hex =
            |bytes: &Vec<u8>| -> String { bytes.iter().map(|it| format!("{it:02x}")).collect() };
        let secrets = self
            .secrets
            .iter()
            .map(|it| format!("{SECRET_LINE}{}\n", hex(it)));
        let hashes = self.hashes.iter().map(|it| format!("{}\n", hex(it)));
        HEAD.to_owned() + &secrets.chain(hashes).collect::<String>()
    }

    fn lacks(&self, other: &Self) -> bool {
        other.secrets.iter().any(|it| !self.secrets.contains(it))
            || other
                .hashes
                .iter()
                .any(|it| self.hashes.binary_search(it).is_err())
    }
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let pairs = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|it| it.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    pairs.collect()
}

fn write(path: &Path, known: &Known) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut made = fs::DirBuilder::new();
    made.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.create(folder)?;
    let draft = super::beside::beside(
        path,
        &format!("{}{}", super::beside::DRAFT, std::process::id()),
    );
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(known.text().as_bytes())?;
    file.sync_all()?;
    drop(file);
    fs::rename(&draft, path)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

impl Mirror {
    /// Brings the database and the file of the forgotten to hold the same: what came of it in the database. A mirror that
    /// may only be read is left as it is.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written, or the database cannot be.
    pub fn know_forgotten(&self, path: &Path, now: DateTime<Utc>) -> Result<Erasure> {
        if self.inner.way != Way::Full {
            return Ok(Erasure::default());
        }
        let failed = |cause: String| MirrorError::ForgottenFile {
            path: path.to_owned(),
            cause,
        };
        let mut file = Known::read(path).map_err(failed)?;
        file.hashes.sort();
        file.hashes.dedup();
        let mut known = self.read(Known::of)?;
        let mut erasure = Erasure::default();
        if known.lacks(&file) && !file.hashes.is_empty() {
            erasure = self.write(now, |w| w.learn_forgotten(&file.secrets, &file.hashes))?;
            known = self.read(Known::of)?;
        }
        if file.lacks(&known) && !known.hashes.is_empty() {
            let new = |all: &Vec<Vec<u8>>, more: Vec<Vec<u8>>| -> Vec<Vec<u8>> {
                more.into_iter().filter(|it| !all.contains(it)).collect()
            };
            file.secrets.extend(new(&file.secrets, known.secrets));
            file.hashes.extend(known.hashes);
            file.hashes.sort();
            file.hashes.dedup();
            write(path, &file).map_err(|error| failed(error.to_string()))?;
        }
        Ok(erasure)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else_is() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("state").join("forgotten");
        assert_eq!(Known::read(&path).unwrap(), Known::default());
        let known = Known {
            secrets: vec![vec![7; SECRET]],
            hashes: vec![vec![0; SECRET], vec![255; SECRET]],
        };
        write(&path, &known).unwrap();
        assert_eq!(Known::read(&path).unwrap(), known);
        fs::write(&path, format!("{}x", known.text())).unwrap();
        assert_eq!(
            Known::read(&path).unwrap_err(),
            "line 5 is no line of such a file"
        );
    }
}
