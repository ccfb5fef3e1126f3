//! The entries of the report as a whole and of the network.

use super::super::sql::sql;
use super::entry::{Entry, NO_ROWS, Rows, Scope, Window, all, rate, shown, sum};

const GROUPS: &str = sql!("explain/network_groups.sql");
const EVENTS: &str = sql!("explain/network_events.sql");
const PEOPLE: &str = sql!("explain/network_people.sql");
const PLACES: &str = sql!("explain/places.sql");

const fn of(key: &'static str, words: &'static str, window: Window, rows: Rows) -> Entry {
    Entry {
        key,
        scope: Scope::Whole,
        words,
        window,
        rows,
    }
}

const YEAR: Window = Window::Days(365);

/// What stands at the top.
#[rustfmt::skip]
pub(super) const TOP: &[Entry] = &[
    of("schema_version", "Version of the report's shape.", Window::None, NO_ROWS),
    of("definitions_version", "Version of what the figures mean.", Window::None, NO_ROWS),
    of("as_of", "The instant as of which everything is counted. Events count by it; rosters, roles and removals are always today's.", Window::None, NO_ROWS),
    of("generated_at", "When the report was made.", Window::None, NO_ROWS),
    of("networks", "The names of the networks.", Window::None, NO_ROWS),
    of("left", "Groups that are no longer sponsored, with when and why: outside all other figures. events and last_held_at are of all time.", Window::Ever, NO_ROWS),
    of("ahead", "Every scheduled event with yes and guests so far. expected: turnout within low and high (nine of ten were above the one, nine of ten below the other), made from the yes so far, the share of the final yes past events had as long before their start (yes_by_now), and the share of those who then came: show_share. show_basis says whether it is from ten or more of the group's own events with attendance taken, else of the network's (counted in show_rate), or configured (`metrics.show_rate`); where it is unknown, turnout counts who will have said yes. basis says whether the group's own past or, with under 5 events, the network's was used. order: what to get, guests included, for an event in person at most 8 days ahead of 15 or more expected, where show_share is known; a joint event in one place has one order, with the copy that its others name in ordered_with. no_forecast says why there is none: first_event, long_pause, too_far_ahead, not_proven (replayed over the past year, it did not beat \"all who said yes come\"), history_incomplete. When answers were given is an approximation where is_approximate.", Window::ToCome, NO_ROWS),
    of("people", "Lists of persons, staff left out, made only on request. ambassadors: who took part in 4 or more events or hosted one in the last 365 days; those who already lead a group (leads) after the others, ranked by 3 x hosted + taken part + 2 x (groups - 1). missed: who took part in 3 or more events of a group from 365 to 120 days ago and in none since, while it held 2 or more; its leaders are not among them.", YEAR, NO_ROWS),
    of("freshness", "When the last good pass ended, which groups could not be read and why, and whose history is still being read.", Window::None, NO_ROWS),
    of("remarks", "What is unknown, and what to configure to know it.", Window::None, NO_ROWS),
    of("groups", "Every measured group, by urlname. Ask for one of its keys with --group.", Window::None, NO_ROWS),
];

/// The network.
#[rustfmt::skip]
pub(super) const NETWORK: &[Entry] = &[
    of("network.groups", "Groups whose history is complete: those that count here.", Window::None, sum(GROUPS, "one", "one")),
    of("network.groups_by_status", "How many of them have each status.", Window::None, all(GROUPS)),
    of("network.groups_met_30", "Groups that held an event.", Window::Days(30), sum(GROUPS, "in_30", "one")),
    of("network.groups_met_30_year_before", "The same a year before, of groups founded by then.", Window::YearBefore(30), sum(GROUPS, "before_30", "one")),
    of("network.groups_met_90", "Groups that held an event.", Window::Days(90), sum(GROUPS, "in_90", "one")),
    of("network.groups_met_90_year_before", "The same a year before, of groups founded by then.", Window::YearBefore(90), sum(GROUPS, "before_90", "one")),
    of("network.groups_met_365", "Groups that held an event.", YEAR, sum(GROUPS, "in_365", "one")),
    of("network.groups_met_365_year_before", "The same a year before, of groups founded by then.", Window::YearBefore(365), sum(GROUPS, "before_365", "one")),
    of("network.share_on_target", "Groups that meet as agreed, of all but the new, those that never met, and those that last met over 365 days ago.", Window::None, rate(GROUPS, "is_expected", "on_target", "one")),
    of("network.events_30", "Events held; one that several groups announced together counts once.", Window::Days(30), sum(EVENTS, "in_30", "one")),
    of("network.events_30_year_before", "The same a year before.", Window::YearBefore(30), sum(EVENTS, "before_30", "one")),
    of("network.events_90", "Events held; one that several groups announced together counts once.", Window::Days(90), sum(EVENTS, "in_90", "one")),
    of("network.events_90_year_before", "The same a year before.", Window::YearBefore(90), sum(EVENTS, "before_90", "one")),
    of("network.events_365", "Events held; one that several groups announced together counts once.", YEAR, sum(EVENTS, "in_365", "one")),
    of("network.events_365_year_before", "The same a year before.", Window::YearBefore(365), sum(EVENTS, "before_365", "one")),
    of("network.people_30", "Different people who took part in an event of any group (said yes, neither host nor staff).", Window::Days(30), sum(PEOPLE, "in_30", "one")),
    of("network.people_30_year_before", "The same a year before.", Window::YearBefore(30), sum(PEOPLE, "before_30", "one")),
    of("network.people_90", "Different people who took part in an event of any group (said yes, neither host nor staff).", Window::Days(90), sum(PEOPLE, "in_90", "one")),
    of("network.people_90_year_before", "The same a year before.", Window::YearBefore(90), sum(PEOPLE, "before_90", "one")),
    of("network.people_365", "Different people who took part in an event of any group (said yes, neither host nor staff).", YEAR, sum(PEOPLE, "in_365", "one")),
    of("network.people_365_year_before", "The same a year before.", Window::YearBefore(365), sum(PEOPLE, "before_365", "one")),
    of("network.first_timers_90", "People who took part for the first time anywhere in the network.", Window::Days(90), sum(PEOPLE, "is_new", "one")),
    of("network.first_timers_90_year_before", "The same a year before.", Window::YearBefore(90), sum(PEOPLE, "was_new", "one")),
    of("network.repeat_rate", "Of the people who took part, those who did so in two events or more, of whichever groups.", YEAR, rate(PEOPLE, "in_365", "is_repeater", "one")),
    of("network.cross_group_rate", "Of the people who took part, those who did so in two groups or more. Who took part in an event announced by several groups together did so in each of them.", YEAR, rate(PEOPLE, "in_365", "is_crossing", "one")),
    of("network.countries", "Countries of groups that held an event.", YEAR, sum(PLACES, "is_country", "one")),
    of("network.cities", "Cities of groups that held an event; those of one name in another state or country are others.", YEAR, sum(PLACES, "is_city", "one")),
    of("network.timezones", "Time zones of groups that held an event.", YEAR, sum(PLACES, "is_timezone", "one")),
    of("network.stranded_members", "Different members all of whose groups never met, or are quiet. Null where rosters do not speak of that day.", Window::Roster, sum(sql!("explain/stranded.sql"), "one", "one")),
    of("network.overlaps", "Pairs of groups in which 5 or more people took part in both: those, of all who took part in the smaller one. The fifty that share most people, then by urlnames.", YEAR, all(sql!("explain/overlaps.sql"))),
    of("network.overlaps_total", "How many such pairs there are.", YEAR, sum(sql!("explain/overlaps.sql"), "one", "one")),
    of("network.last_week", "The seven local dates before today's, by the clock of the schedule: events held, groups that held one, yes summed over them, people who took part for the first time anywhere in the network, and the event with the most yes (then the earlier one). An event of several groups counts once, its copies united.", Window::None, shown(sql!("explain/weeks.sql"), "is_over")),
    of("network.next_week", "The same of today's date and the six after it, over events that are not called off, those of today that are over included; yes is who said so by now, and first_timers null.", Window::None, shown(sql!("explain/weeks.sql"), "is_to_come")),
    of("network.attendance_owed", "Events in person, over for more than a day, whose attendance was not taken (`attendance.attendance_taken`). 0 where `metrics.show_rate` says how many come.", Window::Days(30), sum(sql!("explain/attendance_owed.sql"), "one", "one")),
    of("network.notice", "Turnout by notice: over events of groups that held three or more, by the days from an event's creation at Meetup to its start (under 3, from 3, 7, 14 and 21 on): how many, and the middle one of their yes divided by the group's `attendance.median_yes`. Null under 20 events. Those of groups whose median is 0, and those created nobody knows when, are left out.", YEAR, all(sql!("explain/network_notice.sql"))),
    of("network.asks", "What came of asking groups (`gatherd asked`): how many were asked, and how many held an event or announced one within 30 and within 90 days, beside pauses like theirs in which nobody asked. Null under ten.", YEAR, NO_ROWS),
    of("network.survival", "Of the pauses that reached 6, 12, 24 and 36 months (180, 365, 730 and 1,095 days) and have had another year since, those that ended within it. Null where there were 20 or fewer.", Window::Ever, all(sql!("explain/survival.sql"))),
];
