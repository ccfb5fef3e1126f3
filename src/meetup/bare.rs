//! Less of an answer at a time, asked when the whole of it cannot be read or is null.
//!
//! A hole was met before anything here is asked, so holes in a part of it are believed at once; in what is left
//! when all that may spoil it is left out, when they are met again and again, as in any answer.

use crate::community::{
    Cursor, Event, EventId, EventToken, GroupId, GroupSnapshot, Member, Rsvp, RsvpId, RsvpSign,
};

use super::aliases::Many;
use super::answers::{Answer, Page, Span, counted, next_cursor};
use super::operations::shared::{EventName, RsvpHead};
use super::operations::{
    event_heads_by_id, event_rsvp_ids, event_rsvp_rows, events_by_id, group_event_ids,
    group_heads_by_id, group_heads_by_urlname, network_event_ids,
};
use super::pace::PageLimits;
use super::question::{self, Question};
use super::rsvps::{rsvp, rsvp_counts, rsvp_of};
use super::{AskError, Meetup, Unreadable, events, groups};

/// Everything of an RSVP but whose it is.
#[derive(Debug)]
pub struct BareRsvp {
    /// Its id.
    pub id: RsvpId,
    /// Where it stands in the listing by id.
    pub cursor: Cursor,
    head: RsvpHead,
}

impl BareRsvp {
    /// The whole of it, where it is known whose it is.
    pub fn of(self, member: Member) -> Rsvp {
        rsvp_of(self.head, member)
    }
}

/// A page of them.
#[derive(Debug)]
pub struct BareRsvps {
    /// The event's stable key.
    pub token: EventToken,
    /// The server's counts, and no rows.
    pub sign: RsvpSign,
    /// The rows, by id.
    pub rows: Vec<BareRsvp>,
    /// Whether more follow.
    pub has_next: bool,
}

type ById<T> = Answer<Vec<Result<Option<T>, Unreadable>>>;

fn many(operation: &'static str, text: &'static str) -> Many {
    Many {
        operation,
        text,
        pages: PageLimits { most: 1, least: 1 },
        events_from: None,
        believes_holes: false,
    }
}

fn name(it: EventName) -> (EventId, EventToken) {
    (EventId(it.id), EventToken(it.token))
}

impl Meetup {
    fn bare(
        &self,
        operation: &'static str,
        text: &'static str,
        scope: String,
        after: Option<&Cursor>,
        most: Option<usize>,
    ) -> Question {
        let most = most.and_then(|most| u32::try_from(most).ok());
        let page = self.settings.page_size;
        Question {
            operation,
            text,
            scope,
            root_fields: 1,
            pages: PageLimits::up_to(most.map_or(page, |most| most.min(page))),
            is_continued: after.is_some(),
            believes_holes: true,
        }
    }

    /// One page of the ids and tokens of a group's events, listed through its network.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn network_event_ids(
        &self,
        urlname: &str,
        group: &GroupId,
        span: Span,
        after: Option<&Cursor>,
    ) -> Result<Answer<Page<(EventId, EventToken)>>, AskError> {
        use network_event_ids as asked;
        let scope = question::network(urlname);
        let question = self.bare(asked::OPERATION_NAME, asked::QUERY, scope, after, None);
        let only = std::slice::from_ref(group);
        let raw = self
            .ask(&question, |rows| asked::Variables {
                urlname: urlname.to_owned(),
                input: events::of_network(rows, span, after, Some(only)),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let network = data
            .pro_network
            .ok_or_else(|| AskError::no_network(urlname))?;
        let listing = network.events_search;
        let info = listing.page_info;
        let end = Some((info.has_next_page, info.end_cursor));
        let next = next_cursor(listing.edges.len(), end, None);
        let edges = listing.edges.into_iter();
        let rows = edges.map(|it| name(it.node)).collect();
        let total = counted(listing.total_count);
        Ok(raw.answer(Page { rows, next, total }))
    }

    /// The same, listed by the group itself.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn group_event_ids(
        &self,
        group: &GroupId,
        span: Span,
        after: Option<&Cursor>,
    ) -> Result<Answer<Page<(EventId, EventToken)>>, AskError> {
        use group_event_ids as asked;
        let scope = question::group(group);
        let question = self.bare(asked::OPERATION_NAME, asked::QUERY, scope, after, None);
        let raw = self
            .ask(&question, |rows| asked::Variables {
                group: group.0.clone(),
                first: rows.into(),
                after: after.map(|it| it.0.clone()),
                filter: events::of_group(span),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let listing = data.group.ok_or_else(|| AskError::no_group(group))?.events;
        let end = listing
            .page_info
            .map(|it| (it.has_next_page, it.end_cursor));
        let last = listing.edges.last().map(|it| it.cursor.clone());
        let next = next_cursor(listing.edges.len(), end, last);
        let edges = listing.edges.into_iter();
        let rows = edges.map(|it| name(it.node)).collect();
        let total = listing.total_count;
        Ok(raw.answer(Page { rows, next, total }))
    }

    /// These events of a group with their signs, each by itself.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn events_apart(
        &self,
        group: &GroupId,
        ids: &[EventId],
    ) -> Result<ById<crate::community::EventSnapshot>, AskError> {
        let many = Many {
            believes_holes: true,
            ..many(events_by_id::OPERATION_NAME, events_by_id::QUERY)
        };
        let ids: Vec<&str> = ids.iter().map(EventId::as_str).collect();
        self.many(&many, &ids, |fields, _| {
            events::snapshot(fields, Some(group))
        })
        .await
    }

    /// These events of a group without any of their RSVPs, each by itself.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn event_heads(
        &self,
        group: &GroupId,
        ids: &[EventId],
    ) -> Result<ById<Event>, AskError> {
        let many = many(event_heads_by_id::OPERATION_NAME, event_heads_by_id::QUERY);
        let ids: Vec<&str> = ids.iter().map(EventId::as_str).collect();
        self.many(&many, &ids, |head, _| events::head(head, Some(group)))
            .await
    }

    /// These groups without any list of theirs, each by itself: a null here is no list's doing.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn group_heads(&self, ids: &[GroupId]) -> Result<ById<GroupSnapshot>, AskError> {
        let many = many(group_heads_by_id::OPERATION_NAME, group_heads_by_id::QUERY);
        let ids: Vec<&str> = ids.iter().map(GroupId::as_str).collect();
        self.many(&many, &ids, |head, _| Some(groups::bare(head)))
            .await
    }

    /// The same by the name in the URL.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn group_heads_by_urlname(
        &self,
        urlnames: &[&str],
    ) -> Result<ById<GroupSnapshot>, AskError> {
        use group_heads_by_urlname as asked;
        let many = many(asked::OPERATION_NAME, asked::QUERY);
        self.many(&many, urlnames, |head, _| Some(groups::bare(head)))
            .await
    }

    /// One page of an event's RSVPs by id, without their people; none where Meetup shows no such event.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn event_rsvp_ids(
        &self,
        event: &EventId,
        after: Option<&Cursor>,
    ) -> Result<Answer<Option<BareRsvps>>, AskError> {
        use event_rsvp_ids as asked;
        let scope = format!("event {event}");
        let question = self.bare(asked::OPERATION_NAME, asked::QUERY, scope, after, None);
        let raw = self
            .ask(&question, |rows| asked::Variables {
                event: event.0.clone(),
                first: rows.into(),
                after: after.map(|it| it.0.clone()),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let found = data.event.map(|event| {
            let listing = event.rsvps;
            let has_next = listing
                .page_info
                .map_or(!listing.edges.is_empty(), |info| info.has_next_page);
            let row = |edge: asked::EventRsvpIdsEventRsvpsEdges| BareRsvp {
                id: RsvpId(edge.node.id.clone()),
                cursor: Cursor(edge.cursor),
                head: edge.node,
            };
            BareRsvps {
                token: EventToken(event.token),
                sign: RsvpSign {
                    counts: rsvp_counts(&listing.rsvp_counts),
                    newest: Vec::new(),
                },
                has_next: has_next && !listing.edges.is_empty(),
                rows: listing.edges.into_iter().map(row).collect(),
            }
        });
        Ok(raw.answer(found))
    }

    /// So many of an event's RSVPs by id, in full, after this place.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn event_rsvp_rows(
        &self,
        event: &EventId,
        after: Option<&Cursor>,
        count: usize,
    ) -> Result<Answer<Vec<Rsvp>>, AskError> {
        use event_rsvp_rows as asked;
        let scope = format!("event {event}");
        let question = self.bare(
            asked::OPERATION_NAME,
            asked::QUERY,
            scope,
            after,
            Some(count),
        );
        let raw = self
            .ask(&question, |rows| asked::Variables {
                event: event.0.clone(),
                first: rows.into(),
                after: after.map(|it| it.0.clone()),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let edges = data.event.map(|event| event.rsvps.edges);
        let rows = edges.into_iter().flatten().map(|edge| rsvp(edge.node));
        Ok(raw.answer(rows.collect()))
    }
}
