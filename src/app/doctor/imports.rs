//! Files that are read again when they change.

use super::sheet::Sheet;
use crate::{
    app::{database::Database, exit::Exit, imports},
    config::Config,
};

const ABOUT: &str = "import";

/// Checks each that is configured.
pub(super) async fn check(config: &Config, database: &Database, sheet: &mut Sheet) {
    let all = match imports::look(config, database).await {
        Ok(all) => all,
        Err(error) => return sheet.warning(ABOUT, error.to_string()),
    };
    for file in all {
        let path = file.file.display();
        match (file.trouble, file.is_waiting) {
            (Some(trouble), _) => sheet.error(ABOUT, &trouble, Exit::Failed),
            (None, true) => sheet.note(
                ABOUT,
                format!("{path} changed; the daemon or the next `gatherd sync` reads it"),
            ),
            (None, false) => sheet.ok(ABOUT, format!("{path} is kept as it is")),
        }
    }
}
