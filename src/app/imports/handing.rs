//! A file is taken in hand: its bytes and its name.

use crate::{
    app::{Misused, memory},
    off_thread::off_thread,
};
use anyhow::{Context as _, Result};
use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

/// A larger file is none that people keep.
const LARGEST: u64 = 64 << 20;
/// Longest name of an import.
const LONGEST_NAME: usize = 200;

/// Reads a file, or what comes by standard input.
pub(crate) async fn bytes(file: &Path) -> Result<Vec<u8>> {
    let (path, is_typed) = (file.to_owned(), file == Path::new("-"));
    let reading = move || -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if is_typed {
            std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)?;
        } else {
            let file = std::fs::File::open(path)?;
            file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    };
    let what = match is_typed {
        true => "standard input".to_owned(),
        false => file.display().to_string(),
    };
    let bytes = off_thread(reading)
        .await
        .with_context(|| format!("{what} cannot be read"))?;
    anyhow::ensure!(
        bytes.len() as u64 <= LARGEST,
        "{what} is larger than {} MB\nhand it in in parts, each with a name of its own",
        LARGEST >> 20
    );
    Ok(bytes)
}

/// As what a file is known: as it is said, or as the file is called.
pub(crate) fn name(file: &Path, said: Option<&str>) -> Result<String> {
    let called = || {
        let name = PathBuf::from(file.file_name()?);
        Some(name.to_string_lossy().into_owned())
    };
    let name = match said {
        Some(said) => said.to_owned(),
        None if file == Path::new("-") => {
            let what = "what comes by standard input has no name, by which it is corrected and taken back\ngive it one with --as";
            return Err(Misused(what.to_owned()).into());
        }
        None => called().unwrap_or_default(),
    };
    memory::text("the name", &name, LONGEST_NAME)
}
