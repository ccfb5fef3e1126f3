//! `gatherd letter`: a text to forward to a group's organizer. Printed, never sent.

use super::{Exit, config, print};
use crate::{
    app::{meant, opening, snapshot},
    cli::{Global, Letter as Args},
    config::Need,
    report,
};
use anyhow::Result;
use chrono::{SubsecRound, Utc};

pub(super) async fn run(global: &Global, args: &Args) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let database = opening::existing(&config).await?;
    let meant = meant::group(&database, &args.group).await?;
    let now = Utc::now();
    let as_of = args.as_of.unwrap_or(now).trunc_subsecs(0);
    let report = snapshot::report(&config, &database, as_of, now).await?;
    let letter = report::letter(meant::in_report(&report, &meant)?, args.cause);
    print(&letter.worded(args.language))?;
    Ok(Exit::Done)
}
