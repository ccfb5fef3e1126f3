//! Events: of a network, of one group, and many at once by id.

use chrono::{DateTime, TimeDelta, Utc};

use crate::community::{
    Cursor, Event, EventId, EventSnapshot, EventToken, GroupId, Member, Venue, VenueId,
};

use super::aliases::Many;
use super::answers::{Answer, Page, Span, counted, next_cursor};
use super::memberships::member;
use super::operations::shared::{
    EventFields, EventHead, EventHeadVenues, EventWithRsvps, GroupEventFilter, NetworkEventsFilter,
    ProNetworkEventsSearchInput,
};
use super::operations::{
    events_by_id, group_events, group_events_riding, network_events, network_events_riding,
};
use super::pace::PageLimits;
use super::question::{self, Question};
use super::rsvps::{rsvp_page, rsvp_sign};
use super::statuses::{LISTED, SEARCHED};
use super::{AskError, Meetup, Unreadable, scalars, text};

/// Events asked per page while RSVPs ride along; otherwise the page size of the settings.
pub const EVENTS_PER_PAGE: u32 = 50;
/// RSVPs that ride along with each event, at most; fewer on pages that shrank for their size.
pub const RIDING_RSVPS: u32 = 100;
/// And at least.
const FEWEST_RIDING: u32 = 10;

/// The one venue that stands for the online room; its coordinates are false.
const ONLINE_VENUE: &str = "26906060";
/// How long an event lasts when Meetup does not say.
const USUAL_LENGTH: TimeDelta = TimeDelta::hours(3);

/// An event and its sign; none if neither Meetup names its group nor `group` does.
pub(crate) fn snapshot(it: EventFields, group: Option<&GroupId>) -> Option<EventSnapshot> {
    Some(EventSnapshot {
        event: head(it.event_head, group)?,
        sign: rsvp_sign(it.sign),
        riding: None,
    })
}

/// An event by itself; none if neither Meetup names its group nor `group` does.
pub(crate) fn head(it: EventHead, group: Option<&GroupId>) -> Option<Event> {
    let named = it.group.map(|it| GroupId(it.id));
    let group = named.or_else(|| group.cloned())?;
    let starts_at = it.date_time.map(|it| it.0);
    let length = it.duration.and_then(|it| it.0);
    let hosts = it.event_hosts.map(|hosts| {
        let known = hosts.into_iter().flatten().filter_map(|it| it.member);
        distinct(known.map(|it| member(it.id, it.name)))
    });
    Some(Event {
        token: EventToken(it.token),
        id: EventId(it.id),
        group,
        title: text::required(it.title),
        status: it.status,
        event_type: it.event_type.into(),
        ends_at: ends_at(it.end_time, starts_at, length),
        starts_at,
        created_at: it.created_time.map(scalars::DateTime::utc),
        url: text::optional(Some(it.event_url)),
        capacity: it.max_tickets.filter(|it| *it > 0),
        venues: it
            .venues
            .map(|venues| venues.into_iter().map(venue).collect()),
        hosts,
        network_event_id: it.network_event.map(|it| it.id),
    })
}

/// The same with the RSVPs that rode along.
fn snapshot_with_rsvps(it: EventWithRsvps, group: Option<&GroupId>) -> Option<EventSnapshot> {
    let riding = Some(rsvp_page(it.riding));
    snapshot(it.event_fields, group).map(|snapshot| EventSnapshot { riding, ..snapshot })
}

/// RSVPs to ride along on a page of `rows`: they shrink together, since it is their product that makes a
/// page large.
fn riding_rows(rows: u32) -> u32 {
    (RIDING_RSVPS * rows / EVENTS_PER_PAGE).clamp(FEWEST_RIDING, RIDING_RSVPS)
}

/// `endTime`; else start and duration; else start and the usual length.
fn ends_at(
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
fn venue(it: EventHeadVenues) -> Venue {
    let says_online = |kind: String| kind.trim().eq_ignore_ascii_case("online");
    let is_online = it.id == ONLINE_VENUE || it.venue_type.is_some_and(says_online);
    Venue {
        id: VenueId(it.id),
        name: text::optional(it.name),
        city: text::optional(it.city),
        country: text::country(it.country),
        lat: it.lat.filter(|_| !is_online),
        lon: it.lon.filter(|_| !is_online),
        is_online,
    }
}

/// Each person once, in the order they came.
fn distinct(people: impl Iterator<Item = Member>) -> Vec<Member> {
    let mut found: Vec<Member> = Vec::new();
    for one in people {
        if !found.iter().any(|it| it.id == one.id) {
            found.push(one);
        }
    }
    found
}

/// A page of events. One that cannot be placed in a group makes it unreadable: asked for one group alone,
/// it is that group's. See [`next_cursor`].
fn page(
    operation: &'static str,
    events: impl ExactSizeIterator<Item = Option<EventSnapshot>>,
    end: Option<(bool, Option<String>)>,
    last_edge: Option<String>,
    total: Option<i64>,
) -> Result<Page<EventSnapshot>, Unreadable> {
    let count = events.len();
    let mut rows = Vec::with_capacity(count);
    for (row, event) in events.enumerate() {
        rows.push(event.ok_or_else(|| Unreadable {
            operation,
            path: format!("events.edges.{row}.node.group"),
            cause: "belongs to no group".to_owned(),
        })?);
    }
    Ok(Page {
        rows,
        next: next_cursor(count, end, last_edge),
        total,
    })
}

/// The group that was asked for alone.
fn alone(only: Option<&[GroupId]>) -> Option<&GroupId> {
    only.filter(|ids| ids.len() == 1)?.first()
}

/// Which of a network's events a page is to hold.
pub(super) fn of_network(
    rows: u32,
    span: Span,
    after: Option<&Cursor>,
    only: Option<&[GroupId]>,
) -> ProNetworkEventsSearchInput {
    ProNetworkEventsSearchInput {
        first: Some(rows.into()),
        after: after.map(|it| it.0.clone()),
        desc: None,
        sort: None,
        filter: Some(NetworkEventsFilter {
            event_date_min: span.from.map(Into::into),
            event_date_max: span.to.map(Into::into),
            group_ids: only.map(|ids| ids.iter().map(|id| id.0.clone()).collect()),
            status: Some(SEARCHED.map(str::to_owned).to_vec()),
        }),
    }
}

/// Which of a group's events are listed.
pub(super) fn of_group(span: Span) -> GroupEventFilter {
    GroupEventFilter {
        after_date_time: span.from.map(Into::into),
        before_date_time: span.to.map(Into::into),
        status: Some(LISTED.map(|it| Some(it.to_owned())).to_vec()),
    }
}

fn question(
    operation: &'static str,
    text: &'static str,
    scope: String,
    most: u32,
    after: Option<&Cursor>,
) -> Question {
    Question {
        operation,
        text,
        scope,
        root_fields: 1,
        pages: PageLimits::up_to(most),
        is_continued: after.is_some(),
        believes_holes: false,
    }
}

impl Meetup {
    /// One page of a network's events in a span (of `only` these groups, where given), the latest start
    /// first; `riding`: with their first RSVPs.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn network_events(
        &self,
        urlname: &str,
        span: Span,
        after: Option<&Cursor>,
        only: Option<&[GroupId]>,
        riding: bool,
    ) -> Result<Answer<Page<EventSnapshot>>, AskError> {
        use network_events as asked;
        if riding {
            return self.network_events_riding(urlname, span, after, only).await;
        }
        let most = self.settings.page_size;
        let question = question(
            asked::OPERATION_NAME,
            asked::QUERY,
            question::network(urlname),
            most,
            after,
        );
        let raw = self
            .ask(&question, |rows| asked::Variables {
                urlname: urlname.to_owned(),
                input: of_network(rows, span, after, only),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let network = data
            .pro_network
            .ok_or_else(|| AskError::no_network(urlname))?;
        let listing = network.events_search;
        let info = listing.page_info;
        let end = Some((info.has_next_page, info.end_cursor));
        let total = counted(listing.total_count);
        let edges = listing.edges.into_iter();
        let events = edges.map(|it| snapshot(it.node, alone(only)));
        Ok(raw.answer(page(question.operation, events, end, None, total)?))
    }

    async fn network_events_riding(
        &self,
        urlname: &str,
        span: Span,
        after: Option<&Cursor>,
        only: Option<&[GroupId]>,
    ) -> Result<Answer<Page<EventSnapshot>>, AskError> {
        use network_events_riding as asked;
        let most = EVENTS_PER_PAGE.min(self.settings.page_size);
        let question = question(
            asked::OPERATION_NAME,
            asked::QUERY,
            question::network(urlname),
            most,
            after,
        );
        let raw = self
            .ask(&question, |rows| asked::Variables {
                urlname: urlname.to_owned(),
                riding: riding_rows(rows).into(),
                input: of_network(rows, span, after, only),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let network = data
            .pro_network
            .ok_or_else(|| AskError::no_network(urlname))?;
        let listing = network.events_search;
        let info = listing.page_info;
        let end = Some((info.has_next_page, info.end_cursor));
        let total = counted(listing.total_count);
        let edges = listing.edges.into_iter();
        let events = edges.map(|it| snapshot_with_rsvps(it.node, alone(only)));
        Ok(raw.answer(page(question.operation, events, end, None, total)?))
    }

    /// One page of one group's events in a span: for groups outside networks.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn group_events(
        &self,
        group: &GroupId,
        span: Span,
        after: Option<&Cursor>,
        riding: bool,
    ) -> Result<Answer<Page<EventSnapshot>>, AskError> {
        use group_events as asked;
        if riding {
            return self.group_events_riding(group, span, after).await;
        }
        let most = self.settings.page_size;
        let question = question(
            asked::OPERATION_NAME,
            asked::QUERY,
            question::group(group),
            most,
            after,
        );
        let raw = self
            .ask(&question, |rows| asked::Variables {
                group: group.0.clone(),
                first: rows.into(),
                after: after.map(|it| it.0.clone()),
                filter: of_group(span),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let listing = data.group.ok_or_else(|| AskError::no_group(group))?.events;
        let info = listing.page_info;
        let end = info.map(|it| (it.has_next_page, it.end_cursor));
        let last = listing.edges.last().map(|it| it.cursor.clone());
        let total = listing.total_count;
        let edges = listing.edges.into_iter();
        let events = edges.map(|it| snapshot(it.node, Some(group)));
        Ok(raw.answer(page(question.operation, events, end, last, total)?))
    }

    async fn group_events_riding(
        &self,
        group: &GroupId,
        span: Span,
        after: Option<&Cursor>,
    ) -> Result<Answer<Page<EventSnapshot>>, AskError> {
        use group_events_riding as asked;
        let most = EVENTS_PER_PAGE.min(self.settings.page_size);
        let question = question(
            asked::OPERATION_NAME,
            asked::QUERY,
            question::group(group),
            most,
            after,
        );
        let raw = self
            .ask(&question, |rows| asked::Variables {
                group: group.0.clone(),
                first: rows.into(),
                after: after.map(|it| it.0.clone()),
                riding: riding_rows(rows).into(),
                filter: of_group(span),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let listing = data.group.ok_or_else(|| AskError::no_group(group))?.events;
        let info = listing.page_info;
        let end = info.map(|it| (it.has_next_page, it.end_cursor));
        let last = listing.edges.last().map(|it| it.cursor.clone());
        let total = listing.total_count;
        let edges = listing.edges.into_iter();
        let events = edges.map(|it| snapshot_with_rsvps(it.node, Some(group)));
        Ok(raw.answer(page(question.operation, events, end, last, total)?))
    }

    /// These events, in the order asked; none where Meetup shows none.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn events_by_id(
        &self,
        ids: &[EventId],
    ) -> Result<Answer<Vec<Result<Option<EventSnapshot>, Unreadable>>>, AskError> {
        let many = Many {
            operation: events_by_id::OPERATION_NAME,
            text: events_by_id::QUERY,
            pages: PageLimits { most: 1, least: 1 },
            events_from: None,
            believes_holes: false,
        };
        let ids: Vec<&str> = ids.iter().map(EventId::as_str).collect();
        self.many(&many, &ids, |fields, _| snapshot(fields, None))
            .await
    }
}
