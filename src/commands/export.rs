//! `gatherd export`: the data in tables, written into a folder.

use super::{Exit, config, print, said::counted};
use crate::{
    app::{
        exporting::{self, Ask, Told},
        opening,
    },
    cli::{Export, ExportFormat, Global},
    community::shown,
    config::Need,
    daemon::signals,
    export::Format,
    meetup::Stop,
    report::many,
};
use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::IsTerminal,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How often a bar on a terminal moves.
const DRAW: Duration = Duration::from_millis(200);
/// Where stderr is no terminal, a line is logged so often.
const LOG: Duration = Duration::from_secs(5);
/// What is under way is given so long after a signal; by then it has a file or is measuring, and leaves nothing either way.
const LAST_MOMENT: Duration = Duration::from_millis(3_500);

pub(super) async fn run(global: &Global, args: &Export) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let database = opening::existing(&config).await?;
    let ask = Ask {
        format: match args.format {
            ExportFormat::Csv => Format::Csv,
            ExportFormat::Jsonl => Format::Jsonl,
            ExportFormat::Parquet => Format::Parquet,
        },
        out: args.out.clone(),
        since: args.since,
        as_of: args.as_of,
        tables: args.tables.clone(),
        without_people: args.no_people,
    };
    let stop = Stop::default();
    signals::listen(stop.clone());
    let bar = Arc::new(Bar::new());
    let (told, goes_on) = (Arc::clone(&bar), stop.clone());
    let exporting = exporting::export(
        &config,
        &database,
        ask,
        move || !goes_on.is_thrown(),
        move |it| told.tell(it),
    );
    let made = tokio::select! {
        made = exporting => made,
        () = stop.is_late(LAST_MOMENT) => Err(anyhow::anyhow!("stopped: no export was left, and what stood there is as it was")),
    };
    bar.line.finish_and_clear();
    let made = made?;
    if !global.is_quiet() {
        let rows = made.rows.values().sum();
        print(&format!(
            "{}: {}, {}, as of {}\n",
            shown(&args.out.display().to_string()),
            many(made.rows.len() as u64, "table", "tables"),
            match rows {
                1 => "1 row".to_owned(),
                rows => format!("{} rows", counted(rows)),
            },
            made.as_of.format("%-d %b %Y, %H:%M UTC")
        ))?;
    }
    Ok(Exit::Done)
}

/// How far it is: a bar on a terminal, else a log line every few seconds.
struct Bar {
    line: ProgressBar,
    told: Mutex<Option<Instant>>,
}

impl Bar {
    fn new() -> Self {
        let line = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(
            "{prefix:14} {bar:20} {human_pos:>9} of {human_len:9} {wide_msg}",
        ) {
            line.set_style(style);
        }
        Self {
            line,
            told: Mutex::new(None),
        }
    }

    fn tell(&self, told: Told) {
        let is_terminal = std::io::stderr().is_terminal();
        let Ok(mut last) = self.told.lock() else {
            return;
        };
        let wait = if is_terminal { DRAW } else { LOG };
        let is_due = match *last {
            Some(at) => at.elapsed() >= wait,
            // The first line of a log would tell nothing.
            None => is_terminal || last.insert(Instant::now()).elapsed() >= wait,
        };
        if !is_due {
            return;
        }
        *last = Some(Instant::now());
        match told {
            Told::Measuring if is_terminal => self.line.set_message("measuring"),
            Told::Measuring => tracing::info!("measuring"),
            Told::Table(step) if is_terminal => {
                self.line.set_prefix(step.table);
                self.line.set_length(step.done.1 as u64);
                self.line.set_position(step.done.0 as u64);
                self.line
                    .set_message(format!("{} rows written", counted(step.rows)));
            }
            Told::Table(step) => {
                tracing::info!(
                    table = step.table,
                    done = step.done.0,
                    of = step.done.1,
                    rows = step.rows,
                    "writing"
                );
            }
        }
    }
}
