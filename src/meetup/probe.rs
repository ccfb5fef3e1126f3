//! The questions of `doctor --probe`: what the API's documentation leaves open.

use chrono::{DateTime, Utc};

use crate::community::{EventId, EventToken, GroupId, RsvpStatus};

use super::answers::{Span, counted};
use super::operations::shared::{
    GroupEventFilter, MembershipFilter, NetworkEventsFilter, ProNetworkEventsSearchInput,
    ProNetworkGroupsSearchInput,
};
use super::operations::{
    probe_events, probe_group_events, probe_groups, probe_members, probe_rsvps,
};
use super::pace::PageLimits;
use super::question::{self, Question};
use super::statuses::{IN_GROUP, LISTED, SEARCHED};
use super::{AskError, Meetup, text};

/// Rows that a probe asks for at once: more than most listings have, and what was once seen to work.
pub const PROBED_ROWS: u32 = 1_000;
const ONE: PageLimits = PageLimits { most: 1, least: 1 };

/// What one page showed of a listing, asked as large as it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed<T> {
    /// What stood on the page.
    pub rows: Vec<T>,
    /// Rows asked for; fewer than wished where larger pages failed.
    pub asked_rows: u32,
    /// Rows of the whole listing.
    pub total: Option<i64>,
    /// Whether the page says that another follows.
    pub has_next: bool,
}

/// An event of a probed listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbedEvent {
    /// Its key.
    pub token: EventToken,
    /// Its status.
    pub status: String,
}

/// An event's answers as a probe sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbedRsvps {
    /// The event's key.
    pub token: EventToken,
    /// `yesCount`.
    pub yes_count: Option<i64>,
    /// The statuses of the rows.
    pub page: Probed<Option<RsvpStatus>>,
}

/// Which events a probe lists.
#[derive(Debug, Clone, Default)]
pub struct EventsAsk {
    /// Of one group.
    pub only: Option<GroupId>,
    /// That start in it.
    pub span: Span,
    /// Only those that the syncing would ask for; else no status is said.
    pub says_status: bool,
    /// In this order.
    pub sort: Option<&'static str>,
    /// So many at most.
    pub rows: u32,
}

fn question(operation: &'static str, text: &'static str, scope: String, rows: u32) -> Question {
    Question {
        operation,
        text,
        scope,
        root_fields: 1,
        pages: if rows <= 1 {
            ONE
        } else {
            PageLimits::up_to(rows)
        },
        is_continued: false,
        believes_holes: false,
    }
}

impl Meetup {
    /// Until when the access token is good, as far as it is known; it is renewed a little earlier.
    ///
    /// # Errors
    ///
    /// If there is no sign-in that works; [`AskError`] says why.
    pub async fn signed_in_until(&self) -> Result<Option<DateTime<Utc>>, AskError> {
        let access = self.auth.access().await?;
        Ok(access.lifetime.map(|lifetime| lifetime.renew_at()))
    }

    /// The first page of a network's groups.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn probe_groups(
        &self,
        urlname: &str,
        sort: Option<&str>,
        rows: u32,
    ) -> Result<Probed<GroupId>, AskError> {
        let question = question(
            probe_groups::OPERATION_NAME,
            probe_groups::QUERY,
            question::network(urlname),
            rows,
        );
        let raw = self
            .ask(&question, |rows| probe_groups::Variables {
                urlname: urlname.to_owned(),
                input: ProNetworkGroupsSearchInput {
                    first: Some(rows.into()),
                    after: None,
                    desc: None,
                    sort: sort.map(str::to_owned),
                    filter: None,
                },
            })
            .await?;
        let data: probe_groups::ResponseData = raw.decode(&question)?;
        let network = data
            .pro_network
            .ok_or_else(|| AskError::no_network(urlname))?;
        let listing = network.groups_search;
        Ok(Probed {
            asked_rows: raw.rows,
            total: counted(listing.total_count),
            has_next: listing.page_info.has_next_page,
            rows: listing
                .edges
                .into_iter()
                .map(|edge| GroupId(edge.node.id))
                .collect(),
        })
    }

    /// The first page of a network's events.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn probe_events(
        &self,
        urlname: &str,
        ask: &EventsAsk,
    ) -> Result<Probed<ProbedEvent>, AskError> {
        let question = question(
            probe_events::OPERATION_NAME,
            probe_events::QUERY,
            question::network(urlname),
            ask.rows,
        );
        let raw = self
            .ask(&question, |rows| probe_events::Variables {
                urlname: urlname.to_owned(),
                input: ProNetworkEventsSearchInput {
                    first: Some(rows.into()),
                    after: None,
                    desc: None,
                    sort: ask.sort.map(str::to_owned),
                    filter: Some(NetworkEventsFilter {
                        event_date_min: ask.span.from.map(Into::into),
                        event_date_max: ask.span.to.map(Into::into),
                        group_ids: ask.only.as_ref().map(|it| vec![it.0.clone()]),
                        status: ask
                            .says_status
                            .then(|| SEARCHED.map(str::to_owned).to_vec()),
                    }),
                },
            })
            .await?;
        let data: probe_events::ResponseData = raw.decode(&question)?;
        let network = data
            .pro_network
            .ok_or_else(|| AskError::no_network(urlname))?;
        let listing = network.events_search;
        let event = |token, status| ProbedEvent {
            token: EventToken(token),
            status,
        };
        Ok(Probed {
            asked_rows: raw.rows,
            total: counted(listing.total_count),
            has_next: listing.page_info.has_next_page,
            rows: listing
                .edges
                .into_iter()
                .map(|edge| event(edge.node.token, edge.node.status))
                .collect(),
        })
    }

    /// The first page of a group's events: its drafts, or what the syncing would ask for.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn probe_group_events(
        &self,
        group: &GroupId,
        drafts: bool,
        rows: u32,
    ) -> Result<Option<Probed<ProbedEvent>>, AskError> {
        use probe_group_events as asked;
        let question = question(
            asked::OPERATION_NAME,
            asked::QUERY,
            question::group(group),
            rows,
        );
        let statuses: &[&str] = if drafts { &["DRAFT"] } else { &LISTED };
        let raw = self
            .ask(&question, |rows| asked::Variables {
                group: group.0.clone(),
                first: rows.into(),
                filter: GroupEventFilter {
                    after_date_time: None,
                    before_date_time: None,
                    status: Some(statuses.iter().map(|it| Some((*it).to_owned())).collect()),
                },
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let event = |token, status| ProbedEvent {
            token: EventToken(token),
            status,
        };
        Ok(data.group.map(|group| Probed {
            asked_rows: raw.rows,
            total: group.events.total_count,
            has_next: group.events.page_info.is_some_and(|it| it.has_next_page),
            rows: group
                .events
                .edges
                .into_iter()
                .map(|edge| event(edge.node.token, edge.node.status))
                .collect(),
        }))
    }

    /// How many of a group's members one page shows.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn probe_members(
        &self,
        group: &GroupId,
        rows: u32,
    ) -> Result<Option<Probed<()>>, AskError> {
        use probe_members as asked;
        let question = question(
            asked::OPERATION_NAME,
            asked::QUERY,
            question::group(group),
            rows,
        );
        let raw = self
            .ask(&question, |rows| asked::Variables {
                group: group.0.clone(),
                first: rows.into(),
                filter: MembershipFilter {
                    member_ids: None,
                    status: Some(IN_GROUP.map(|it| Some(it.to_owned())).to_vec()),
                },
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        Ok(data.group.map(|group| Probed {
            asked_rows: raw.rows,
            total: group.memberships.total_count,
            has_next: group
                .memberships
                .page_info
                .is_some_and(|it| it.has_next_page),
            rows: group.memberships.edges.iter().map(|_| ()).collect(),
        }))
    }

    /// The first page of an event's answers; none where the id is not answered.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn probe_rsvps(
        &self,
        event: &EventId,
        rows: u32,
    ) -> Result<Option<ProbedRsvps>, AskError> {
        use probe_rsvps as asked;
        let question = question(
            asked::OPERATION_NAME,
            asked::QUERY,
            format!("event {event}"),
            rows,
        );
        let raw = self
            .ask(&question, |rows| asked::Variables {
                event: event.0.clone(),
                first: rows.into(),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        Ok(data.event.map(|event| {
            let listing = event.rsvps;
            let status = |it: Option<String>| text::optional(it).as_deref().map(RsvpStatus::parse);
            ProbedRsvps {
                token: EventToken(event.token),
                yes_count: listing.yes_count,
                page: Probed {
                    asked_rows: raw.rows,
                    total: listing.total_count,
                    has_next: listing.page_info.is_some_and(|it| it.has_next_page),
                    rows: listing
                        .edges
                        .into_iter()
                        .map(|edge| status(edge.node.status))
                        .collect(),
                },
            }
        }))
    }
}
