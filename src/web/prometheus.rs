//! `/metrics`: how the daemon stands, for Prometheus and whatever reads the same.
//!
//! Numbers, and the names of networks, channels and lanes: no group, no person. It is made when it is asked for and
//! kept nowhere; what its metrics mean is in docs/operating.md.

mod exposition;

use super::{Session, pages::Failed, site::Site};
use crate::app::gauges::Readout;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use exposition::{
    Exposition, Format,
    Kind::{Counter, Gauge},
};
use std::{fmt::Display, sync::Arc};

/// For whoever sees all groups.
pub(super) async fn metrics(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    if session.access.is_narrow() {
        let told = "these figures are of all groups: they are for those who see all of them\n";
        return Ok((StatusCode::FORBIDDEN, told).into_response());
    }
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    let format = Format::asked_for(accept.unwrap_or_default());
    let now = Utc::now();
    let readout = site
        .gauges
        .read(&site.config, &site.database, &site.showing, now)
        .await?;
    let mut text = Exposition::new(format);
    daemon(&mut text, &readout);
    passes(&mut text, &readout);
    groups(&mut text, &readout);
    meetup(&mut text, &readout, site.config.meetup.points_per_minute);
    messages(&mut text, &readout, &site, now);
    database(&mut text, &readout);
    let kind = [(header::CONTENT_TYPE, format.content_type())];
    Ok((kind, text.end()).into_response())
}

/// One sample without a label.
fn plain<V: Display>(value: V) -> [(Vec<(&'static str, &'static str)>, V); 1] {
    [(Vec::new(), value)]
}

fn at(instant: Option<DateTime<Utc>>) -> Option<(Vec<(&'static str, &'static str)>, i64)> {
    instant.map(|it| (Vec::new(), it.timestamp()))
}

fn daemon(text: &mut Exposition, it: &Readout) {
    let version = vec![("version", env!("CARGO_PKG_VERSION"))];
    text.metric(
        Gauge,
        "gatherd_build_info",
        "Which gatherd this is.",
        [(version, 1)],
    );
    text.metric(
        Gauge,
        "gatherd_ready",
        "Whether all is well, as status --check and /readyz judge it.",
        plain(u8::from(it.troubles.is_empty())),
    );
    text.metric(
        Gauge,
        "gatherd_troubles",
        "Reasons why not all is well, as /readyz gives them.",
        plain(it.troubles.len()),
    );
    text.metric(
        Gauge,
        "gatherd_sign_in_needed",
        "Whether a person must sign in.",
        plain(u8::from(it.troubles.iter().any(|of| of.is_sign_in))),
    );
    text.metric(
        Gauge,
        "gatherd_lane_moved_timestamp_seconds",
        "When a lane of the daemon last moved, as noted twice a minute.",
        it.lanes
            .iter()
            .map(|(name, at)| (vec![("lane", name.as_str())], *at)),
    );
    text.metric(
        Gauge,
        "gatherd_failures",
        "What fails now, by what it is of and in which way.",
        it.failing
            .iter()
            .map(|((of, kind), n)| (vec![("of", *of), ("kind", *kind)], *n)),
    );
    text.metric(
        Gauge,
        "gatherd_api_differences",
        "How Meetup's API differs from what is used of it; an error breaks something.",
        it.drift
            .iter()
            .map(|(weight, n)| (vec![("weight", weight.as_str())], *n)),
    );
}

fn passes(text: &mut Exposition, it: &Readout) {
    let mut by = |name: &str, help: &str, figure: fn(&crate::mirror::PassTally) -> i64| {
        let samples = it.passes.iter().map(|((kind, outcome), tally)| {
            let labels = vec![("kind", kind.as_str()), ("outcome", outcome.as_str())];
            (labels, figure(tally))
        });
        text.metric(Counter, name, help, samples);
    };
    by("gatherd_passes", "Passes that ended.", |it| it.passes);
    by(
        "gatherd_pass_requests",
        "Requests that passes made.",
        |it| it.requests,
    );
    by("gatherd_pass_points", "Points that passes used.", |it| {
        it.points
    });
    by(
        "gatherd_pass_rows_changed",
        "Rows that passes inserted or changed.",
        |it| it.rows_changed,
    );
    by(
        "gatherd_pass_duration_seconds",
        "How long passes took.",
        |it| it.seconds,
    );
    text.metric(
        Gauge,
        "gatherd_pass_running",
        "Whether a pass is under way.",
        plain(u8::from(it.facts.running().is_some())),
    );
    text.metric(
        Gauge,
        "gatherd_pass_last_good_timestamp_seconds",
        "When the last pass ended in which no network failed as a whole.",
        at(it.facts.readings.last_good_at),
    );
    text.metric(
        Gauge,
        "gatherd_work_units",
        "Units of work that are to be done.",
        plain(it.facts.units),
    );
}

fn groups(text: &mut Exposition, it: &Readout) {
    let networks = &it.facts.readings.networks;
    text.metric(
        Gauge,
        "gatherd_network_read_timestamp_seconds",
        "When a configured network was last read to its end.",
        networks
            .iter()
            .filter_map(|of| Some((vec![("network", of.urlname.as_str())], of.at?.timestamp()))),
    );
    text.metric(
        Gauge,
        "gatherd_network_unread",
        "Whether the last pass could not read a configured network.",
        networks.iter().map(|of| {
            (
                vec![("network", of.urlname.as_str())],
                u8::from(of.unread.is_some()),
            )
        }),
    );
    text.metric(
        Gauge,
        "gatherd_groups_sponsored",
        "Sponsored groups.",
        plain(it.groups),
    );
    text.metric(
        Gauge,
        "gatherd_groups_incomplete",
        "Sponsored groups whose history is still being read.",
        plain(it.incomplete),
    );
    text.metric(
        Gauge,
        "gatherd_groups_unread",
        "Sponsored groups that the last pass could not read.",
        plain(it.unread),
    );
    text.metric(
        Gauge,
        "gatherd_groups_never_read",
        "Sponsored groups that were never read.",
        plain(it.never_read),
    );
    text.metric(
        Gauge,
        "gatherd_groups_oldest_read_timestamp_seconds",
        "When the group was last read that was read longest ago.",
        at(it.oldest_read_at),
    );
    let shown = it.statuses.as_ref();
    text.metric(
        Gauge,
        "gatherd_groups",
        "Groups by status, as the pages show them; unknown while their history is being read.",
        shown.iter().flat_map(|(_, statuses)| {
            let all = crate::community::Status::ALL.iter().map(|it| Some(*it));
            all.chain([None]).map(|status| {
                let word = status.map_or("unknown", |it| it.as_str());
                (
                    vec![("status", word)],
                    statuses.get(&status).copied().unwrap_or(0),
                )
            })
        }),
    );
    text.metric(
        Gauge,
        "gatherd_figures_timestamp_seconds",
        "When what the pages show was measured.",
        at(shown.map(|(at, _)| *at)),
    );
}

fn meetup(text: &mut Exposition, it: &Readout, limit: u32) {
    text.metric(
        Counter,
        "gatherd_meetup_requests",
        "Requests to Meetup since the daemon started, by operation and what came of them.",
        it.asked.requests.iter().map(|((operation, came), n)| {
            (
                vec![("operation", *operation), ("outcome", came.as_str())],
                *n,
            )
        }),
    );
    text.metric(
        Counter,
        "gatherd_meetup_points",
        "Points reserved for requests since the daemon started.",
        plain(it.asked.points),
    );
    text.metric(
        Gauge,
        "gatherd_meetup_points_used",
        "Points used in a window that ends now, by all processes on this database.",
        [
            ("60s", Some(it.facts.points_minute)),
            ("24h", it.counted.as_ref().map(|it| it.points_day)),
        ]
        .into_iter()
        .filter_map(|(window, points)| Some((vec![("window", window)], points?))),
    );
    text.metric(
        Gauge,
        "gatherd_meetup_points_limit",
        "Points that may be used in a window, as configured.",
        [(vec![("window", "60s")], limit)],
    );
    text.metric(
        Counter,
        "gatherd_meetup_wait_seconds",
        "How long was waited since the daemon started, by what for; waits at the same time add up.",
        it.asked
            .waited
            .iter()
            .map(|(what, span)| (vec![("reason", *what)], span.as_secs_f64())),
    );
}

fn messages(text: &mut Exposition, it: &Readout, site: &Site, now: DateTime<Utc>) {
    text.metric(
        Gauge,
        "gatherd_deliveries",
        "Messages by channel and state; dead are given up.",
        it.deliveries.iter().map(|((channel, state), n)| {
            (
                vec![("channel", channel.as_str()), ("state", state.as_str())],
                *n,
            )
        }),
    );
    let given_up = |name: &str| {
        let mut known = it.facts.given_up.iter().filter(|(of, _)| of == name);
        known.next().map_or(0, |(_, n)| *n)
    };
    text.metric(
        Gauge,
        "gatherd_channel_given_up",
        "Messages given up, of a configured channel whose latest message is one of them.",
        site.config
            .channels
            .iter()
            .map(|it| (vec![("channel", it.name.as_str())], given_up(&it.name))),
    );
    let oldest = it.facts.undelivered.oldest_open_at;
    text.metric(
        Gauge,
        "gatherd_undelivered_age_seconds",
        "Age of the oldest message that is still to be sent; 0: there is none.",
        plain(oldest.map_or(0, |at| (now.timestamp() - at).max(0))),
    );
}

fn database(text: &mut Exposition, it: &Readout) {
    text.metric(
        Gauge,
        "gatherd_rows",
        "Rows by table, as they were counted last; what is gone counts.",
        it.counted
            .iter()
            .flat_map(|it| &it.rows)
            .map(|(table, n)| (vec![("table", *table)], *n)),
    );
    text.metric(
        Gauge,
        "gatherd_database_bytes",
        "Size of the database's files.",
        it.bytes.iter().map(|(file, n)| (vec![("file", *file)], *n)),
    );
    text.metric(
        Gauge,
        "gatherd_database_free_bytes",
        "Room that is left where the database is.",
        it.free.map(|free| (Vec::new(), free)),
    );
}
