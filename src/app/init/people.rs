//! Who may be the sponsor's own people.

use crate::{
    app::database::Database,
    mirror::{self, MirrorError},
};

pub(crate) use crate::mirror::Proposed;

/// Whoever hosts in so many groups is hardly a local of each.
const GROUPS: i64 = 3;

/// The networks' primary admins, and who hosts in three or more groups, the most groups first.
pub(crate) async fn proposed(database: &Database) -> Result<Vec<Proposed>, MirrorError> {
    database.read(|conn| mirror::proposed(conn, GROUPS)).await
}
