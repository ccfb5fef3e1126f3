//! What could not be read, as types: of what, and in which way. Nobody has to read a message to know.

use super::GroupId;
use std::fmt;

/// What a failure is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Nobody is signed in any more: nothing can be read before a person does something.
    SignIn,
    /// The pass as a whole.
    Pass,
    /// A network, by the urlname it is configured with.
    Network(String),
    /// A group.
    Group(GroupName),
}

/// How a group that failed is known: one that was never read may show no more than an id, or no more
/// than the name it is configured with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupName {
    /// By Meetup's id.
    Id(GroupId),
    /// By the name in its URL.
    Urlname(String),
}

impl Scope {
    /// A network, by its urlname.
    pub fn network(urlname: impl Into<String>) -> Self {
        Self::Network(urlname.into())
    }

    /// A group, by its urlname.
    pub fn group(urlname: impl Into<String>) -> Self {
        Self::Group(GroupName::Urlname(urlname.into()))
    }

    /// A group, by its id.
    pub fn group_of(id: &GroupId) -> Self {
        Self::Group(GroupName::Id(id.clone()))
    }

    /// How a person names it, where it has a name.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::SignIn | Self::Pass => None,
            Self::Network(name) | Self::Group(GroupName::Urlname(name)) => Some(name),
            Self::Group(GroupName::Id(id)) => Some(id.as_str()),
        }
    }

    /// The word for what it is.
    pub fn word(&self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Pass => "pass",
            Self::Network(_) => "network",
            Self::Group(_) => "group",
        }
    }
}

/// As people read it: `group acme-berlin`, `network acme`, `sign-in`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn => f.write_str("sign-in"),
            Self::Pass => f.write_str("pass"),
            Self::Network(urlname) => write!(f, "network {urlname}"),
            Self::Group(GroupName::Id(id)) => write!(f, "group {id}"),
            Self::Group(GroupName::Urlname(urlname)) => write!(f, "group {urlname}"),
        }
    }
}

/// In which way something could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailureKind {
    /// Meetup did not answer, or not properly; the same question may work later.
    Outage,
    /// There was an answer, and part of it could not be read.
    Unreadable,
    /// Meetup does not accept the question, or whoever asks it.
    Refused,
    /// Meetup answers null: unknown, or not for this account's eyes.
    NotVisible,
    /// The answer shows too little to be believed.
    Shrunken,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Outage,
        Self::Unreadable,
        Self::Refused,
        Self::NotVisible,
        Self::Shrunken,
    ];

    /// The word that the database and programs use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
            Self::NotVisible => "not_visible",
            Self::Shrunken => "shrunken",
        }
    }
}
