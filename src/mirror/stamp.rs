//! What a database mirrors: demo and real data never mix.

/// What a database mirrors; written once, when it is created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Whether it holds the simulated community.
    pub is_demo: bool,
    /// The API it was read from.
    pub endpoint: String,
}

impl Stamp {
    /// Whether a database with this stamp may be used for `wanted`. The simulated Meetup has another
    /// port at every start, so a demo's endpoint decides nothing.
    pub(super) fn suits(&self, wanted: &Self) -> bool {
        self.is_demo == wanted.is_demo && (self.is_demo || self.endpoint == wanted.endpoint)
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_demo {
            "the demo"
        } else {
            &self.endpoint
        })
    }
}
