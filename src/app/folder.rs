//! The folder of a written site or export: filled beside its place and put there at its end, whole. What stands there
//! already is replaced only if all of it was written by gatherd, as a list in it says.

use super::Misused;
use crate::export;
use anyhow::{Context as _, Result};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

/// The list of what was written of a site; its name tells whose folder it is.
const LIST: &str = ".gatherd-site";

/// What a kill left is removed once it is so old: whoever makes a folder takes a moment to lock it.
const LEFT: Duration = Duration::from_secs(60);

/// What a folder is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// The pages.
    Site,
    /// The data in tables.
    Export,
}

impl Of {
    fn word(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Export => "export",
        }
    }

    /// The file by which it is known.
    fn list(self) -> &'static str {
        match self {
            Self::Site => LIST,
            Self::Export => export::PACKAGE,
        }
    }

    /// How deep gatherd makes folders in it.
    fn depth(self) -> usize {
        match self {
            Self::Site => 1,
            Self::Export => 2,
        }
    }

    /// How folders begin that lie beside the place for a while.
    fn beside(self) -> &'static str {
        match self {
            Self::Site => ".gatherd-site-",
            Self::Export => ".gatherd-export-",
        }
    }

    /// The files of an earlier one, by that file; none where it is none of ours.
    fn known(self, list: &str) -> Option<BTreeSet<String>> {
        match self {
            Self::Site => {
                let files = list.lines().chain([LIST]);
                Some(files.map(str::to_owned).collect())
            }
            Self::Export => export::files_of(list),
        }
    }
}

/// One that is being written.
pub(crate) struct Folder {
    of: Of,
    at: PathBuf,
    parent: PathBuf,
    beside: TempDir,
    /// While it is held, nobody takes it for one that a kill left.
    lock: Option<File>,
    written: BTreeSet<String>,
}

impl Folder {
    /// Begins one that is to stand at `out`.
    ///
    /// # Errors
    /// If something else stands there, or nothing can be written beside it.
    pub(crate) fn begin(of: Of, out: &Path) -> Result<Self> {
        let failed = || {
            format!(
                "the {} cannot be written to {}\nname a folder with --out whose own folder is there and may be written to",
                of.word(),
                out.display()
            )
        };
        // What a link leads to is what is replaced.
        let at = match out.canonicalize() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => out.to_owned(),
            found => found.with_context(failed)?,
        };
        check(of, &at)?;
        let parent = match at.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        remove_left(of, &parent);
        let beside = hidden(of, &parent).with_context(failed)?;
        Ok(Self {
            of,
            at,
            parent,
            lock: locked(beside.path()),
            beside,
            written: BTreeSet::new(),
        })
    }

    /// An error where something stands at the place that gatherd did not write, before it is begun.
    pub(crate) fn check(of: Of, out: &Path) -> Result<()> {
        check(of, out)
    }

    /// Where files are to be written until the end.
    pub(crate) fn path(&self) -> &Path {
        self.beside.path()
    }

    /// Writes a file, by its path within the folder.
    pub(crate) fn put(&mut self, name: &str, text: &str) -> Result<()> {
        let path = self.beside.path().join(name);
        let put = write(&path, text.as_bytes());
        put.with_context(|| {
            format!(
                "{name} of the {} cannot be written beside {}\nwhat stands there is as it was; make room and write it again",
                self.of.word(),
                self.at.display()
            )
        })?;
        self.written.insert(name.to_owned());
        Ok(())
    }

    /// Puts it in its place.
    pub(crate) fn end(mut self) -> Result<()> {
        if self.of == Of::Site {
            let list: Vec<&str> = self.written.iter().map(String::as_str).collect();
            let list = list.join("\n") + "\n";
            self.put(LIST, &list)?;
        }
        // It took a while: somebody may have put something there.
        check(self.of, &self.at)?;
        let placed = replace(self.of, self.beside.path(), &self.at, &self.parent);
        placed.with_context(|| {
            format!(
                "the {} cannot be put to {}\nname another folder with --out",
                self.of.word(),
                self.at.display()
            )
        })?;
        // It lies elsewhere now.
        let _ = self.beside.keep();
        drop(self.lock);
        Ok(())
    }
}

/// Keeps others from taking a folder for one that was left, where folders can be locked.
fn locked(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    folder.try_lock().ok()?;
    Some(folder)
}

/// Removes what kills left beside a place.
fn remove_left(of: Of, parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ours = entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(of.beside().as_bytes());
        let changed = entry.metadata().and_then(|it| it.modified());
        let is_old = changed.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFT));
        if is_ours && is_old && locked(&entry.path()).is_some() {
            // What cannot be removed lies there as it did.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Puts `new` to `at`. What stands there goes only after that, and comes back where it fails.
fn replace(of: Of, new: &Path, at: &Path, parent: &Path) -> io::Result<()> {
    if !at.exists() {
        return fs::rename(new, at);
    }
    let aside = hidden(of, parent)?;
    let old = aside.path().join("old");
    fs::rename(at, &old)?;
    let placed = fs::rename(new, at);
    if placed.is_err() && fs::rename(&old, at).is_err() {
        let _ = aside.keep();
    }
    placed
}

/// An error where something stands at a place that gatherd did not write.
fn check(of: Of, at: &Path) -> Result<()> {
    let refused = |why: &str| {
        let at = at.display();
        let told = format!("{at} {why}\nname another folder with --out");
        Err(Misused(told).into())
    };
    let found = match fs::metadata(at) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found,
    };
    let unreadable = || {
        format!(
            "{} cannot be looked into\nname another folder with --out",
            at.display()
        )
    };
    if !found.with_context(unreadable)?.is_dir() {
        return refused("is no folder");
    }
    let mut there = BTreeSet::new();
    list(at, "", of.depth(), &mut there).with_context(unreadable)?;
    if there.is_empty() {
        return Ok(());
    }
    let word = of.word();
    let known = match there.contains(of.list()) {
        true => of.known(&fs::read_to_string(at.join(of.list())).with_context(unreadable)?),
        false => None,
    };
    let Some(known) = known else {
        return refused(&format!("holds something that is no {word} of gatherd's"));
    };
    match there.iter().find(|name| !known.contains(name.as_str())) {
        Some(other) => refused(&format!(
            "holds {other} besides {} {word} of gatherd's, and would be replaced\nmove that away, or",
            if of == Of::Export { "an" } else { "a" }
        )),
        None => Ok(()),
    }
}

/// What is in a folder, files by their paths; of folders in it, those that gatherd makes are looked into.
fn list(folder: &Path, within: &str, depth: usize, found: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{within}{}", entry.file_name().to_string_lossy());
        if depth > 0 && entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), depth - 1, found)?;
        } else {
            found.insert(name);
        }
    }
    Ok(())
}

/// A folder beside the place, which only this account may look into: it tells of people.
fn hidden(of: Of, parent: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o700));
    builder.prefix(of.beside()).tempdir_in(parent)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|it| !it.exists()) {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(at: &Path, text: &str) {
        let mut folder = Folder::begin(Of::Site, at).unwrap();
        folder.put("index.html", text).unwrap();
        folder.put("groups/a.html", text).unwrap();
        folder.end().unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut found = BTreeSet::new();
        list(folder, "", 1, &mut found).unwrap();
        found.into_iter().collect()
    }

    #[test]
    fn an_older_site_is_replaced_and_nothing_lies_beside_it_afterwards() {
        let place = TempDir::new().unwrap();
        let at = place.path().join("site");
        fs::create_dir(&at).unwrap();
        site(&at, "old");
        site(&at, "new");
        assert_eq!(fs::read_to_string(at.join("groups/a.html")).unwrap(), "new");
        assert_eq!(names(&at), [LIST, "groups/a.html", "index.html"]);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_somebody_else_put_there_stays_and_nothing_is_written() {
        let place = TempDir::new().unwrap();
        let at = place.path().join("site");
        site(&at, "old");
        for other in ["notes.txt", "groups/b.html"] {
            fs::write(at.join(other), "mine").unwrap();
            let told = Folder::begin(Of::Site, &at).err().unwrap().to_string();
            assert!(told.contains(other), "{told}");
            fs::remove_file(at.join(other)).unwrap();
        }
        let photos = place.path().join("photos");
        fs::create_dir(&photos).unwrap();
        fs::write(photos.join("cat"), "mine").unwrap();
        for not in [&photos, &photos.join("cat")] {
            assert!(Folder::begin(Of::Site, not).err().unwrap().is::<Misused>());
        }
        // Also when it comes while the site is being written.
        let mut folder = Folder::begin(Of::Site, &at).unwrap();
        folder.put("index.html", "new").unwrap();
        fs::write(at.join("late"), "mine").unwrap();
        assert!(folder.end().is_err());
        assert_eq!(names(&at), [LIST, "groups/a.html", "index.html", "late"]);
        assert_eq!(names(place.path()).len(), 5);
    }

    #[test]
    fn what_cannot_be_written_whole_leaves_the_older_site_as_it_was() {
        let place = TempDir::new().unwrap();
        let at = place.path().join("site");
        site(&at, "old");
        let mut folder = Folder::begin(Of::Site, &at).unwrap();
        folder.put("index.html", "new").unwrap();
        // As on a full disk: a file is not to be had.
        assert!(folder.put("index.html", "new").is_err());
        drop(folder);
        assert_eq!(fs::read_to_string(at.join("index.html")).unwrap(), "old");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn only_this_account_may_look_into_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = TempDir::new().unwrap();
        let at = place.path().join("site");
        site(&at, "x");
        for (name, mode) in [
            ("", 0o700),
            ("groups", 0o700),
            ("index.html", 0o600),
            (LIST, 0o600),
        ] {
            let found = fs::metadata(at.join(name)).unwrap().permissions().mode();
            assert_eq!(found & 0o777, mode, "{name}");
        }
    }
}
