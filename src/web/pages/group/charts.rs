//! The charts of a group, each with the same numbers as a table under it.

use super::behind::behind;
use crate::{
    app::{database::Database, showing::Look, snapshot, story::story},
    community::ChartKind,
    config::Config,
    metrics::Story,
    report::{GroupReport, picture},
    web::{figure::figure, links::Links},
};
use maud::{Markup, html};

/// The figures that a chart is drawn from.
fn drawn_from(kind: ChartKind) -> &'static [&'static str] {
    match kind {
        ChartKind::Months => &["months", "cadence.streak_months"],
        ChartKind::Turnout => &["attendance.median_yes", "repeat.returning_share"],
        ChartKind::Pause => &["pause", "cadence.median_gap_days"],
        ChartKind::Hosts => &["organizers.hosts_365", "organizers.top_host_share"],
        ChartKind::Retention => &["repeat.repeat_rate", "repeat.first_timer_return_90"],
        ChartKind::Answers => &["next_event"],
    }
}

/// The charts of a group, for which that group alone is read.
pub(in crate::web) async fn charts(
    links: Links<'_>,
    config: &Config,
    database: &Database,
    look: &Look,
    group: &GroupReport,
) -> anyhow::Result<Markup> {
    let settings = snapshot::settings(config, look.as_of(), look.as_of());
    let story = story(database, &settings, &group.figures.urlname).await?;
    Ok(story.map_or_else(|| html! {}, |story| drawn(links, &story, group)))
}

/// Every chart of the group, each with the same numbers as a table under it.
fn drawn(links: Links<'_>, story: &Story, group: &GroupReport) -> Markup {
    html! {
        section #charts {
            h2 { "How it went" }
            @for kind in ChartKind::ALL {
                @let chart = picture(*kind, story, group.figures.pause.as_ref());
                h3 { (chart.title()) }
                (figure(&chart, &behind(links, &group.figures, drawn_from(*kind))))
            }
        }
    }
}
