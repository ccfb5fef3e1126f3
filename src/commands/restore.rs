//! `gatherd restore`: a copy put in the database's place; what was there is moved aside.

use super::{Exit, bars::spinning, config, print};
use crate::{
    app::backups,
    cli::{Global, Restore},
    config::Need,
};
use anyhow::Result;

pub(super) async fn run(global: &Global, args: &Restore) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let restoring = backups::restore(&config, args.from.clone());
    let restored = spinning(|| "looking the backup through", restoring).await?;
    let (database, from) = (config.database.display(), args.from.display());
    let aside = match &restored.aside {
        Some(aside) => format!(
            "what was there is {} now, with its -wal and -shm; remove it once all is well\n",
            aside.display()
        ),
        None => String::new(),
    };
    print(&format!(
        "{database} is now a whole copy of {from}, schema version {}\n{aside}\
         next: `gatherd sync --sweep` reads what Meetup has changed since, or start the daemon and wait for its sweep; \
         what was sent since that backup is not remembered, so a digest may come twice\n",
        restored.copied.version
    ))?;
    Ok(Exit::Done)
}
