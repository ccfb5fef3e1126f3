//! What the API leaves open, asked by reading alone.
//!
//! Each question is tried on rows of the mirror that can decide it; where there are none, the answer is
//! "not seen yet", and what an earlier probe found stays. Of the findings only two are relied on, for a
//! month: page caps (see `drift.rs`) and whether a replaced id is still answered (see `absent.rs`).
//! Everywhere else the code is right whichever way Meetup does it, and the finding is for people.

use super::{Syncer, drift::PAGE_ROWS, run::SyncError};
use crate::{
    community::{EventId, EventToken, GroupId, RsvpStatus},
    meetup::{AskError, EventsAsk, PROBED_ROWS, Probed, Span},
    mirror::{self, Finding, Moves, Trial, TrialEvent},
};
use chrono::DateTime;

/// An answer to an open question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnt {
    /// The question's name among the capabilities.
    pub name: &'static str,
    /// The answer; none: not decided by what there is to see.
    pub value: Option<String>,
    /// What was seen, or why nothing was.
    pub seen: String,
}

/// What the mirror has to try the questions on.
struct Samples {
    /// The first network, by its urlname.
    network: Option<String>,
    held: Vec<TrialEvent>,
    cancelled: Vec<TrialEvent>,
    attended: Vec<TrialEvent>,
    most_answered: Option<EventId>,
    most_members: Option<GroupId>,
    most_events: Option<GroupId>,
    replaced: Vec<(EventId, EventToken)>,
    guests: Moves,
    attendance: Moves,
    row_price: i64,
}

/// How many rows each question is tried on at most.
const TRIES: usize = 5;

type Answered = Result<(Option<String>, String), AskError>;

impl Syncer {
    /// Asks all open questions, and keeps the answers.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked any further, the mirror cannot be used, or a signal came.
    pub async fn probe(&self) -> Result<Vec<Learnt>, SyncError> {
        let samples = self.samples().await?;
        let mut learnt = Vec::new();
        let mut note = |name, answered: Answered| -> Result<(), SyncError> {
            let (value, seen) = match answered {
                Ok(answered) => answered,
                Err(error @ AskError::NeedsSignIn { .. }) => return Err(SyncError::Ask(error)),
                Err(error) => (None, error.to_string().replace('\n', "; ")),
            };
            learnt.push(Learnt { name, value, seen });
            Ok(())
        };
        for (name, _) in PAGE_ROWS {
            note(name, self.page_rows(name, &samples).await)?;
        }
        note("cancelled_listed", self.cancelled_listed(&samples).await)?;
        note("drafts_listed", self.drafts_listed(&samples).await)?;
        note("date_max_inclusive", self.date_max(&samples).await)?;
        note(mirror::OLD_ID_ANSWERS, self.old_ids(&samples).await)?;
        note(
            "yes_count_includes_attended",
            self.yes_count(&samples).await,
        )?;
        note("updated_moves_with_guests", Ok(moved(samples.guests)))?;
        note(
            "updated_moves_with_attendance",
            Ok(moved(samples.attendance)),
        )?;
        note("points", Ok(points(samples.row_price)))?;
        note("sort.groups", self.sort_of_groups(&samples).await)?;
        note("sort.events", self.sort_of_events(&samples).await)?;
        let found: Vec<(&'static str, String)> = learnt
            .iter()
            .filter_map(|it| Some((it.name, it.value.clone()?)))
            .collect();
        self.record(move |w| {
            found
                .iter()
                .try_for_each(|(name, value)| w.record_capability(name, value))
        })
        .await?;
        Ok(learnt)
    }

    async fn samples(&self) -> Result<Samples, SyncError> {
        let now_ms = self.now().timestamp_millis();
        let covered = self.covered_networks().await?;
        self.read(move |conn| {
            let networks = mirror::networks(conn)?;
            let network = networks.into_iter().find(|it| covered.contains(&it.key));
            let key = network.as_ref().map(|it| it.key);
            let of = |which, count| match key {
                Some(key) => mirror::trial_events(conn, key, which, count),
                None => Ok(Vec::new()),
            };
            let (most_members, most_events) = mirror::largest_groups(conn)?;
            let most_answered = of(Trial::MostAnswered, 1)?.pop().map(|it| it.id);
            let (held, cancelled) = (of(Trial::Held, TRIES)?, of(Trial::Cancelled, TRIES)?);
            let attended = of(Trial::Attended, TRIES)?;
            Ok(Samples {
                network: network.map(|it| it.urlname),
                held,
                cancelled,
                attended,
                most_answered,
                most_members,
                most_events,
                replaced: mirror::replaced_ids(conn, TRIES)?,
                guests: mirror::guest_moves(conn)?,
                attendance: mirror::attendance_moves(conn)?,
                row_price: mirror::row_price(conn, now_ms)?,
            })
        })
        .await
    }

    /// How many rows a page of a listing gives at most.
    async fn page_rows(&self, name: &str, samples: &Samples) -> Answered {
        let rows = PROBED_ROWS;
        let network = samples.network.as_deref();
        let nothing = || Ok((None, "nothing mirrored to try it on".to_owned()));
        match (name, network) {
            ("page_rows.groups", Some(network)) => {
                Ok(cap(&self.meetup.probe_groups(network, None, rows).await?))
            }
            ("page_rows.events", Some(network)) => {
                let ask = EventsAsk {
                    says_status: true,
                    rows,
                    ..EventsAsk::default()
                };
                Ok(cap(&self.meetup.probe_events(network, &ask).await?))
            }
            ("page_rows.group_events", _) => {
                let Some(group) = &samples.most_events else {
                    return nothing();
                };
                let page = self.meetup.probe_group_events(group, false, rows).await?;
                page.map_or_else(nothing, |page| Ok(cap(&page)))
            }
            ("page_rows.memberships", _) => {
                let Some(group) = &samples.most_members else {
                    return nothing();
                };
                let page = self.meetup.probe_members(group, rows).await?;
                page.map_or_else(nothing, |page| Ok(cap(&page)))
            }
            ("page_rows.rsvps", _) => {
                let Some(event) = &samples.most_answered else {
                    return nothing();
                };
                let found = self.meetup.probe_rsvps(event, rows).await?;
                found.map_or_else(nothing, |it| Ok(cap(&it.page)))
            }
            _ => nothing(),
        }
    }

    /// Whether a cancelled event is listed where no status is asked for.
    async fn cancelled_listed(&self, samples: &Samples) -> Answered {
        let Some(network) = &samples.network else {
            return Ok((None, "no network is mirrored".to_owned()));
        };
        for event in &samples.cancelled {
            // Only where it is still there when asked for by name does its absence say anything.
            if self.is_listed(network, event, true).await? {
                let is_listed = self.is_listed(network, event, false).await?;
                return Ok((yes_no(is_listed), "tried on a cancelled event".to_owned()));
            }
        }
        Ok((None, "no cancelled event to try it on".to_owned()))
    }

    async fn is_listed(
        &self,
        network: &str,
        event: &TrialEvent,
        says_status: bool,
    ) -> Result<bool, AskError> {
        let at = DateTime::from_timestamp(event.starts_at, 0);
        let ask = EventsAsk {
            only: Some(event.group.clone()),
            span: Span {
                from: at.map(|at| at - chrono::TimeDelta::hours(1)),
                to: at.map(|at| at + chrono::TimeDelta::hours(1)),
            },
            says_status,
            sort: None,
            rows: 100,
        };
        let page = self.meetup.probe_events(network, &ask).await?;
        Ok(page.rows.iter().any(|it| it.token == event.token))
    }

    /// Whether drafts are listed where no status is asked for.
    async fn drafts_listed(&self, samples: &Samples) -> Answered {
        let Some(network) = &samples.network else {
            return Ok((None, "no network is mirrored".to_owned()));
        };
        let mut groups: Vec<GroupId> = samples.most_events.iter().cloned().collect();
        groups.extend(samples.held.iter().map(|it| it.group.clone()));
        groups.dedup();
        let groups_seen: Vec<GroupId> = self
            .live_groups(|group| group.network.is_some())
            .await
            .map(|live| live.into_iter().map(|it| it.id).take(4 * TRIES).collect())
            .unwrap_or_default();
        groups.extend(groups_seen);
        let mut tried = std::collections::HashSet::new();
        for group in groups.into_iter().filter(|it| tried.insert(it.clone())) {
            let page = self.meetup.probe_group_events(&group, true, 20).await?;
            let Some(draft) = page.and_then(|page| page.rows.into_iter().next()) else {
                continue;
            };
            let ask = EventsAsk {
                only: Some(group),
                rows: PROBED_ROWS,
                ..EventsAsk::default()
            };
            let page = self.meetup.probe_events(network, &ask).await?;
            let is_listed = page.rows.iter().any(|it| it.token == draft.token);
            if is_listed || !page.has_next {
                return Ok((yes_no(is_listed), "tried on a draft".to_owned()));
            }
        }
        Ok((None, "no draft to try it on".to_owned()))
    }

    /// Whether the end of a span belongs to it.
    async fn date_max(&self, samples: &Samples) -> Answered {
        let Some(network) = &samples.network else {
            return Ok((None, "no network is mirrored".to_owned()));
        };
        for event in &samples.held {
            if !self.is_listed(network, event, true).await? {
                continue;
            }
            let at = DateTime::from_timestamp(event.starts_at, 0);
            let ask = EventsAsk {
                only: Some(event.group.clone()),
                span: Span {
                    from: at.map(|at| at - chrono::TimeDelta::hours(1)),
                    to: at,
                },
                says_status: true,
                sort: None,
                rows: 100,
            };
            let page = self.meetup.probe_events(network, &ask).await?;
            let is_listed = page.rows.iter().any(|it| it.token == event.token);
            return Ok((yes_no(is_listed), "tried on a past event".to_owned()));
        }
        Ok((None, "no past event to try it on".to_owned()))
    }

    /// Whether an id that was replaced is still answered.
    async fn old_ids(&self, samples: &Samples) -> Answered {
        let (mut answered, mut silent) = (0, 0);
        for (id, token) in &samples.replaced {
            match self.meetup.probe_rsvps(id, 1).await? {
                Some(found) if found.token == *token => answered += 1,
                _ => silent += 1,
            }
        }
        let seen = format!("{answered} of {} replaced ids answered", answered + silent);
        Ok((worded(Finding::of(answered, silent)), seen))
    }

    /// Whether `yesCount` counts those marked as attended too.
    async fn yes_count(&self, samples: &Samples) -> Answered {
        for event in &samples.attended {
            let Some(found) = self.meetup.probe_rsvps(&event.id, PROBED_ROWS).await? else {
                continue;
            };
            let rows = |status: &RsvpStatus| {
                let rows = found.page.rows.iter();
                rows.filter(|it| it.as_ref() == Some(status)).count() as i64
            };
            let (yes, came) = (rows(&RsvpStatus::Yes), rows(&RsvpStatus::Attended));
            let is_whole = !found.page.has_next
                && found.page.total == i64::try_from(found.page.rows.len()).ok();
            let told = found.yes_count.filter(|_| is_whole && came > 0);
            if let Some(told) = told.filter(|told| *told == yes || *told == yes + came) {
                let seen = format!("{told} counted; {yes} said yes, {came} attended");
                return Ok((yes_no(told == yes + came), seen));
            }
        }
        Ok((
            None,
            "no event with attendance, read in one page, to try it on".to_owned(),
        ))
    }

    async fn sort_of_groups(&self, samples: &Samples) -> Answered {
        let Some(network) = &samples.network else {
            return Ok((None, "no network is mirrored".to_owned()));
        };
        let plain = self.meetup.probe_groups(network, None, 50).await?.rows;
        let sorted = self.meetup.probe_groups(network, Some("name"), 50).await;
        Ok(sorting("name", &plain, sorted.map(|it| it.rows)))
    }

    async fn sort_of_events(&self, samples: &Samples) -> Answered {
        let Some(network) = &samples.network else {
            return Ok((None, "no network is mirrored".to_owned()));
        };
        let ask = |sort| EventsAsk {
            says_status: true,
            sort,
            rows: 50,
            ..EventsAsk::default()
        };
        let plain = self.meetup.probe_events(network, &ask(None)).await?.rows;
        let by = ask(Some("createdTime"));
        let sorted = self.meetup.probe_events(network, &by).await;
        Ok(sorting("createdTime", &plain, sorted.map(|it| it.rows)))
    }
}

/// A cap is known where a page came short of what was asked though there is more.
fn cap<T>(page: &Probed<T>) -> (Option<String>, String) {
    let (rows, asked) = (page.rows.len(), page.asked_rows as usize);
    let is_more = page.has_next && page.total.is_none_or(|total| total > rows as i64);
    let seen = format!("{rows} rows of {asked} asked for");
    if rows > 0 && rows < asked && is_more {
        (Some(rows.to_string()), seen)
    } else if asked < PROBED_ROWS as usize {
        (
            Some(asked.to_string()),
            format!("{seen}; larger pages fail"),
        )
    } else if is_more {
        (Some(format!("at least {rows}")), seen)
    } else {
        (None, format!("{seen}; there are no more to try it on"))
    }
}

fn yes_no(is_so: bool) -> Option<String> {
    worded(Some(if is_so { Finding::Yes } else { Finding::No }))
}

fn worded(finding: Option<Finding>) -> Option<String> {
    finding.map(|it| it.as_str().to_owned())
}

fn moved(moves: Moves) -> (Option<String>, String) {
    let Moves { moved, stayed } = moves;
    let seen = format!("moved with {moved} of {} changes on record", moved + stayed);
    (worded(Finding::of(moved, stayed)), seen)
}

/// From refusals on record: none is ever provoked. The price is in millionths of a point.
fn points(row_price: i64) -> (Option<String>, String) {
    if row_price == 0 {
        let seen = "no refusal has shown otherwise: one point per root field as far as seen";
        return (None, seen.to_owned());
    }
    let price = format!("{}.{:06}", row_price / 1_000_000, row_price % 1_000_000);
    let price = price.trim_end_matches('0').trim_end_matches('.');
    let seen =
        "a refusal showed that the rows of an answer are counted too, or that somebody else asks";
    (Some(format!("{price} a row")), seen.to_owned())
}

fn sorting<T: PartialEq>(
    by: &str,
    plain: &[T],
    sorted: Result<Vec<T>, AskError>,
) -> (Option<String>, String) {
    let effect = match sorted {
        Ok(rows) if plain.len() > 2 && rows == plain => "changes nothing",
        Ok(rows) if rows != plain => "is followed",
        Ok(_) => return (None, "too few rows to tell".to_owned()),
        Err(AskError::Refused { .. }) => "is refused",
        Err(error) => return (None, error.to_string().replace('\n', "; ")),
    };
    (
        Some(format!("{by} {effect}")),
        "tried with and without".to_owned(),
    )
}
