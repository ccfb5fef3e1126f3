//! Memberships: a group's people, page by page or by name of id.

use crate::community::{Cursor, GroupId, Member, MemberId, Membership};

use super::answers::{Answer, People, next_cursor};
use super::operations::group_memberships as asked;
use super::operations::shared::{GroupMembershipSort, MembershipEdge, MembershipFilter};
use super::pace::PageLimits;
use super::question::{self, Question};
use super::statuses::{ANY_STATUS, IN_GROUP};
use super::{AskError, Meetup, scalars, text};

/// People asked for by id in one request.
const IDS_AT_ONCE: usize = 200;

/// A person, from the `id` and `name` of any node.
pub(crate) fn member(id: String, name: Option<String>) -> Member {
    Member {
        id: MemberId(id),
        name: text::optional(name),
    }
}

impl People {
    /// Sorts rows into what they say. A row without its person or without what they are is no absence.
    fn of(edges: Vec<MembershipEdge>) -> Self {
        let mut people = Self::default();
        for edge in edges {
            match (&edge.node, &edge.metadata) {
                (None, _) => people.nameless += 1,
                (Some(node), None) => people.unsaid.push(MemberId(node.id.clone())),
                (Some(_), Some(_)) => people.rows.extend(membership(edge)),
            }
        }
        people
    }

    /// Each row by its person, for a walk; those that do not say who by a number, after so many of them.
    pub fn keys(&self, nameless: usize) -> Vec<String> {
        let named = self.rows.iter().map(|row| &row.member.id);
        let named = named.chain(&self.unsaid).map(|id| id.0.clone());
        let numbers = nameless..nameless + self.nameless;
        named.chain(numbers.map(|it| format!("?{it}"))).collect()
    }
}

/// A membership; none where Meetup leaves out the person or what they are in the group.
pub(crate) fn membership(edge: MembershipEdge) -> Option<Membership> {
    let (node, metadata) = edge.node.zip(edge.metadata)?;
    Some(Membership {
        member: member(node.id, node.name),
        role: text::optional(metadata.role).map(Into::into),
        status: metadata.status,
        joined_at: metadata.join_time.map(scalars::DateTime::utc),
        last_access_at: metadata.last_access_time.map(scalars::DateTime::utc),
    })
}

impl Meetup {
    /// One page of a group's people of status ACTIVE or LEADER; none where Meetup shows no such group.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn memberships(
        &self,
        group: &GroupId,
        after: Option<&Cursor>,
        newest_first: bool,
    ) -> Result<Answer<Option<People>>, AskError> {
        let filter = MembershipFilter {
            member_ids: None,
            status: Some(IN_GROUP.map(|it| Some(it.to_owned())).to_vec()),
        };
        let sort = newest_first.then(|| GroupMembershipSort {
            sort_field: Some("JOIN_DATE".to_owned()),
            sort_order: Some("DESC".to_owned()),
        });
        self.people(
            group,
            after,
            &filter,
            sort.as_ref(),
            self.settings.page_size,
        )
        .await
    }

    /// What has become of these people in the group: those that are absent from the answer are not in it,
    /// unless there are rows in it that do not say who.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn members_of(
        &self,
        group: &GroupId,
        ids: &[MemberId],
    ) -> Result<Answer<Option<People>>, AskError> {
        // Meetup takes these ids as numbers; what is no number was never one of its members.
        let mut numbers: Vec<i64> = ids
            .iter()
            .filter_map(|id| id.as_str().parse::<i32>().ok())
            .map(i64::from)
            .collect();
        let mut found = People::default();
        let mut whole: Option<Answer<()>> = None;
        if numbers.is_empty() {
            // Nobody's id: the answer's number and time are wanted even so.
            numbers.push(0);
        }
        for at_once in numbers.chunks(IDS_AT_ONCE) {
            let filter = MembershipFilter {
                member_ids: Some(at_once.to_vec()),
                status: Some(ANY_STATUS.iter().map(|it| Some((*it).to_owned())).collect()),
            };
            let rows = u32::try_from(at_once.len()).unwrap_or(u32::MAX);
            let mut walk = super::Walk::default();
            loop {
                let answer = self.people(group, walk.at(), &filter, None, rows).await?;
                let Answer {
                    value,
                    asked,
                    answered_at,
                } = answer;
                whole.get_or_insert(Answer {
                    value: (),
                    asked,
                    answered_at,
                });
                let Some(page) = value else {
                    return Ok(Answer {
                        value: None,
                        asked,
                        answered_at,
                    });
                };
                let keys = page.keys(found.nameless);
                let keys = keys.iter().map(String::as_str);
                let goes_on = walk.goes_on(page.next.clone(), page.total, keys)?;
                found.rows.extend(page.rows);
                found.unsaid.extend(page.unsaid);
                found.nameless += page.nameless;
                if !goes_on {
                    break;
                }
            }
        }
        let Answer {
            asked, answered_at, ..
        } = whole.unwrap_or(Answer {
            value: (),
            asked: 0,
            answered_at: None,
        });
        Ok(Answer {
            value: Some(found),
            asked,
            answered_at,
        })
    }

    async fn people(
        &self,
        group: &GroupId,
        after: Option<&Cursor>,
        filter: &MembershipFilter,
        sort: Option<&GroupMembershipSort>,
        most: u32,
    ) -> Result<Answer<Option<People>>, AskError> {
        let question = Question {
            operation: asked::OPERATION_NAME,
            text: asked::QUERY,
            scope: question::group(group),
            root_fields: 1,
            pages: PageLimits::up_to(most),
            is_continued: after.is_some(),
            believes_holes: false,
        };
        let raw = self
            .ask(&question, |rows| asked::Variables {
                group: group.0.clone(),
                first: rows.into(),
                after: after.map(|it| it.0.clone()),
                filter: MembershipFilter {
                    member_ids: filter.member_ids.clone(),
                    status: filter.status.clone(),
                },
                sort: sort.map(|it| GroupMembershipSort {
                    sort_field: it.sort_field.clone(),
                    sort_order: it.sort_order.clone(),
                }),
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let page = data.group.map(|group| {
            let listing = group.memberships;
            let next = next_cursor(
                listing.edges.len(),
                listing
                    .page_info
                    .map(|it| (it.has_next_page, it.end_cursor)),
                listing.edges.last().map(|it| it.cursor.clone()),
            );
            People {
                next,
                total: listing.total_count,
                ..People::of(listing.edges)
            }
        });
        Ok(raw.answer(page))
    }
}
