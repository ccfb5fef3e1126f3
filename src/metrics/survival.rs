//! What became of groups that were silent for long. The definition is `survival.sql`.

use super::local::DAY;
use super::measurable::Measurable;
use super::rate::Rate;
use super::sql::sql;
use super::states::EventState;
use super::timeline::Timeline;
use super::workbench::Workbench;

/// The lengths of silence: 6, 12, 24 and 36 months, in days.
const LENGTHS: [i64; 4] = [180, 365, 730, 1_095];

/// By length: of pauses that lasted so long and have had another year since, those that ended in it.
pub(super) type Survived = [Rate; 4];

/// Counts the pauses of groups whose history is complete.
pub(super) fn count(groups: &[Measurable], timelines: &[Timeline], as_of: i64) -> Survived {
    let mut counts = [(0, 0); 4];
    let complete = groups
        .iter()
        .zip(timelines)
        .filter(|(group, _)| group.history_complete);
    for (_, timeline) in complete {
        let mut held = timeline
            .of(EventState::Held)
            .map(|it| it.starts_at)
            .peekable();
        while let Some(since) = held.next() {
            let until = held.peek().copied();
            for ((met_again, cases), days) in counts.iter_mut().zip(LENGTHS) {
                let another_year = since + (days + 365) * DAY;
                let was_silent = until.is_none_or(|until| until > since + days * DAY);
                if was_silent && another_year <= as_of {
                    *cases += 1;
                    *met_again += i64::from(until.is_some_and(|until| until <= another_year));
                }
            }
        }
    }
    counts.map(|(met_again, cases)| Rate::new(met_again, cases))
}

/// The same by the definition in SQL.
pub(super) fn by_definition(bench: &Workbench<'_>) -> rusqlite::Result<Survived> {
    let mut survived = Survived::default();
    let rows = bench.rows(sql!("survival.sql"), |row| {
        Ok(Rate::new(row.get("met_again")?, row.get("cases")?))
    })?;
    for (known, rate) in survived.iter_mut().zip(rows) {
        *known = rate;
    }
    Ok(survived)
}
