//! Who signed in, and which of what is configured that account can see.

use super::aliases::Many;
use super::memberships::member;
use super::operations::shared::{GroupSeen, ProNetworkGroupsSearchInput};
use super::operations::{groups_seen, myself, network_seen};
use super::pace::PageLimits;
use super::question::{self, Question};
use super::{AskError, Meetup, text};
use crate::community::Member;

const ONE_ROW: PageLimits = PageLimits { most: 1, least: 1 };

/// A network as this account sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkSeen {
    /// Display name.
    pub name: String,
    /// How many groups it has.
    pub groups: i64,
}

impl Meetup {
    /// The account that signed in; none where Meetup does not say.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn myself(&self) -> Result<Option<Member>, AskError> {
        let question = plain(
            myself::OPERATION_NAME,
            myself::QUERY,
            "the account".to_owned(),
        );
        let raw = self.ask(&question, |_| myself::Variables {}).await?;
        let data: myself::ResponseData = raw.decode(&question)?;
        Ok(data.self_.map(|it| member(it.id, it.name)))
    }

    /// A network, where this account may see it.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn network_seen(&self, urlname: &str) -> Result<Option<NetworkSeen>, AskError> {
        let question = plain(
            network_seen::OPERATION_NAME,
            network_seen::QUERY,
            question::network(urlname),
        );
        let raw = self
            .ask(&question, |rows| network_seen::Variables {
                urlname: urlname.to_owned(),
                input: ProNetworkGroupsSearchInput {
                    first: Some(rows.into()),
                    after: None,
                    desc: None,
                    sort: None,
                    filter: None,
                },
            })
            .await?;
        let data: network_seen::ResponseData = raw.decode(&question)?;
        Ok(data.pro_network.map(|it| NetworkSeen {
            name: text::required(it.name),
            groups: it.groups_search.total_count,
        }))
    }

    /// The names of these groups, in the order asked; none for those that this account cannot see.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn groups_seen(&self, urlnames: &[&str]) -> Result<Vec<Option<String>>, AskError> {
        let many = Many {
            operation: groups_seen::OPERATION_NAME,
            text: groups_seen::QUERY,
            pages: ONE_ROW,
            events_from: None,
            believes_holes: false,
        };
        let name = |fields: GroupSeen, _| Some(text::required(fields.name));
        let answer = self.many(&many, urlnames, name).await?;
        let names: Result<_, _> = answer.value.into_iter().collect();
        Ok(names?)
    }
}

fn plain(operation: &'static str, text: &'static str, scope: String) -> Question {
    Question {
        operation,
        text,
        scope,
        root_fields: 1,
        pages: ONE_ROW,
        is_continued: false,
        believes_holes: false,
    }
}
