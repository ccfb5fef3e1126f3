//! One group of the network, measured by itself.
//!
//! Nearly all of a group's figures are of its own rows. Of other groups it takes what became of pauses alike,
//! once it is silent for 45 days, and how well turnout could be foretold, once an event of its own is near. Its
//! page tells besides what notice did to turnout in the network, and, where it is quiet or new, what became of such
//! groups. So much is read of the others where it is needed, and nothing else. A test holds the group equal to its
//! part of the whole.

use rusqlite::Connection;

use super::figures::{GroupFigures, Measured};
use super::settings::Settings;
use super::workbench::{EVER, Way, Workbench};
use super::{ahead, answers, measure_with, network, survival};
use crate::community::Status;
use crate::metrics::local::DAY;

/// For what a group is measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Its figures alone: the events ahead are without what is learnt of others.
    Figures,
    /// Its figures and the events ahead.
    Document,
    /// Both, and what its page tells of the network's past.
    Page,
}

/// Measures the group of a urlname as in the report of the whole network, for a purpose. All else, the figures of the
/// network and the lists of persons, is of this group, as if there were no others. No group: it is not measured at A.
///
/// # Errors
///
/// If the database cannot be read.
pub fn measure_group(
    conn: &Connection,
    settings: &Settings,
    urlname: &str,
    purpose: Purpose,
) -> rusqlite::Result<Measured> {
    let alone = settings.alone(urlname);
    let mut measured = measure_with(conn, &alone, Way::Among, answers::count)?;
    let as_of = settings.as_of.timestamp();
    let mut coming = measured.ahead.iter();
    let wants_forecasts =
        purpose != Purpose::Figures && coming.any(|event| ahead::rests_on_others(event, as_of));
    let is_page = purpose == Purpose::Page;
    let of_page = |wants: fn(&GroupFigures) -> bool| is_page && measured.groups.iter().any(wants);
    let (wants_notice, wants_past) = (of_page(tells_notice), of_page(tells_past));
    if !wants_forecasts && !wants_notice && !wants_past {
        return Ok(measured);
    }
    let whole = Settings {
        only: Vec::new(),
        with_people: false,
        ..settings.clone()
    };
    let answers_since = match (wants_forecasts, wants_notice) {
        (true, _) => as_of - answers::MARKED,
        (false, true) => as_of - 365 * DAY,
        (false, false) => as_of,
    };
    let since = if wants_past { EVER } else { answers_since };
    let bench = Workbench::lay_out_since(conn, &whole, (since, urlname), answers_since)?;
    if wants_past {
        let survived = survival::count(&bench.groups, &bench.timelines, as_of);
        measured.network.survival = network::survival(survived);
        measured.network.guidance = bench.pauses.guidance.clone();
    }
    if wants_forecasts || wants_notice {
        let past = answers::turnouts(&bench, wants_forecasts, answers_since)?;
        if wants_forecasts {
            let groups = &measured.groups;
            let mut coming = ahead::read(&bench, Some(&past))?;
            coming.retain(|event| groups.iter().any(|group| group.urlname == event.group));
            measured.ahead = coming;
        }
        measured.network.notice = network::notice(&bench)?;
    }
    Ok(measured)
}

/// Whether a group's page tells what notice did to turnout.
fn tells_notice(group: &GroupFigures) -> bool {
    let cadence = &group.cadence;
    cadence.median_notice_days.is_some() || cadence.next_date_known.denominator > 0
}

/// Whether it may tell what became of groups that were quiet, met again or met first.
fn tells_past(group: &GroupFigures) -> bool {
    matches!(group.status, Some(Status::New | Status::Quiet))
        || group.restarted.is_some()
        || group.events_ever == 1
}
