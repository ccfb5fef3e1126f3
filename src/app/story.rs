//! One group's story, as its page and its charts tell it.

use super::database::Database;
use crate::{
    metrics::{self, Settings, Story},
    mirror::MirrorError,
};

/// The story of one group, by its urlname as the mirror has it; none where it is not measured at that
/// instant. Of that group alone is read, whatever the network's size; what became of pauses alike elsewhere
/// is in the report.
pub(crate) async fn story(
    database: &Database,
    settings: &Settings,
    urlname: &str,
) -> Result<Option<Story>, MirrorError> {
    let (settings, urlname) = (settings.clone(), urlname.to_owned());
    database
        .read(move |conn| Ok(metrics::story(conn, &settings, &urlname)?))
        .await
}
