//! What is said on stdout.

use crate::community::shown_json;
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// A document as JSON, with names in it that a terminal would obey spelled out: laid out for eyes on a
/// terminal, on one line for what reads stdout otherwise, since a large network's would be a third larger.
pub(super) fn json(document: &impl Serialize) -> serde_json::Result<String> {
    let text = if std::io::stdout().is_terminal() {
        serde_json::to_string_pretty(document)?
    } else {
        serde_json::to_string(document)?
    };
    Ok(shown_json(&text) + "\n")
}

/// Prints to stdout; a reader that went away (`| head`) is no error.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("the output cannot be written"))
        }
        _ => Ok(()),
    }
}
