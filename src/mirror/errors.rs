//! Why the database cannot be used, in sentences that end with what to do about it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE as IOERR_SHMSIZE;

use super::{Loss, Stamp, room};

/// What everything in this room answers with.
pub(crate) type Result<T, E = MirrorError> = std::result::Result<T, E>;

/// What can be wrong with the database. The message names the file and the cause; the last line is
/// the remedy.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// There is no file.
    #[error(
        "database {}: there is none yet\nrun `gatherd backfill` to fill one, or name another with --database",
        path.display()
    )]
    NoDatabase {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is no file, and nothing says that there should be one.
    #[error(
        "nothing was begun here: there is no configuration gatherd.toml here or in /etc/gatherd, and no database {}\nrun `gatherd init` to begin, or name what there is with --config or --database",
        path.display()
    )]
    NothingBegun {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// SQLite finds it malformed.
    #[error(
        "database {}: damaged ({cause})\nrestore a backup; or move the file away with its -wal and -shm, and run `gatherd backfill` for a new one",
        path.display()
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What SQLite found.
        cause: String,
    },
    /// Not a database, or another program's.
    #[error(
        "database {}: not one of gatherd's ({cause}); it was left as it is\nname another file with --database",
        path.display()
    )]
    Foreign {
        /// Which file.
        path: PathBuf,
        /// How that shows.
        cause: String,
    },
    /// Written by a newer gatherd.
    #[error(
        "database {}: its schema is version {found}, and this gatherd knows versions up to {known}\nuse the newer gatherd that wrote it, or restore a backup from before",
        path.display()
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// The version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// It mirrors something else.
    #[error(
        "database {}: it mirrors {found}, and was about to be used for {wanted}\nname another file with --database",
        path.display()
    )]
    WrongStamp {
        /// Which file.
        path: PathBuf,
        /// What it was made for.
        found: Box<Stamp>,
        /// What it was opened for.
        wanted: Box<Stamp>,
    },
    /// The file or its directory cannot be written.
    #[error(
        "database {}: cannot be written ({cause})\nlet this account write the file and its directory, or name another with --database",
        path.display()
    )]
    NotWritable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// No space left, or no more of it for this account or process.
    #[error(
        "database {}: the disk is full, or a quota or size limit is reached; nothing was lost but the last page\nmake room, then run it again",
        path.display()
    )]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// It was replaced, deleted or overwritten while it was open.
    #[error(
        "database {}: {loss} while it was in use; nothing more was written to it, and what was put there was left as it is\nstart again to use what is there now; move its -wal and -shm away first if told so then",
        path.display()
    )]
    Lost {
        /// Where it was.
        path: PathBuf,
        /// What became of it.
        loss: Loss,
    },
    /// The log beside it is another file's.
    #[error(
        "database {0}: the {0}-wal beside it belongs to a file that was there before, and would destroy this one; nothing was touched\nmove {0}-wal and {0}-shm away (they hold the last changes of that file), then run it again",
        path.display()
    )]
    StrayLog {
        /// Which file.
        path: PathBuf,
    },
    /// It has several names, and SQLite would keep a log for each.
    #[error(
        "database {}: the file has {names} names (hard links), and under each it would be written without knowing of the others\nremove the other names, or make a copy of the file and use that",
        path.display()
    )]
    ManyNames {
        /// Under which name.
        path: PathBuf,
        /// How many there are.
        names: u64,
    },
    /// An older gatherd's, and this account may not bring it up to date.
    #[error(
        "database {}: its schema is version {found}, this gatherd's is {known}, and this account cannot bring it up to date\nrun `gatherd status` once under the account that may write it",
        path.display()
    )]
    Older {
        /// Which file.
        path: PathBuf,
        /// The version found.
        found: i64,
        /// The version this program reads.
        known: i64,
    },
    /// A restore was cut off between the old file and the new one.
    #[error(
        "database {}: there is none, since `gatherd restore` was cut off; nothing is lost\nrun it again with the same file, which goes on from there; what was here is beside it as {}.before-...",
        path.display(), path.display()
    )]
    HalfRestored {
        /// Where it was to be.
        path: PathBuf,
    },
    /// A file cannot be put in the database's place.
    #[error("backup {}: {cause}; nothing was touched\n{remedy}", path.display())]
    Unfit {
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: String,
        /// What to do.
        remedy: &'static str,
    },
    /// There is something already where a copy was to be.
    #[error("{}: there is something already, and nothing is written over\nname a file that is not there yet, or a folder", path.display())]
    Taken {
        /// Where.
        path: PathBuf,
    },
    /// It was told to stop.
    #[error("stopped before its end\nrun it again")]
    Stopped,
    /// The file of the forgotten cannot be used: what is in it must not be lost.
    #[error(
        "{}, which says who is to stay forgotten, cannot be used ({cause})\nlet this account read and write it; where it is spoilt, put back a copy, or move it away and forget them again",
        path.display()
    )]
    ForgottenFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// Another process kept it locked for too long.
    #[error(
        "database {}: another process kept it locked\ntry again; if it stays so, find the process that holds the file",
        path.display()
    )]
    Busy {
        /// Which file.
        path: PathBuf,
    },
    /// Anything else SQLite says.
    #[error("database: {0}\nthis is a fault in gatherd: please report it with this message")]
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for MirrorError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<MirrorError> for rusqlite::Error {
    fn from(error: MirrorError) -> Self {
        match error {
            MirrorError::Sql(error) => error,
            other => Self::ToSqlConversionFailure(other.to_string().into()),
        }
    }
}

impl MirrorError {
    /// The process exit code that tells this.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Busy { .. } | Self::Stopped | Self::Taken { .. } => 1,
            _ => 6,
        }
    }

    /// The same once more, for another whom the same failure met.
    pub(super) fn again(&self) -> Self {
        let path = |path: &PathBuf| path.clone();
        match self {
            Self::Damaged { path: of, cause } => Self::Damaged {
                path: path(of),
                cause: cause.clone(),
            },
            Self::NotWritable { path: of, cause } => Self::NotWritable {
                path: path(of),
                cause: cause.clone(),
            },
            Self::Full { path: of } => Self::Full { path: path(of) },
            Self::Busy { path: of } => Self::Busy { path: path(of) },
            Self::Lost { path: of, loss } => Self::Lost {
                path: path(of),
                loss: *loss,
            },
            Self::Sql(rusqlite::Error::SqliteFailure(error, text)) => {
                Self::Sql(rusqlite::Error::SqliteFailure(*error, text.clone()))
            }
            other => Self::Sql(rusqlite::Error::ToSqlConversionFailure(
                other.to_string().into(),
            )),
        }
    }

    /// Names what SQLite said by what can be done about it.
    pub(super) fn at(self, path: &Path) -> Self {
        let Self::Sql(error) = self else { return self };
        let path = path.to_owned();
        let cause = error.to_string();
        let extended = error.sqlite_error().map(|it| it.extended_code);
        match error.sqlite_error_code() {
            // Where the index beside the WAL cannot grow, SQLite does not say why; it is want of room.
            Some(ErrorCode::SystemIoFailure) if extended == Some(IOERR_SHMSIZE) => {
                Self::Full { path }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, cause }
            }
            Some(ErrorCode::DiskFull) => Self::Full { path },
            // SQLite keeps only one of the system's reasons apart, so the system is asked again.
            Some(ErrorCode::SystemIoFailure) if room::is_short(&path) => Self::Full { path },
            Some(
                ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure,
            ) => Self::NotWritable { path, cause },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            _ => Self::Sql(error),
        }
    }
}
