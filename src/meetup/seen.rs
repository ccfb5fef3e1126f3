//! Who signed in, and which of what is configured that account can see.

use super::aliases::Many;
use super::memberships::member;
use super::operations::shared::{GroupSeen, ProNetworkGroupsSearchInput};
use super::operations::{groups_seen, myself, network_seen, networks_of_mine};
use super::pace::PageLimits;
use super::question::{self, Question};
use super::{AskError, Meetup, text};
use crate::community::Member;

const ONE_ROW: PageLimits = PageLimits { most: 1, least: 1 };

/// A network that this account administers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkOfMine {
    /// The name in its address.
    pub urlname: String,
    /// What it is called and how many groups it has.
    pub seen: NetworkSeen,
}

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

    /// The networks that this account administers, as Meetup lists them; none where it does not say who the
    /// account is.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn networks_of_mine(&self) -> Result<Vec<NetworkOfMine>, AskError> {
        let question = plain(
            networks_of_mine::OPERATION_NAME,
            networks_of_mine::QUERY,
            "the account's networks".to_owned(),
        );
        let raw = self
            .ask(&question, |rows| networks_of_mine::Variables {
                input: ProNetworkGroupsSearchInput {
                    first: Some(rows.into()),
                    after: None,
                    desc: None,
                    sort: None,
                    filter: None,
                },
            })
            .await?;
        let data: networks_of_mine::ResponseData = raw.decode(&question)?;
        let mine = data.self_.into_iter().flat_map(|it| it.admin_pro_networks);
        Ok(mine
            .map(|it| NetworkOfMine {
                urlname: it.urlname,
                seen: NetworkSeen {
                    name: text::required(it.name),
                    groups: it.groups_search.total_count,
                },
            })
            .collect())
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
