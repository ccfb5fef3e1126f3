//! Enumerations that the database holds as words.

use crate::community::{EventType, GoneWhy, GroupStatus, Role, TieStatus};

/// How SQLite holds a closed enumeration: a word that nobody knows is an error.
macro_rules! stored {
    ($($name:ident),+ $(,)?) => {$(
        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                Self::parse(value.as_str()?).ok_or(rusqlite::types::FromSqlError::InvalidType)
            }
        }
    )+};
}

/// How SQLite holds an enumeration of Meetup's.
macro_rules! stored_open {
    ($($name:ident),+ $(,)?) => {$(
        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                value.as_str().map(Self::parse)
            }
        }
    )+};
}

/// Declares an enumeration of the mirror's own, and how SQLite holds it.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variants:tt)+ })+) => {
        crate::community::closed! { $($(#[$doc])* $name { $($variants)+ })+ }
        crate::mirror::words::stored!($($name),+);
    };
}

pub(crate) use stored;
pub(super) use words;

stored!(GoneWhy);
stored_open!(GroupStatus, TieStatus, Role, EventType);
