//! What the numbers are: typed rows over the SQL of `schema/metrics/`, read from the mirror.
//!
//! Every figure is defined in SQL; Rust adds only what SQL cannot know (time zones, who is staff,
//! which target is in force) and hands it in as temporary tables. Nothing here reads the clock:
//! the as-of instant A comes with the [`Settings`].

mod ahead;
mod alone;
mod answers;
mod both;
mod crowd;
mod explain;
mod figures;
mod group_months;
mod handover;
mod lately;
mod local;
mod logged;
mod measurable;
mod money;
mod months_met;
mod network;
mod network_figures;
mod news;
mod pauses;
mod per_group;
mod persons;
mod policy;
mod rate;
mod returns;
mod roles;
mod settings;
mod sql;
mod states;
mod story;
mod survival;
mod timeline;
mod watched;
mod watching;
mod workbench;
mod year;

pub use ahead::{
    Ahead, Backtest, Basis, Counts, Expected, LEAD_DAYS, LeadResult, NoForecast, Order, ShowBasis,
};
pub use alone::{Purpose, measure_group};
pub use explain::{Entry, Explained, Part, Scope, Window, entries, entry, label, nearest};
pub use figures::{
    ActiveHost, Attendance, Away, Cadence, Criteria, GroupFigures, Growth, Handover, Happening,
    Leader, Measured, Month, NotYet, Organizers, Repeat, SideToSide, SoleHost,
};
pub use group_months::{GroupMonth, group_months};
pub use lately::{Lately, lately};
pub use local::LocalClock;
pub use logged::{Logged, Turned, logged};
pub use money::{
    Allowed, Amount, BudgetLeft, EventMoney, GroupMoney, KindMoney, Money, MoneyTerms, MoneyYear,
    Rates, Receipts, Sum, money, rounded,
};
pub use months_met::MonthsMet;
pub use network_figures::{
    Biggest, ByStatus, LeftGroup, NetworkFigures, NoticeBand, Overlap, Owed, Survival, Week,
};
pub use news::watch_news;
pub use pauses::{Alike, Asks, Called, Calls, Guidance, OffMonth, Pause};
pub use persons::{Candidate, Missed, People};
pub use policy::{PolicyFigures, StepDue};
pub use rate::Rate;
pub use roles::{KeyHolder, NamesNoted, RoleChange};
pub use settings::{Settings, Target};
pub use states::SoonState;
pub use story::{
    CURVE_DAYS, Cohort, Curve, OwnPause, Since, Story, StoryEvent, StoryHost, When, story,
};
pub use watched::{Floor, HostSeen, Soon, Watched};
pub use watching::{Watching, watch};
pub use year::{AskedOf, OfYear, Year, year};

use rusqlite::Connection;

pub use crate::community::Status;

use workbench::Way;

/// Measures every group and the network. The connection must be able to hold temporary tables
/// (one opened read-only can); they are gone again when this returns.
///
/// # Errors
///
/// If the database cannot be read.
pub fn measure(conn: &Connection, settings: &Settings) -> rusqlite::Result<Measured> {
    measure_with(conn, settings, Way::Columns, answers::count)
}

/// The same by the readable SQL alone: slower, and what [`measure`] is held against.
///
/// # Errors
///
/// If the database cannot be read.
pub fn measure_in_sql(conn: &Connection, settings: &Settings) -> rusqlite::Result<Measured> {
    measure_with(conn, settings, Way::Sql, answers::definition::count)
}

/// How good forecasts of turnout were, replayed over the past year, and calls, over the past three.
///
/// # Errors
///
/// If the database cannot be read.
pub fn backtest(conn: &Connection, settings: &Settings) -> rusqlite::Result<Backtest> {
    let bench = workbench::Workbench::lay_out(conn, settings, Way::Columns)?;
    let since = settings.as_of.timestamp() - answers::MARKED;
    let past = answers::turnouts(&bench, true, since)?;
    Ok(ahead::backtest(&bench, &past))
}

/// What is behind a key of the report, of one group where it is a group's: then of its rows alone.
///
/// # Errors
///
/// If the database cannot be read.
pub fn explain(
    conn: &Connection,
    settings: &Settings,
    entry: &'static Entry,
    urlname: Option<&str>,
) -> rusqlite::Result<Explained> {
    let alone = urlname.map(|urlname| settings.alone(urlname));
    let settings = alone.as_ref().unwrap_or(settings);
    let bench = workbench::Workbench::lay_out(conn, settings, Way::Columns)?;
    explain::explain(&bench, entry, urlname)
}

fn measure_with(
    conn: &Connection,
    settings: &Settings,
    way: Way,
    count_answers: impl FnOnce(&workbench::Workbench<'_>) -> rusqlite::Result<answers::Counted>,
) -> rusqlite::Result<Measured> {
    let bench = workbench::Workbench::lay_out(conn, settings, way)?;
    let mut counted = count_answers(&bench)?;
    let groups = per_group::read(&bench, std::mem::take(&mut counted.groups))?;
    let network = network::read(&bench, &groups, &counted)?;
    Ok(Measured {
        networks: network::names(&bench)?,
        groups,
        network,
        left: network::left(&bench)?,
        not_yet: network::not_yet(&bench)?,
        ahead: ahead::read(&bench, counted.past.as_ref())?,
        people: settings
            .with_people
            .then(|| persons::read(&bench))
            .transpose()?,
    })
}
