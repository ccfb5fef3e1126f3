//! The pages, by name.

/// The pages that lead to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Monday,
    Groups,
    Calendar,
    Map,
    Year,
    People,
    Trust,
    Health,
    /// None of them.
    Other,
}

impl Tab {
    /// The way around.
    pub(super) const ALL: [Self; 8] = [
        Self::Monday,
        Self::Groups,
        Self::Calendar,
        Self::Map,
        Self::Year,
        Self::People,
        Self::Trust,
        Self::Health,
    ];

    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Monday => "This Monday",
            Self::Groups => "Groups",
            Self::Calendar => "Calendar",
            Self::Map => "Map",
            Self::Year => "Year",
            Self::People => "People",
            Self::Trust => "Trust",
            Self::Health => "Health",
            Self::Other => "",
        }
    }

    /// Where it is served.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Monday | Self::Other => "/",
            Self::Groups => "/groups",
            Self::Calendar => "/calendar",
            Self::Map => "/map",
            Self::Year => "/year",
            Self::People => "/people",
            Self::Trust => "/trust",
            Self::Health => "/health",
        }
    }
}
