//! RSVPs: one event's, a page at a time, and the sign that tells whether they changed.

use crate::community::{
    Cursor, EventId, EventToken, Member, Rsvp, RsvpCounts, RsvpId, RsvpPage, RsvpSign, RsvpStatus,
};

use super::answers::{Answer, EventRsvps, RsvpOrder};
use super::memberships::member;
use super::operations::event_rsvps as asked;
use super::operations::shared::{self, RsvpFields, RsvpHead, RsvpRows, RsvpSort};
use super::pace::PageLimits;
use super::question::Question;
use super::{AskError, Meetup, scalars, text};

pub(super) fn rsvp(it: RsvpFields) -> Rsvp {
    let member = member(it.member.id, it.member.name);
    rsvp_of(it.rsvp_head, member)
}

/// An RSVP of this person.
pub(super) fn rsvp_of(it: RsvpHead, member: Member) -> Rsvp {
    let status = text::optional(it.status);
    Rsvp {
        id: RsvpId(it.id),
        member,
        status: status.as_deref().map(RsvpStatus::parse),
        guest_count: it.guests_count.max(0),
        is_host: it.is_host,
        updated_at: it.updated.map(scalars::DateTime::utc),
    }
}

/// The counts, and the RSVPs that changed last.
pub(crate) fn rsvp_sign(it: shared::RsvpSign) -> RsvpSign {
    RsvpSign {
        counts: rsvp_counts(&it.rsvp_counts),
        newest: it.edges.into_iter().map(|edge| rsvp(edge.node)).collect(),
    }
}

/// The server's counts.
pub(super) fn rsvp_counts(it: &shared::RsvpCounts) -> RsvpCounts {
    RsvpCounts {
        yes: it.yes_count,
        no: it.no_count,
        waitlist: it.waitlist_count,
        attended: it.attended_count,
        no_show: it.no_show_count,
        absent: it.absent_count,
    }
}

/// A page of rows. Where it is not told whether there are more, there may be: the server may give fewer
/// rows than it is asked for. The walk then ends at a page of one row.
pub(crate) fn rsvp_page(it: RsvpRows) -> RsvpPage {
    let count = it.edges.len();
    let has_next = it.page_info.map_or(count > 1, |info| info.has_next_page);
    // Cursors are offsets here: the next page overlaps this one by a row, which shows a shift.
    let second_last = count.checked_sub(2).and_then(|place| it.edges.get(place));
    RsvpPage {
        resume_after: second_last
            .filter(|_| has_next)
            .map(|edge| Cursor(edge.cursor.clone())),
        has_next: has_next && count > 0,
        rows: it.edges.into_iter().map(|edge| rsvp(edge.node)).collect(),
    }
}

impl Meetup {
    /// One page of an event's RSVPs in all statuses, and its sign; none where Meetup shows no such event.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn event_rsvps(
        &self,
        event: &EventId,
        order: RsvpOrder,
        after: Option<&Cursor>,
    ) -> Result<Answer<Option<EventRsvps>>, AskError> {
        let question = Question {
            operation: asked::OPERATION_NAME,
            text: asked::QUERY,
            scope: format!("event {event}"),
            root_fields: 1,
            pages: PageLimits::up_to(self.settings.page_size),
            is_continued: after.is_some(),
            believes_holes: false,
        };
        let (field, direction) = match order {
            RsvpOrder::ById => ("RSVP_ID", "ASC"),
            RsvpOrder::NewestFirst => ("DATETIME", "DESC"),
        };
        let raw = self
            .ask(&question, |rows| asked::Variables {
                event: event.0.clone(),
                first: rows.into(),
                after: after.map(|it| it.0.clone()),
                sort: Some(RsvpSort {
                    sort_field: Some(field.to_owned()),
                    sort_order: Some(direction.to_owned()),
                }),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let found = data.event.map(|event| EventRsvps {
            token: EventToken(event.token),
            page: rsvp_page(event.page),
            sign: rsvp_sign(event.sign),
        });
        Ok(raw.answer(found))
    }
}
