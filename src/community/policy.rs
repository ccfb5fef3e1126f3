//! What the sponsor asks of every group, as a policy.

use serde::Serialize;

use super::words::closed;

closed! {
    /// A step of the policy that a group can fall below.
    PolicyStep {
        /// Fewer events within 365 days than asked.
        EventsPerYear = "events_per_year",
        /// No first event within so many days.
        FirstEventWithinDays = "first_event_within_days",
        /// Silent for so many days: worth a warning.
        WarnAfterDays = "warn_after_days",
        /// Silent for so many days: something is to be done.
        ActAfterDays = "act_after_days",
        /// Silent for so many days: to be closed.
        CloseAfterDays = "close_after_days",
        /// Fewer active leaders than asked.
        MinLeaders = "min_leaders",
    }
}

/// The policy: each step where the sponsor has one. Spans are whole days of 86,400 seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Policy {
    /// Events that a group is to hold within 365 days.
    pub events_per_year: Option<u32>,
    /// Days within which a group is to hold its first event.
    pub first_event_within_days: Option<u32>,
    /// Days of silence that are worth a warning.
    pub warn_after_days: Option<u32>,
    /// Days of silence after which something is done.
    pub act_after_days: Option<u32>,
    /// Days of silence after which the group is closed.
    pub close_after_days: Option<u32>,
    /// Leaders seen lately that a group is to have.
    pub min_leaders: Option<u32>,
}

impl Policy {
    /// What is asked by a step; none where there is no such step.
    pub const fn asks(&self, step: PolicyStep) -> Option<u32> {
        match step {
            PolicyStep::EventsPerYear => self.events_per_year,
            PolicyStep::FirstEventWithinDays => self.first_event_within_days,
            PolicyStep::WarnAfterDays => self.warn_after_days,
            PolicyStep::ActAfterDays => self.act_after_days,
            PolicyStep::CloseAfterDays => self.close_after_days,
            PolicyStep::MinLeaders => self.min_leaders,
        }
    }

    /// Whether anything is asked at all.
    pub fn is_set(&self) -> bool {
        *self != Self::default()
    }
}
