//! What is asked for of the calendar, by its address.

use crate::{app::showing::Look, report::clean};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What the address asks for: empty asks for nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    /// A urlname, or a part of a name.
    pub(super) group: String,
    pub(super) country: String,
    pub(super) region: String,
    /// The urlname of a network.
    pub(super) network: String,
    /// The sheet of what to order, to be printed.
    pub(super) orders: String,
}

impl Asked {
    /// Asks for one group.
    pub(in crate::web) fn group(urlname: &str) -> Self {
        Self {
            group: urlname.to_owned(),
            ..Self::default()
        }
    }

    /// The urlnames of the groups that are asked for; none: of all.
    pub(super) fn groups(&self, look: &Look) -> Option<BTreeSet<String>> {
        let wanted = clean(&self.group).to_lowercase();
        let filters = [&wanted, &self.country, &self.region, &self.network];
        if filters.iter().all(|it| it.is_empty()) {
            return None;
        }
        let is_one = look.report().group(&wanted).is_some();
        let groups = look.report().groups.iter().map(|it| &it.figures);
        let groups = groups.filter(|it| {
            let is_called = match is_one {
                true => it.urlname.eq_ignore_ascii_case(&wanted),
                false => {
                    it.urlname.to_lowercase().contains(&wanted)
                        || clean(&it.name).to_lowercase().contains(&wanted)
                }
            };
            let country = it.country.as_deref().unwrap_or_default();
            let is_there =
                self.country.is_empty() || country.eq_ignore_ascii_case(self.country.as_str());
            is_called
                && is_there
                && look.is_in_region(&self.region, &it.urlname)
                && look.is_in_network(&self.network, &it.urlname)
        });
        Some(groups.map(|it| it.urlname.clone()).collect())
    }

    /// The same filters as the query of an address, with something more asked for.
    pub(super) fn query(&self, more: Option<(&str, &str)>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let all = [
            ("group", self.group.as_str()),
            ("country", &self.country),
            ("region", &self.region),
            ("network", &self.network),
        ];
        for (key, value) in all.into_iter().chain(more) {
            if !value.is_empty() {
                query.append_pair(key, value);
            }
        }
        match query.finish() {
            query if query.is_empty() => query,
            query => format!("?{query}"),
        }
    }
}
