//! What is said on stdout.

use std::io::Write;

/// Prints JSON to stdout, with names in it that a terminal would obey spelled out.
pub(super) fn print_json(text: &str) -> anyhow::Result<()> {
    print(&crate::community::shown_json(text))
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
