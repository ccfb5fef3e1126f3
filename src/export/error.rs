//! Why there is no export.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

use crate::mirror::MirrorError;

/// Why there is no export. What stood in its place is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database cannot be read.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// No room is left.
    #[error(
        "{}: the disk is full, or a quota or size limit is reached; no export was left, and what stood there is as it was\nmake room, then run it again",
        path.display()
    )]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error(
        "{}: cannot be written ({cause}); no export was left, and what stood there is as it was\nname another folder with --out",
        path.display()
    )]
    NotWritten {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// A value is not of its column's kind.
    #[error(
        "column {column} of {table} holds something that is none of its kind; no export was left\nthis is a fault in gatherd: please report it with this message"
    )]
    Unlike {
        /// Which table.
        table: &'static str,
        /// Which column.
        column: String,
    },
    /// It was told to stop.
    #[error("stopped: no export was left, and what stood there is as it was\nrun it again")]
    Stopped,
}

impl ExportError {
    /// What the system said of a file.
    pub(super) fn at(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full { path }
            }
            _ => Self::NotWritten {
                path,
                cause: error.to_string(),
            },
        }
    }

    /// What the writer of Parquet said of a file.
    pub(super) fn of_parquet(path: &Path, error: &ParquetError) -> Self {
        if let ParquetError::External(cause) = error
            && let Some(cause) = cause.downcast_ref::<io::Error>()
        {
            return Self::at(path, cause);
        }
        Self::NotWritten {
            path: path.to_owned(),
            cause: error.to_string(),
        }
    }
}
