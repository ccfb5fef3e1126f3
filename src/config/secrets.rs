//! Where secrets come from: the environment, the file itself, a file it names, or systemd.
//!
//! The environment wins, so that a container can override a mounted file. A secret's value appears
//! in no message, not even when it is malformed.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::effective::Origin;
use super::reading::Section;

/// Longest secret file that is read: room for a private key, not for a mistaken path.
const LONGEST: u64 = 64 * 1024;

/// `meetup` + `client_secret` -> `GATHERD_MEETUP_CLIENT_SECRET`.
pub(super) fn variable_name(section: &str, key: &str) -> String {
    let shout = |text: &str| -> String {
        text.chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_uppercase()
                } else {
                    '_'
                }
            })
            .collect()
    };
    format!("GATHERD_{}_{}", shout(section), shout(key))
}

impl Section<'_, '_> {
    /// A secret under `key`, `key_file`, its environment variable, or systemd's credentials.
    ///
    /// `scope` is the section's name in variables and credentials: `meetup`, `channel_ops`.
    pub(super) fn secret(
        &self,
        scope: &str,
        key: &'static str,
        key_file: &'static str,
    ) -> Option<SecretString> {
        let value = self.secret_lines(scope, key, key_file)?;
        if value.expose_secret().contains(['\n', '\r']) {
            self.problem(
                key,
                "has a line break in it, so it is more than the secret or less",
                "write the secret alone, on one line",
            );
            return None;
        }
        Some(value)
    }

    /// The same for what may have several lines.
    pub(super) fn secret_lines(
        &self,
        scope: &str,
        key: &'static str,
        key_file: &'static str,
    ) -> Option<SecretString> {
        let inline = self.unnoted(key);
        let file = self.text(key_file);
        if inline.is_some() && file.is_some() {
            self.problem(
                key,
                format!("and {key_file} are both written"),
                "keep one of them",
            );
        }
        if inline.is_some() && !self.reader.has_told_of_readers.get() {
            let file = &self.reader.file;
            let has_told = self.warn_of_readers(key, "stands in", file);
            self.reader.has_told_of_readers.set(has_told);
        }
        let variable = variable_name(scope, key);
        if let Some(value) = self.reader.variable(&variable) {
            self.note_secret(key, Origin::Variable(variable));
            return Some(secret(&value));
        }
        if let Some(value) = inline {
            self.note_secret(key, Origin::Line(self.line_of(key).unwrap_or(1)));
            return Some(secret(&value));
        }
        if let Some(file) = file {
            let path = self.reader.path(&file);
            match read_secret(&path) {
                Ok(value) => {
                    self.warn_of_readers(key_file, "names", &path);
                    self.note_secret(key, Origin::File(path));
                    return Some(value);
                }
                Err(cause) => {
                    self.problem(
                        key_file,
                        format!("names {}, which {cause}", path.display()),
                        format!(
                            "write the secret alone into that file, or set {}",
                            variable_name(scope, key)
                        ),
                    );
                    return None;
                }
            }
        }
        self.credential(scope, key)
    }

    fn note_secret(&self, key: &'static str, origin: Origin) {
        self.reader.settings.note(self.key(key), None, origin);
    }

    /// Warns where every account of this machine can read a file with a secret in it; true where it did.
    /// systemd and containers lay theirs where nobody else looks.
    fn warn_of_readers(&self, key: &str, how: &str, path: &Path) -> bool {
        let kept = self.reader.variable("CREDENTIALS_DIRECTORY");
        let really = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let is_kept = path.starts_with("/run/secrets")
            || kept.is_some_and(|it| really(path).starts_with(really(Path::new(&it))));
        let is_open = !is_kept && is_open_to_all(path);
        if is_open {
            self.warning(
                key,
                format!(
                    "{how} {}, which every account here can read",
                    path.display()
                ),
                format!("take that away: chmod o-rwx {}", path.display()),
            );
        }
        is_open
    }

    /// A credential by its own name, or by that of the variable it stands for.
    fn credential(&self, scope: &str, key: &'static str) -> Option<SecretString> {
        let directory = self.reader.variable("CREDENTIALS_DIRECTORY")?;
        let names = [format!("{scope}_{key}"), variable_name(scope, key)];
        let mut paths = names.iter().map(|name| Path::new(&directory).join(name));
        let path = paths.find(|path| path.exists())?;
        match read_secret(&path) {
            Ok(value) => {
                self.note_secret(key, Origin::File(path.clone()));
                Some(value)
            }
            Err(cause) => {
                let remedy = "mend LoadCredential= in the unit";
                let cause = format!("is a credential, which {cause}");
                self.problem(key, cause, remedy);
                None
            }
        }
    }
}

fn secret(value: &str) -> SecretString {
    SecretString::from(value.trim().to_owned())
}

/// The secret that is alone in a file, or why there is none, as the end of a sentence about the file.
pub(crate) fn read_secret(path: &Path) -> Result<SecretString, String> {
    let about = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !about.is_file() {
        return Err("is not a file".to_owned());
    }
    if about.len() > LONGEST {
        return Err("is too large for a secret".to_owned());
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    Ok(secret(&text))
}

#[cfg(unix)]
fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_open_to_all(_path: &Path) -> bool {
    false
}

fn unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read by this account".to_owned(),
        std::io::ErrorKind::InvalidData => "is not text".to_owned(),
        kind => format!("cannot be read ({kind})"),
    }
}
