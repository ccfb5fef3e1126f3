//! Exit codes, and how an error is told.

pub use crate::app::exit::Exit;
use crate::{app::exit, community::shown};

/// Tells an error on stderr and answers its exit code.
pub(super) fn tell(error: &anyhow::Error) -> Exit {
    eprintln!("error: {}", shown(&format!("{error:#}")));
    exit::code(error)
}
