//! Groups: a network's listing, and many at once by id or by the name in the URL.

use chrono::{DateTime, Utc};

use crate::community::{Cursor, Group, GroupEvents, GroupId, GroupSnapshot, Network, NetworkId};

use super::aliases::Many;
use super::answers::{Answer, NetworkGroups, Page, counted, next_cursor};
use super::memberships::{member, membership};
use super::operations::shared::{
    GroupFields, GroupHead, GroupWithEvents, MembershipEdge, NetworkGroupsFilter,
    ProNetworkGroupsSearchInput,
};
use super::operations::{
    groups_by_id, groups_by_urlname, network_group_ids, network_groups as asked,
};
use super::pace::PageLimits;
use super::question::{self, Question};
use super::{AskError, Meetup, Unreadable, events, scalars, text};

/// Events that ride along with each group asked by id or urlname; fewer when the answer fails for its
/// size.
const EVENTS_WITH_GROUP: PageLimits = PageLimits { most: 20, least: 5 };

/// A group, its leaders and its newest members.
fn snapshot(it: GroupFields) -> GroupSnapshot {
    let people = |edges: Vec<MembershipEdge>| edges.into_iter().filter_map(membership).collect();
    GroupSnapshot {
        leaders: people(it.leaders.edges),
        newest: people(it.newest.edges),
        is_bare: false,
        ..bare(it.group_head)
    }
}

/// A group without its people.
pub(super) fn bare(it: GroupHead) -> GroupSnapshot {
    let analytics = it.group_analytics;
    let members = analytics.as_ref().and_then(|it| counted(it.total_members));
    let all = it.stats.and_then(|it| counted(it.member_counts.all));
    GroupSnapshot {
        leaders: Vec::new(),
        newest: Vec::new(),
        is_bare: true,
        events: None,
        group: Group {
            id: GroupId(it.id),
            network: it.pro_network.map(|it| NetworkId(it.id)),
            urlname: text::required(it.urlname),
            name: text::required(it.name),
            city: text::optional(it.city),
            state: text::optional(it.state),
            country: text::country(it.country),
            lat: it.lat,
            lon: it.lon,
            timezone: text::optional(it.timezone),
            founded_at: it.founded_date.map(scalars::DateTime::utc),
            joined_network_at: it.pro_join_date.map(scalars::DateTime::utc),
            status: it.status.into(),
            past_events: analytics
                .as_ref()
                .and_then(|it| counted(it.total_past_events)),
            tie_status: analytics
                .and_then(|it| text::optional(Some(it.tie_status)))
                .map(Into::into),
            join_mode: it.join_mode,
            is_private: it.is_private,
            organizer: it.organizer.map(|it| member(it.id, it.name)),
            member_count: members.or(all),
            link: text::optional(it.link),
        },
    }
}

/// The same with the events that rode along, of which `rows` were asked for.
fn snapshot_with_events(it: GroupWithEvents, rows: u32) -> GroupSnapshot {
    let listing = it.events;
    let complete = match &listing.page_info {
        Some(info) => !info.has_next_page,
        None => listing.edges.len() < rows as usize,
    };
    let mut snapshot = snapshot(it.group_fields);
    let of = Some(&snapshot.group.id);
    let edges = listing.edges.into_iter();
    let events = edges.filter_map(|edge| events::snapshot(edge.node, of));
    let events = events.collect();
    snapshot.events = Some(GroupEvents { events, complete });
    snapshot
}

impl Meetup {
    /// One page of a network's groups (of `only` these, where given).
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn network_groups(
        &self,
        urlname: &str,
        after: Option<&Cursor>,
        only: Option<&[GroupId]>,
    ) -> Result<Answer<NetworkGroups>, AskError> {
        let question = Question {
            operation: asked::OPERATION_NAME,
            text: asked::QUERY,
            scope: question::network(urlname),
            root_fields: 1,
            pages: PageLimits::up_to(self.settings.page_size),
            is_continued: after.is_some(),
            believes_holes: false,
        };
        let raw = self
            .ask(&question, |rows| asked::Variables {
                urlname: urlname.to_owned(),
                input: ProNetworkGroupsSearchInput {
                    first: Some(rows.into()),
                    after: after.map(|it| it.0.clone()),
                    desc: None,
                    sort: None,
                    filter: only.map(|ids| NetworkGroupsFilter {
                        group_ids: Some(ids.iter().map(|id| id.0.clone()).collect()),
                    }),
                },
            })
            .await?;
        let data: asked::ResponseData = raw.decode(&question)?;
        let network = data
            .pro_network
            .ok_or_else(|| AskError::no_network(urlname))?;
        let listing = network.groups_search;
        let info = listing.page_info;
        let next = next_cursor(
            listing.edges.len(),
            Some((info.has_next_page, info.end_cursor)),
            None,
        );
        let page = Page {
            rows: listing
                .edges
                .into_iter()
                .map(|edge| snapshot(edge.node))
                .collect(),
            next,
            total: counted(listing.total_count),
        };
        let fields = network.network_fields;
        let network = Network {
            id: NetworkId(fields.id),
            urlname: text::required(fields.urlname),
            name: text::required(fields.name),
            primary_admin: fields.primary_admin.map(|it| member(it.id, it.name)),
        };
        Ok(raw.answer(NetworkGroups { network, page }))
    }

    /// One page of the ids of a network's groups, and nothing else: the latest to join first, or the
    /// earliest; of `at_most` so many rows, where given.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn network_group_ids(
        &self,
        urlname: &str,
        after: Option<&Cursor>,
        earliest_first: bool,
        at_most: Option<u32>,
    ) -> Result<Answer<Page<GroupId>>, AskError> {
        let question = Question {
            operation: network_group_ids::OPERATION_NAME,
            text: network_group_ids::QUERY,
            scope: question::network(urlname),
            root_fields: 1,
            pages: PageLimits::up_to(self.settings.page_size.min(at_most.unwrap_or(u32::MAX))),
            is_continued: after.is_some(),
            believes_holes: false,
        };
        let raw = self
            .ask(&question, |rows| network_group_ids::Variables {
                urlname: urlname.to_owned(),
                input: ProNetworkGroupsSearchInput {
                    first: Some(rows.into()),
                    after: after.map(|it| it.0.clone()),
                    desc: earliest_first.then_some(false),
                    sort: None,
                    filter: None,
                },
            })
            .await?;
        let data: network_group_ids::ResponseData = raw.decode(&question)?;
        let network = data
            .pro_network
            .ok_or_else(|| AskError::no_network(urlname))?;
        let listing = network.groups_search;
        let info = listing.page_info;
        let end = Some((info.has_next_page, info.end_cursor));
        let next = next_cursor(listing.edges.len(), end, None);
        let rows = listing.edges.into_iter().map(|edge| GroupId(edge.node.id));
        let (rows, total) = (rows.collect(), counted(listing.total_count));
        Ok(raw.answer(Page { rows, next, total }))
    }

    /// These groups with their events since `hot_from`, in the order asked; none where Meetup shows none.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn groups_by_id(
        &self,
        ids: &[GroupId],
        hot_from: DateTime<Utc>,
    ) -> Result<Answer<Vec<Result<Option<GroupSnapshot>, Unreadable>>>, AskError> {
        let many = Many {
            operation: groups_by_id::OPERATION_NAME,
            text: groups_by_id::QUERY,
            pages: EVENTS_WITH_GROUP,
            events_from: Some(hot_from),
            believes_holes: false,
        };
        let ids: Vec<&str> = ids.iter().map(GroupId::as_str).collect();
        self.many(&many, &ids, |fields, rows| {
            Some(snapshot_with_events(fields, rows))
        })
        .await
    }

    /// As [`Meetup::groups_by_id`], by the name in the URL.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn groups_by_urlname(
        &self,
        urlnames: &[&str],
        hot_from: DateTime<Utc>,
    ) -> Result<Answer<Vec<Result<Option<GroupSnapshot>, Unreadable>>>, AskError> {
        let many = Many {
            operation: groups_by_urlname::OPERATION_NAME,
            text: groups_by_urlname::QUERY,
            pages: EVENTS_WITH_GROUP,
            events_from: Some(hot_from),
            believes_holes: false,
        };
        self.many(&many, urlnames, |fields, rows| {
            Some(snapshot_with_events(fields, rows))
        })
        .await
    }
}
