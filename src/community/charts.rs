//! Which charts there are.

use super::words::closed;

closed! {
    /// A chart of one group.
    ChartKind {
        /// In which months it met, year by year.
        Months = "months",
        /// Who came for the first time, who came back and who stayed away, event by event.
        Turnout = "turnout",
        /// The present pause beside its own and others like it.
        Pause = "pause",
        /// Who hosted, and how that is shared over time.
        Hosts = "hosts",
        /// How many of those who came for the first time came back.
        Retention = "retention",
        /// How yes comes in before the next event, beside the past ones.
        Answers = "answers",
    }
}
