//! What each key is called in plain words, for whoever reads no keys.

/// The names, by key.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    ("schema_version", "Version of the report's shape"),
    ("definitions_version", "Version of the definitions"),
    ("as_of", "Counted as of"),
    ("generated_at", "Made at"),
    ("networks", "Networks"),
    ("left", "Groups that left"),
    ("ahead", "Events to come"),
    ("people", "Lists of persons"),
    ("freshness", "How fresh it is"),
    ("remarks", "What is unknown"),
    ("groups", "Groups"),
    ("network.groups", "Groups"),
    ("network.groups_by_status", "Groups by status"),
    ("network.groups_met_30", "Groups that met, 30 days"),
    ("network.groups_met_30_year_before", "Groups that met, 30 days, a year before"),
    ("network.groups_met_90", "Groups that met, 90 days"),
    ("network.groups_met_90_year_before", "Groups that met, 90 days, a year before"),
    ("network.groups_met_365", "Groups that met, 12 months"),
    ("network.groups_met_365_year_before", "Groups that met, 12 months, a year before"),
    ("network.share_on_target", "Groups that meet as agreed"),
    ("network.events_30", "Events, 30 days"),
    ("network.events_30_year_before", "Events, 30 days, a year before"),
    ("network.events_90", "Events, 90 days"),
    ("network.events_90_year_before", "Events, 90 days, a year before"),
    ("network.events_365", "Events, 12 months"),
    ("network.events_365_year_before", "Events, 12 months, a year before"),
    ("network.people_30", "People, 30 days"),
    ("network.people_30_year_before", "People, 30 days, a year before"),
    ("network.people_90", "People, 90 days"),
    ("network.people_90_year_before", "People, 90 days, a year before"),
    ("network.people_365", "People, 12 months"),
    ("network.people_365_year_before", "People, 12 months, a year before"),
    ("network.first_timers_90", "People for the first time, 90 days"),
    ("network.first_timers_90_year_before", "People for the first time, 90 days, a year before"),
    ("network.repeat_rate", "Came more than once, 12 months"),
    ("network.cross_group_rate", "Came to more than one group"),
    ("network.countries", "Countries"),
    ("network.cities", "Cities"),
    ("network.timezones", "Time zones"),
    ("network.stranded_members", "Members without a group that meets"),
    ("network.overlaps", "Groups that share people"),
    ("network.overlaps_total", "Pairs of groups that share people"),
    ("network.last_week", "Last week"),
    ("network.next_week", "This week"),
    ("network.attendance_owed", "Attendance still to be taken"),
    ("network.notice", "Turnout by notice"),
    ("network.asks", "What came of asking"),
    ("network.survival", "What became of long pauses"),
    ("id", "Meetup's id"),
    ("urlname", "Name in its address"),
    ("name", "Name"),
    ("link", "Page at Meetup"),
    ("city", "City"),
    ("country", "Country"),
    ("timezone", "Time zone"),
    ("history_complete", "Whether its past was read"),
    ("status", "Status"),
    ("read_at", "Last read"),
    ("reasons", "Why it has its status"),
    ("causes", "Why a word could help"),
    ("last_event", "Last event"),
    ("next_event", "Next event"),
    ("months", "Events and yes by month"),
    ("pause", "The pause it is in"),
    ("stake", "People at stake"),
    ("policy", "Where it stands beside the policy"),
    ("cadence.every_months", "Agreed: months from event to event"),
    ("cadence.monthly_cadence", "Months in which it met"),
    ("cadence.target_cadence", "Spans as agreed in which it met"),
    ("cadence.events_365", "Events, 12 months"),
    ("cadence.streak_months", "Months met in a row"),
    ("cadence.median_gap_days", "Days from event to event, 12 months"),
    ("cadence.days_since_last_held", "Days since its last event"),
    ("cadence.days_to_next_scheduled", "Days until its next event"),
    ("cadence.off_months", "Months that it skips by custom"),
    ("cadence.median_notice_days", "Days of notice"),
    ("cadence.next_date_known", "Next date known the day after"),
    ("cadence.cancellation_rate", "Events cancelled"),
    ("attendance.yes_365", "Said yes in all, 12 months"),
    ("attendance.people_365", "Different people, 12 months"),
    ("attendance.median_yes", "Said yes, typically"),
    ("attendance.median_yes_in_person", "Said yes in person, typically"),
    ("attendance.median_yes_online", "Said yes online, typically"),
    ("attendance.guests_365", "Guests, 12 months"),
    ("attendance.attendance_taken", "Events with attendance marked"),
    ("attendance.show_rate", "Came, of those who said yes"),
    ("repeat.repeat_rate", "Came more than once"),
    ("repeat.returning_share", "Had come before"),
    ("repeat.next_event_return", "Came to the next event too"),
    ("repeat.first_timer_return_90", "Came again within 90 days of the first time"),
    ("leaders", "Whom to write to"),
    ("organizers.hosts_90", "Hosts, 90 days"),
    ("organizers.hosts_365", "Hosts, 12 months"),
    ("organizers.local_hosts_90", "Hosts who are not staff, 90 days"),
    ("organizers.new_hosts_365", "Hosts for the first time, 12 months"),
    ("organizers.host_absence_factor", "Hosts behind half of the hosting"),
    ("organizers.top_host_share", "Hosted by the busiest host"),
    ("organizers.sole_host", "Hosted by one person alone"),
    ("organizers.staff_hosted_share", "Hosted by staff alone"),
    ("organizers.leaders", "Leaders"),
    ("organizers.leader_activity", "Leaders seen, 90 days"),
    ("organizers.leaderless", "Whether nobody leads it"),
    ("side_to_side.recurring_pairs", "Pairs who met more than once"),
    ("side_to_side.acquainted_rate", "Met somebody again"),
    ("growth.members", "Members"),
    ("growth.joined_90", "Members who joined, 90 days"),
    ("growth.first_timers_90", "People for the first time, 90 days"),
    ("handover.organic_cadence", "Months in which it met without staff"),
    ("handover.criteria", "What a hand-over needs"),
    ("handover.ready", "Whether it could be handed over"),
];

/// What a key is called; of one that has no name, nothing.
pub fn label(key: &str) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(known, _)| *known == key)
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::{NAMES, label};
    use crate::metrics::entries;

    #[test]
    fn every_key_has_a_name_in_plain_words_and_no_name_is_of_none() {
        for entry in entries() {
            let name = label(entry.key).unwrap_or_default();
            assert!(
                !name.is_empty() && !name.contains(['_', '`']),
                "{}",
                entry.key
            );
        }
        for (key, _) in NAMES {
            assert!(entries().any(|it| it.key == *key), "{key}");
        }
    }
}
