//! `gatherd chart`: one chart of one group, into a file.

use super::{Exit, config, print};
use crate::{
    app::{meant, opening, snapshot, story::story},
    chart::{Chart, Theme},
    cli::{Chart as Args, Global, Picture},
    community::ChartKind,
    config::Need,
    report::picture,
};
use anyhow::{Context as _, Result};
use chrono::{SubsecRound, Utc};
use std::{fs::Permissions, io::Write as _, path::Path};

pub(super) async fn run(global: &Global, args: &Args) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let database = opening::existing(&config).await?;
    let meant = meant::group(&database, &args.group).await?;
    let now = Utc::now();
    let as_of = args.as_of.unwrap_or(now).trunc_subsecs(0);
    let settings = snapshot::settings(&config, as_of, now);
    let told = story(&database, &settings, &meant.urlname).await?;
    // Only the pause is measured by what became of others; and why there is no story, the report says.
    let (story, pause) = match told {
        Some(told) if args.kind != ChartKind::Pause => (told, None),
        told => {
            let report = snapshot::composed(&config, &database, &settings).await?;
            let figures = &meant::in_report(&report, &meant)?.figures;
            (told.context("the group could not be read")?, figures.pause)
        }
    };
    let chart = picture(args.kind, &story, pause.as_ref());
    let written = drawn(&chart, &args.out, args.dark)?;
    write(&args.out.path, &written)?;
    if !global.is_quiet() {
        let summary = crate::community::shown(chart.summary());
        print(&format!("{}: {summary}\n", args.out.path.display()))?;
    }
    Ok(Exit::Done)
}

fn drawn(chart: &Chart, out: &Picture, is_dark: bool) -> Result<Vec<u8>> {
    let theme = match (is_dark, out.is_png) {
        (true, _) => Theme::Dark,
        (false, true) => Theme::Light,
        (false, false) => Theme::Reader,
    };
    #[cfg(feature = "png")]
    if out.is_png {
        return Ok(crate::chart::png(chart, theme)?);
    }
    Ok(chart.standing_alone(theme).into_bytes())
}

/// Puts the picture in place at once: whoever looks at the file meanwhile sees the old one or the new.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut beside = tempfile::Builder::new();
    // As any file that somebody makes: the mask of the process decides.
    #[cfg(unix)]
    beside.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    let kept = beside.tempfile_in(folder).and_then(|mut file| {
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)
    });
    kept.with_context(|| {
        format!(
            "the chart cannot be written to {}\nname a file in a folder that is there and may be written to",
            path.display()
        )
    })?;
    Ok(())
}
