//! `gatherd report --format html`: the pages, written into a folder.

use super::Exit;
use crate::{
    app::{Misused, database::Database},
    cli::{Global, Report as Args},
    commands::{print, said::counted},
    community::{Access, shown},
    config::Config,
    metrics::Settings,
    mirror::KnownGroup,
    web::{self, Step},
};
use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::IsTerminal,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Where stderr is no terminal, a line is logged so often.
const LOG: Duration = Duration::from_secs(5);

pub(super) async fn run(
    global: &Global,
    args: &Args,
    config: &Config,
    database: &Database,
    settings: Settings,
    meant: Option<&KnownGroup>,
) -> Result<Exit> {
    let out = args
        .out
        .as_ref()
        .ok_or_else(|| Misused("pages are written to a folder\nadd --out DIR".to_owned()))?;
    let access = match meant {
        Some(meant) => Access {
            groups: vec![meant.urlname.clone()],
            ..Access::default()
        },
        None => crate::commands::configured::access(config, &args.within)?,
    };
    let bar = Bar::new();
    let writing = web::write(config, database, (&access, meant), &settings, out, |step| {
        bar.tell(step);
    });
    let written = tokio::select! {
        written = writing => written,
        // What was begun beside the place goes with what writes it.
        heard = tokio::signal::ctrl_c() => {
            heard?;
            Err(anyhow::anyhow!("stopped: the site was not written, and what stood there is as it was"))
        }
    };
    bar.0.finish_and_clear();
    let written = written?;
    if !global.is_quiet() {
        let groups = match written.groups {
            1 => "1 group".to_owned(),
            n => format!("{} groups", counted(n as u64)),
        };
        let as_of = settings.as_of.format("%-d %b %Y, %H:%M UTC");
        let first = shown(&written.first.display().to_string());
        print(&format!("{first}: {groups}, as of {as_of}\n"))?;
    }
    Ok(Exit::Done)
}

/// How far it is: a bar on a terminal, else a log line every few seconds.
struct Bar(ProgressBar, Mutex<Instant>);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(
            "{prefix:8} {bar:20} {human_pos:>9} of {human_len:9} {wide_msg}",
        ) {
            bar.set_style(style);
        }
        bar.set_prefix("pages");
        Self(bar, Mutex::new(Instant::now()))
    }

    fn tell(&self, step: Step) {
        if std::io::stderr().is_terminal() {
            match step {
                Step::Measuring => self.0.set_message("measuring"),
                Step::Counting(year) => self.0.set_message(format!("counting {year}")),
                Step::Groups(done, all) => {
                    self.0.set_message("");
                    self.0.set_length(all as u64);
                    self.0.set_position(done as u64);
                }
            }
            return;
        }
        let Ok(mut told) = self.1.lock() else { return };
        if told.elapsed() < LOG {
            return;
        }
        *told = Instant::now();
        match step {
            Step::Measuring => tracing::info!("measuring"),
            Step::Counting(year) => tracing::info!(year, "counting"),
            Step::Groups(groups, of) => tracing::info!(groups, of, "writing pages"),
        }
    }
}
