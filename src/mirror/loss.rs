//! What can become of a file under a process that has it open.

/// What became of a file that was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Loss {
    /// Nothing is at its path.
    #[error("it was deleted or moved away")]
    Gone,
    /// Another file is at its path.
    #[error("another file was put in its place")]
    Replaced,
    /// It is the same file with another content.
    #[error("another content was written over it")]
    Overwritten,
}
