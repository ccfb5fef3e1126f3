//! Events: of a network, of one group, and many at once by id.

use chrono::{DateTime, TimeDelta, Utc};

use crate::community::{Cursor, EventId, EventSnapshot, GroupId, Member, Venue, VenueId};

use super::aliases::Many;
use super::answers::{Answer, Page, Span, next_cursor};
use super::ask::Question;
use super::operations::{
    events_by_id, group_events, group_events_riding, network_events, network_events_riding,
};
use super::pace::PageLimits;
use super::{AskError, Meetup, Unreadable, scalars, text};

/// Events asked per page while RSVPs ride along; otherwise the page size of the settings.
pub const EVENTS_PER_PAGE: u32 = 50;
/// RSVPs that ride along with each event, at most; fewer on pages that shrank for their size.
pub const RIDING_RSVPS: u32 = 100;
/// And at least.
const FEWEST_RIDING: u32 = 10;

/// Said every time: what comes without it is not known.
pub(crate) const SEARCHED: [&str; 3] = ["UPCOMING", "PAST", "CANCELLED"];
/// The same for one group's events, where the words are others. Drafts and templates are no events.
pub(crate) const LISTED: [&str; 7] = [
    "ACTIVE",
    "PAST",
    "CANCELLED",
    "CANCELLED_PERM",
    "AUTOSCHED",
    "AUTOSCHED_CANCELLED",
    "AUTOSCHED_FINISHED",
];
/// The one venue that stands for the online room; its coordinates are false.
const ONLINE_VENUE: &str = "26906060";
/// How long an event lasts when Meetup does not say.
const USUAL_LENGTH: TimeDelta = TimeDelta::hours(3);

/// An event and its sign, from the fields of `EventFields`; none if Meetup names no group and `$group`
/// (an `Option<&GroupId>`) does not either.
macro_rules! event {
    ($fields:expr, $group:expr) => {{
        let it = $fields;
        let named: Option<&$crate::community::GroupId> = $group;
        let group = it.group.map(|it| $crate::community::GroupId(it.id));
        group.or_else(|| named.cloned()).map(|group| {
            let starts_at = it.date_time.map(|it| it.0);
            let length = it.duration.and_then(|it| it.0);
            let venues = it.venues.unwrap_or_default().into_iter();
            let hosts = it.event_hosts.unwrap_or_default().into_iter().flatten();
            let hosts = hosts.filter_map(|it| it.member);
            $crate::community::EventSnapshot {
                sign: $crate::meetup::rsvps::rsvp_sign!(it.sign),
                riding: None,
                event: $crate::community::Event {
                    token: $crate::community::EventToken(it.token),
                    id: $crate::community::EventId(it.id),
                    group,
                    title: $crate::meetup::text::required(it.title),
                    status: it.status,
                    event_type: it.event_type.into(),
                    ends_at: $crate::meetup::events::ends_at(it.end_time, starts_at, length),
                    starts_at,
                    created_at: it.created_time.map(|it| it.utc()),
                    url: $crate::meetup::text::optional(Some(it.event_url)),
                    capacity: it.max_tickets.filter(|it| *it > 0),
                    venues: venues
                        .map(|it| {
                            $crate::meetup::events::venue(
                                it.id,
                                it.venue_type,
                                it.name,
                                it.city,
                                it.country,
                                it.lat,
                                it.lon,
                            )
                        })
                        .collect(),
                    hosts: $crate::meetup::events::distinct(
                        hosts.map(|it| $crate::meetup::memberships::member!(it)),
                    ),
                    network_event_id: it.network_event.map(|it| it.id),
                },
            }
        })
    }};
}

/// The same with the RSVPs that rode along, from the fields of `EventWithRsvps`.
macro_rules! event_with_rsvps {
    ($fields:expr, $group:expr) => {{
        let it = $fields;
        event!(it.event_fields, $group).map(|mut snapshot| {
            snapshot.riding = Some($crate::meetup::rsvps::rsvp_page!(it.riding));
            snapshot
        })
    }};
}

pub(crate) use event;

/// RSVPs to ride along on a page of `rows` where `most` is a full one: they shrink together, since it is
/// their product that makes a page large.
fn riding_rows(rows: u32, most: u32) -> u32 {
    (RIDING_RSVPS * rows / most.max(1)).clamp(FEWEST_RIDING, RIDING_RSVPS)
}

/// `endTime`; else start and duration; else start and the usual length.
pub(crate) fn ends_at(
    end: Option<scalars::DateTime>,
    start: Option<DateTime<chrono::FixedOffset>>,
    length: Option<TimeDelta>,
) -> Option<DateTime<Utc>> {
    end.map(scalars::DateTime::utc).or_else(|| {
        start?
            .to_utc()
            .checked_add_signed(length.unwrap_or(USUAL_LENGTH))
    })
}

/// A venue, or the online room.
pub(crate) fn venue(
    id: String,
    kind: Option<String>,
    name: Option<String>,
    city: Option<String>,
    country: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
) -> Venue {
    let is_online =
        id == ONLINE_VENUE || kind.is_some_and(|it| it.trim().eq_ignore_ascii_case("online"));
    Venue {
        id: VenueId(id),
        name: text::optional(name),
        city: text::optional(city),
        country: text::country(country),
        lat: lat.filter(|_| !is_online),
        lon: lon.filter(|_| !is_online),
        is_online,
    }
}

/// Each person once, in the order they came.
pub(crate) fn distinct(people: impl Iterator<Item = Member>) -> Vec<Member> {
    let mut found: Vec<Member> = Vec::new();
    for one in people {
        if !found.iter().any(|it| it.id == one.id) {
            found.push(one);
        }
    }
    found
}

/// A page of events that cannot be placed in a group is shorter than Meetup's.
fn placed<T>(operation: &'static str, rows: impl Iterator<Item = Option<T>>) -> Vec<T> {
    let rows: Vec<Option<T>> = rows.collect();
    let lost = rows.iter().filter(|it| it.is_none()).count();
    if lost > 0 {
        tracing::warn!(operation, events = lost, "events without a group left out");
    }
    rows.into_iter().flatten().collect()
}

/// The pages of an events listing, with and without riding RSVPs.
macro_rules! events_page {
    ($operation:expr, $listing:expr, $info:expr, $last:expr, $total:expr, $convert:expr) => {{
        let next = next_cursor($listing.edges.len(), $info, $last);
        let total = $total;
        let rows = placed(
            $operation,
            $listing.edges.into_iter().map(|edge| $convert(edge.node)),
        );
        Page { rows, next, total }
    }};
}

macro_rules! ask_network {
    ($meetup:expr, $asked:ident, $pages:expr, $urlname:expr, $span:expr, $after:expr, $only:expr,
     $convert:expr $(, $riding:ident)?) => {{
        use $asked as asked;
        let question = Question {
            operation: asked::OPERATION_NAME,
            text: asked::QUERY,
            root_fields: 1,
            pages: PageLimits::up_to($pages),
            is_continued: $after.is_some(),
        };
        let raw = $meetup
            .ask(&question, |rows| asked::Variables {
                urlname: $urlname.to_owned(),
                $($riding: riding_rows(rows, $pages).into(),)?
                input: asked::ProNetworkEventsSearchInput {
                    first: Some(rows.into()),
                    after: $after.map(|it: &Cursor| it.0.clone()),
                    desc: None,
                    sort: None,
                    filter: Some(asked::NetworkEventsFilter {
                        event_date_min: $span.from.map(Into::into),
                        event_date_max: $span.to.map(Into::into),
                        group_ids: $only
                            .map(|ids: &[GroupId]| ids.iter().map(|id| id.0.clone()).collect()),
                        status: Some(SEARCHED.map(str::to_owned).to_vec()),
                    }),
                },
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let network = data
            .pro_network
            .ok_or_else(|| AskError::NotVisible { what: format!("network {}", $urlname) })?;
        let listing = network.events_search;
        let info = Some((listing.page_info.has_next_page, listing.page_info.end_cursor));
        let total = $crate::meetup::answers::counted(listing.total_count);
        Ok(raw.answer(events_page!(question.operation, listing, info, None, total, $convert)))
    }};
}

macro_rules! ask_group {
    ($meetup:expr, $asked:ident, $pages:expr, $group:expr, $span:expr, $after:expr,
     $convert:expr $(, $riding:ident)?) => {{
        use $asked as asked;
        let question = Question {
            operation: asked::OPERATION_NAME,
            text: asked::QUERY,
            root_fields: 1,
            pages: PageLimits::up_to($pages),
            is_continued: $after.is_some(),
        };
        let raw = $meetup
            .ask(&question, |rows| asked::Variables {
                group: $group.0.clone(),
                first: rows.into(),
                after: $after.map(|it: &Cursor| it.0.clone()),
                $($riding: riding_rows(rows, $pages).into(),)?
                filter: asked::GroupEventFilter {
                    after_date_time: $span.from.map(Into::into),
                    before_date_time: $span.to.map(Into::into),
                    status: Some(LISTED.iter().map(|it| Some((*it).to_owned())).collect()),
                },
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let group = data
            .group
            .ok_or_else(|| AskError::NotVisible { what: format!("group {}", $group) })?;
        let listing = group.events;
        let info = listing.page_info.map(|it| (it.has_next_page, it.end_cursor));
        let last = listing.edges.last().map(|it| it.cursor.clone());
        let total = listing.total_count;
        Ok(raw.answer(events_page!(question.operation, listing, info, last, total, $convert)))
    }};
}

impl Meetup {
    /// One page of a network's events in a span (of `only` these groups, where given), the latest start
    /// first; `riding`: with their first RSVPs.
    pub async fn network_events(
        &self,
        urlname: &str,
        span: Span,
        after: Option<&Cursor>,
        only: Option<&[GroupId]>,
        riding: bool,
    ) -> Result<Answer<Page<EventSnapshot>>, AskError> {
        if riding {
            let pages = EVENTS_PER_PAGE.min(self.settings.page_size);
            ask_network!(
                self,
                network_events_riding,
                pages,
                urlname,
                span,
                after,
                only,
                |node: network_events_riding::EventWithRsvps| { event_with_rsvps!(node, None) },
                riding
            )
        } else {
            let pages = self.settings.page_size;
            ask_network!(
                self,
                network_events,
                pages,
                urlname,
                span,
                after,
                only,
                |node: network_events::EventFields| event!(node, None)
            )
        }
    }

    /// One page of one group's events in a span: for groups outside networks.
    pub async fn group_events(
        &self,
        group: &GroupId,
        span: Span,
        after: Option<&Cursor>,
        riding: bool,
    ) -> Result<Answer<Page<EventSnapshot>>, AskError> {
        if riding {
            let pages = EVENTS_PER_PAGE.min(self.settings.page_size);
            ask_group!(
                self,
                group_events_riding,
                pages,
                group,
                span,
                after,
                |node: group_events_riding::EventWithRsvps| {
                    event_with_rsvps!(node, Some(group))
                },
                riding
            )
        } else {
            let pages = self.settings.page_size;
            ask_group!(
                self,
                group_events,
                pages,
                group,
                span,
                after,
                |node: group_events::EventFields| event!(node, Some(group))
            )
        }
    }

    /// These events, in the order asked; none where Meetup shows none.
    pub async fn events_by_id(
        &self,
        ids: &[EventId],
    ) -> Result<Answer<Vec<Result<Option<EventSnapshot>, Unreadable>>>, AskError> {
        let many = Many {
            operation: events_by_id::OPERATION_NAME,
            text: events_by_id::QUERY,
            pages: PageLimits { most: 1, least: 1 },
            events_from: None,
        };
        let ids: Vec<&str> = ids.iter().map(EventId::as_str).collect();
        self.many(&many, &ids, |fields: events_by_id::EventFields, _| {
            event!(fields, None)
        })
        .await
    }
}
