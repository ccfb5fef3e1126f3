//! Whether a group could go on without the sponsor, by the counts of `handover.sql`.

use rusqlite::Row;

use super::figures::{Criteria, Handover};
use super::rate::Rate;

/// The counts of a group, named as in `handover.sql`. There are none while staff is not configured.
pub(super) struct Ground {
    organic_months: i64,
    observed: i64,
    local_hosts_180: i64,
    organic: i64,
    events: i64,
    local_lead: bool,
}

impl Ground {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            organic_months: row.get("organic_months")?,
            observed: row.get("observed")?,
            local_hosts_180: row.get("local_hosts_180")?,
            organic: row.get("organic")?,
            events: row.get("events")?,
            local_lead: row.get("local_lead")?,
        })
    }
}

/// The figures, given whether the roster is known and how many events were held in the year.
pub(super) fn handover(ground: Option<Ground>, knows_roster: bool, events_365: i64) -> Handover {
    let Some(ground) = ground else {
        return Handover {
            organic_cadence: None,
            criteria: None,
            ready: None,
        };
    };
    let criteria = Criteria {
        local_lead: knows_roster.then_some(ground.local_lead),
        two_local_hosts: ground.local_hosts_180 >= 2,
        local_majority: (ground.events > 0).then_some(2 * ground.organic >= ground.events),
        organic: (ground.observed > 0).then_some(2 * ground.organic_months >= ground.observed),
    };
    let all_four = criteria.local_lead == Some(true)
        && criteria.two_local_hosts
        && criteria.local_majority == Some(true)
        && criteria.organic == Some(true);
    Handover {
        organic_cadence: Some(Rate::new(ground.organic_months, ground.observed)),
        criteria: Some(criteria),
        ready: criteria
            .local_lead
            .map(|_| all_four && ground.observed >= 12 && events_365 >= 6),
    }
}
