//! The zone of the Mondays, and what is asked of the groups.

use super::beginning::Beginning;
use crate::config;
use anyhow::Result;
use chrono_tz::Tz;

impl Beginning<'_> {
    /// How Mondays are counted, how often groups should meet, what the policy asks.
    pub(super) async fn ask_basics(&mut self) -> Result<()> {
        let (args, asker) = (self.args, &mut self.asker);
        self.draft.timezone = match args.timezone {
            Some(zone) => zone,
            None => {
                let default = self.draft.timezone.name();
                asker
                    .read("In which time zone is your Monday?", default, config::zone)
                    .await?
            }
        };
        self.draft.every_months = match args.every_months {
            Some(months) => months,
            None => {
                asker
                    .read(
                        "How often should groups meet? One event every so many months",
                        "1",
                        |typed| match typed.parse() {
                            Ok(months @ 1..=4) => Ok(months),
                            _ => Err("write a number from 1 to 4".to_owned()),
                        },
                    )
                    .await?
            }
        };
        let events = match args.events_per_year {
            Some(events) => events,
            None => asker
                .read(
                    "How many events a year does your policy ask of each group? 0 for no policy",
                    "0",
                    |typed| match typed.parse() {
                        Ok(events @ 0..=365) => Ok(events),
                        _ => Err("write a number from 0 to 365".to_owned()),
                    },
                )
                .await?,
        };
        self.draft.events_per_year = (events > 0).then_some(events);
        Ok(())
    }
}

/// The zone of this machine, as its account or its clock has it; UTC where neither says.
pub(super) fn of_this_machine() -> Tz {
    let by_account = std::env::var("TZ").ok();
    let by_account = by_account.and_then(|it| it.trim_start_matches(':').parse().ok());
    let by_machine = || iana_time_zone::get_timezone().ok()?.parse().ok();
    by_account.or_else(by_machine).unwrap_or(Tz::UTC)
}
