//! Words that the SQL says of events.

use crate::community::closed;
use crate::mirror::stored;

closed! {
    /// Where a counted event stands at A.
    EventState {
        /// It is over.
        Held = "held",
        /// It is on.
        Running = "running",
        /// It is yet to start.
        Scheduled = "scheduled",
        /// It was called off.
        Cancelled = "cancelled",
    }

    /// What became of an event close to its start.
    SoonState {
        /// It takes place.
        On = "on",
        /// It was called off.
        Cancelled = "cancelled",
        /// Meetup has it no more.
        Deleted = "deleted",
    }
}

stored!(EventState, SoonState);
