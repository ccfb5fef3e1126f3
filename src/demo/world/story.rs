//! What a group is in the community's story.

/// The life a group has led. Told in `telling`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Story {
    /// Meets monthly, local people host.
    OnTarget,
}
