//! Losses: what an answer lacks though it was there before, and when that is too much to be believed.

/// What is lost, all of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Loss {
    /// Groups of a network, or of those outside networks.
    Groups,
    /// Events of a network or a group.
    Events,
    /// Members of a group.
    Members,
    /// Leaders of a network or a group.
    Leaders,
    /// RSVPs of an event or a group.
    Rsvps,
}

impl Loss {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Groups,
        Self::Events,
        Self::Members,
        Self::Leaders,
        Self::Rsvps,
    ];

    /// The word that the database uses, and people read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Events => "events",
            Self::Leaders => "leaders",
            Self::Members => "members",
            Self::Rsvps => "rsvps",
        }
    }

    /// How many there must have been for a half of them to be much.
    fn threshold(self) -> usize {
        match self {
            Self::Groups => 4,
            Self::Events => 10,
            Self::Leaders => 3,
            Self::Members | Self::Rsvps => 20,
        }
    }

    /// Whether so many of so many, gone at once, are taken for a fault: half or more.
    pub fn is_too_large(self, known: usize, lost: usize) -> bool {
        known >= self.threshold() && lost * 2 >= known
    }
}
