//! Asking the API about itself: the types that our operations use, and no others.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde::Deserialize;

use super::uses::uses;
use crate::meetup::pace::PageLimits;
use crate::meetup::question::Question;
use crate::meetup::{AskError, Meetup};

const OPERATION: &str = "Introspection";

/// One type, four lists deep: more than any of ours.
const FRAGMENTS: &str = "
fragment Described on __Type {
  name
  fields(includeDeprecated: true) { name isDeprecated args { name defaultValue type { ...Named } } type { ...Named } }
  inputFields { name defaultValue type { ...Named } }
  enumValues(includeDeprecated: true) { name isDeprecated }
}
fragment Named on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
}";

/// A type of the live API.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LiveType {
    #[serde(default)]
    pub(super) fields: Option<Vec<LiveField>>,
    #[serde(default)]
    pub(super) input_fields: Option<Vec<LiveInput>>,
    #[serde(default)]
    pub(super) enum_values: Option<Vec<LiveValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LiveField {
    pub(super) name: String,
    #[serde(default)]
    pub(super) is_deprecated: bool,
    #[serde(default)]
    pub(super) args: Vec<LiveInput>,
    #[serde(rename = "type")]
    pub(super) ty: LiveRef,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LiveInput {
    pub(super) name: String,
    #[serde(default)]
    pub(super) default_value: Option<String>,
    #[serde(rename = "type")]
    pub(super) ty: LiveRef,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LiveValue {
    pub(super) name: String,
    #[serde(default)]
    pub(super) is_deprecated: bool,
}

/// A type as it is referred to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LiveRef {
    kind: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    of_type: Option<Box<LiveRef>>,
}

impl LiveRef {
    /// As it would be written: `[Event!]!`.
    pub(super) fn written(&self) -> String {
        let inner = || {
            self.of_type
                .as_ref()
                .map_or_else(|| "?".to_owned(), |it| it.written())
        };
        match self.kind.as_str() {
            "NON_NULL" => format!("{}!", inner()),
            "LIST" => format!("[{}]", inner()),
            _ => self.name.clone().unwrap_or_else(|| "?".to_owned()),
        }
    }

    pub(super) fn is_non_null(&self) -> bool {
        self.kind == "NON_NULL"
    }
}

impl Meetup {
    /// The types that our operations use, by name; what is not among them is not there.
    pub(super) async fn introspect(&self) -> Result<BTreeMap<String, LiveType>, AskError> {
        static TEXT: LazyLock<String> = LazyLock::new(|| {
            let mut text = format!("query {OPERATION} {{");
            for of in uses().types() {
                let _ = write!(text, " {of}: __type(name: \"{of}\") {{ ...Described }}");
            }
            text + " }" + FRAGMENTS
        });
        let question = Question {
            operation: OPERATION,
            text: &TEXT,
            scope: "the schema".to_owned(),
            root_fields: u32::try_from(uses().types().len()).unwrap_or(u32::MAX),
            pages: PageLimits { most: 1, least: 1 },
            is_continued: false,
            believes_holes: false,
        };
        let raw = self
            .ask(&question, |_| BTreeMap::<String, String>::new())
            .await?;
        let found: BTreeMap<String, Option<LiveType>> = raw.decode(&question)?;
        Ok(found
            .into_iter()
            .filter_map(|(name, it)| it.map(|it| (name, it)))
            .collect())
    }
}
