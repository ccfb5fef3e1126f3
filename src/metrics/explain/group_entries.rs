//! The entries of what each group has.

use super::super::sql::sql;
use super::entry::{Entry, NO_ROWS, Rows, Scope, Window, all, rate, shown, sum};

const EVENTS: &str = sql!("explain/events.sql");
const MONTHS: &str = sql!("explain/months.sql");
const GAPS: &str = sql!("explain/gaps.sql");
const SCHEDULED: &str = sql!("explain/scheduled.sql");
const GUESTS: &str = sql!("explain/guests.sql");
const HOSTS: &str = sql!("explain/hosts.sql");
const LEADERS: &str = sql!("explain/leaders.sql");
const MEMBERS: &str = sql!("explain/members.sql");
const ACQUAINTED: &str = sql!("explain/acquainted.sql");

const fn of(key: &'static str, words: &'static str, window: Window, rows: Rows) -> Entry {
    Entry {
        key,
        scope: Scope::Group,
        words,
        window,
        rows,
    }
}

const YEAR: Window = Window::Days(365);

/// What it is, and how it meets.
#[rustfmt::skip]
pub(super) const GROUP: &[Entry] = &[
    of("id", "Meetup's id of the group.", Window::None, NO_ROWS),
    of("urlname", "The last part of the group's address.", Window::None, NO_ROWS),
    of("name", "The group's display name.", Window::None, NO_ROWS),
    of("link", "The group's page.", Window::None, NO_ROWS),
    of("city", "The group's city; null where Meetup gives none.", Window::None, NO_ROWS),
    of("country", "The group's country, two letters.", Window::None, NO_ROWS),
    of("timezone", "The group's time zone. Its months and dates are those of this zone; where it is unknown, of the clock of its latest event, whatever became of that.", Window::None, NO_ROWS),
    of("history_complete", "Whether all of the group's past has been read. Until then it has no status and is in no figure of the network.", Window::None, NO_ROWS),
    of("status", "How the group is doing, the first that fits: new (under 3 events, not a year old, and nothing held yet or the latest within 180 days), unstarted (never met), restarted (met in the last 90 days after over 180 days without), quiet (last met over 180 days ago), overdue (`pause.call`: long without a date), on_target (kept the agreed share of its months), meeting (anything else). Unknown while its history is being read.", Window::Ever, shown(EVENTS, "is_latest")),
    of("read_at", "When it was last read from Meetup without failure; unknown where it never was.", Window::Ever, NO_ROWS),
    of("reasons", "Sentences with the numbers that decided the status.", Window::Ever, shown(EVENTS, "is_latest")),
    of("causes", "Why a call would help, the most urgent first; whether somebody should call is for the digest to say. last_host_left (all its local hosts of the last 180 days have left), no_leader, overdue (`pause.call`), turning_quiet (166 to 180 days since the last event), second_date (new or restarted, and none for 30 days), not_begun (it never met), leaders_unseen (for 90 days), policy (it is below a step), leader_away (a leader came often and stays away), quiet (under a year), mostly_ours (half or more of its events hosted by staff alone), turnout_falling (the latest three draw 60 % or less of the six before).", Window::Ever, shown(EVENTS, "is_latest")),
    of("last_event", "The held event that started last: token, title, event_type, starts_at, starts_local (the wall clock of the place), url, yes.", Window::Ever, shown(EVENTS, "is_latest")),
    of("next_event", "The scheduled event that starts first, with the same parts; yes is who said so by now.", Window::ToCome, shown(SCHEDULED, "is_next")),
    of("months", "The 12 closed months, oldest first: month, held events that started in it, and yes summed over them.", Window::Months(12), all(MONTHS)),
    of("pause", "The pause it is in; null where nothing was held, something is running or announced, or the group is new, restarted or quiet. `days` since its latest event started; `idle_days`: without the dates in `cadence.off_months`; `usual_days`: the median of its last twelve gaps between starts; `risk`: the greatest share, over the days 45, 60 ... 165 it came through, of pauses like it that went past 180 days (in this network, and, while these are few, in another); `alike`: how many cases there were here on the `edge` with that share, and how many of them went long; `call_after_days`: the days from which on a call is worth it in any case; `call`: whether it is now, by the days or by the risk.", Window::Ever, shown(GAPS, "is_recent")),
    of("stake", "People who took part in the 365 days up to its latest event.", Window::Ever, sum(GUESTS, "at_stake", "one")),
    of("policy", "Where it stands beside `[policy]`; null without one. `steps`: each that is configured, with the local date on which the group falls below it unless it meets before, or fell (null where that cannot be told: it has met, never held as many events, or nobody knows when it began; and for `min_leaders`). `events_per_year`: fewer events in 365 days. `first_event_within_days`: it never met, so long after it was founded or joined the network, the later. `warn_after_days`, `act_after_days`, `close_after_days`: so long since its last event, or, where it never met, since it began as above. `min_leaders`: fewer leaders who visited, answered or hosted in 90 days. `below`: the steps it is below.", Window::Ever, shown(EVENTS, "is_latest")),
    of("cadence.every_months", "The target in force: one event every so many months. The command `target` wins over the configured one, a group's own over the common one; without any, it is 1.", Window::None, NO_ROWS),
    of("cadence.monthly_cadence", "In how many of the observed months the group met. Observed are the closed months that begin on or after its founding, or, where that is unknown, its first event.", Window::Months(12), rate(MONTHS, "is_observed", "is_met", "one")),
    of("cadence.target_cadence", "Observed months are laid out in whole blocks of the target's length, back from the latest: in how many of them the group met.", Window::Months(12), rate(sql!("explain/blocks.sql"), "one", "is_met", "one")),
    of("cadence.events_365", "Events held: over by then, not cancelled, not deleted.", YEAR, sum(EVENTS, "in_365", "one")),
    of("cadence.streak_months", "Months met in a row, back from the latest closed one as far as they go, and one more if there was an event this month already.", Window::Ever, sum(sql!("explain/streak.sql"), "one", "one")),
    of("cadence.median_gap_days", "The middle one of the pauses between the starts of events held one after the other; null with fewer than three events.", YEAR, shown(GAPS, "in_365")),
    of("cadence.days_since_last_held", "Whole days since the last held event started.", Window::Ever, shown(EVENTS, "is_latest")),
    of("cadence.days_to_next_scheduled", "Whole days until the next scheduled event starts.", Window::ToCome, shown(SCHEDULED, "is_next")),
    of("cadence.off_months", "Calendar months (1 to 12) that the group skips by custom: of those in which it was alive (it met within the four months before and within the four after), none of the latest four saw an event, two at least are known, and by how often it met in the other alive months of five years that is at most one in a hundred by chance. Not the month of the report where an event of it is held or announced.", Window::Ever, all(sql!("explain/calendar.sql"))),
    of("cadence.median_notice_days", "The middle number of days from an event's creation at Meetup to its start, over the events of which that is known; null under three.", YEAR, shown(sql!("explain/notice.sql"), "has_notice")),
    of("cadence.next_date_known", "Of the events but the latest one, those by the day after which a later one had been created.", YEAR, rate(sql!("explain/notice.sql"), "is_followed", "next_known", "one")),
    of("cadence.cancellation_rate", "Of the events that were held or cancelled, those cancelled.", YEAR, rate(sql!("explain/called.sql"), "one", "is_cancelled", "one")),
    of("attendance.yes_365", "Who said yes, summed over held events; hosts and staff included, guests not.", YEAR, sum(EVENTS, "in_365", "said_yes")),
    of("attendance.people_365", "Different people among those who said yes.", YEAR, sum(sql!("explain/sayers.sql"), "one", "one")),
    of("attendance.median_yes", "The middle number of yes over held events; null without any.", YEAR, shown(EVENTS, "in_365")),
    of("attendance.median_yes_in_person", "The same over events that were not online only.", YEAR, shown(EVENTS, "in_person")),
    of("attendance.median_yes_online", "The same over online events.", YEAR, shown(EVENTS, "online")),
    of("attendance.guests_365", "Guests brought by those who said yes.", YEAR, sum(EVENTS, "in_365", "guests")),
    of("attendance.attendance_taken", "Of the held events, those whose attendance was taken: an absence is marked, or some have come and besides some yes was left as it was, or an absence is marked at an event of the year before. (All come and nothing else may be what Meetup writes by itself.)", YEAR, rate(EVENTS, "in_365", "is_taken", "one")),
    of("attendance.show_rate", "Where attendance was taken: of those who had said yes, those not marked as not come. An upper bound, since a yes left unmarked counts as come.", YEAR, rate(EVENTS, "in_365", "came", "could_come")),
    of("repeat.repeat_rate", "Of the people who took part (said yes, neither host nor staff), those who did so twice or more.", YEAR, rate(GUESTS, "in_365", "is_repeater", "one")),
    of("repeat.returning_share", "Of all taking part in held events, that by people who had taken part in an earlier event of this group, however long ago.", YEAR, rate(EVENTS, "in_365", "returning_ones", "participants")),
    of("repeat.next_event_return", "Over events that follow each other: of those who took part in the first, those who took part in the second too, all summed.", YEAR, rate(sql!("explain/consecutive.sql"), "one", "in_both", "before")),
    of("repeat.first_timer_return_90", "Of the people whose first time here lies that long back, those who took part again within 90 days of it.", Window::Between(455, 90), rate(GUESTS, "had_time", "came_back", "one")),
];

/// Who carries it.
#[rustfmt::skip]
pub(super) const WHO: &[Entry] = &[
    of("leaders", "Whom to write to, as the roster has them today: name, role, link, last_access_at.", Window::Roster, all(LEADERS)),
    of("organizers.hosts_90", "Different hosts of held events: named, or flagged in their answer, less those who said no, did not come or were excused.", Window::Days(90), sum(HOSTS, "in_90", "one")),
    of("organizers.hosts_365", "The same over a year.", YEAR, sum(HOSTS, "in_365", "one")),
    of("organizers.local_hosts_90", "Those of the last 90 days who are not staff. Null while staff is not configured.", Window::Days(90), sum(HOSTS, "local_90", "one")),
    of("organizers.new_hosts_365", "Hosts whose first event as host of this group lies in the window.", YEAR, sum(HOSTS, "is_new", "one")),
    of("organizers.host_absence_factor", "The fewest hosts who together stand behind half of all (event, host) pairs. Null without hosts.", YEAR, sum(HOSTS, "is_needed", "one")),
    of("organizers.top_host_share", "Of all (event, host) pairs, those of the busiest host.", YEAR, rate(HOSTS, "in_365", "of_the_busiest", "pairs")),
    of("organizers.sole_host", "Of the held events with a known host, the most that any one person hosted alone.", YEAR, rate(sql!("explain/sole.sql"), "one", "is_sole", "one")),
    of("organizers.staff_hosted_share", "Of the held events with a known host, those that only staff hosted. Null while staff is not configured.", YEAR, rate(EVENTS, "in_365", "by_staff", "has_host")),
    of("organizers.leaders", "Members with a leading role who had joined by then, less the network's own account. Null where the roster does not speak of that day, or was never read.", Window::Roster, sum(LEADERS, "one", "one")),
    of("organizers.leader_activity", "Of the leaders, those who visited the group on Meetup in the 90 days before.", Window::Roster, rate(LEADERS, "one", "is_active", "one")),
    of("organizers.leaderless", "Whether there is no leader.", Window::Roster, all(LEADERS)),
    of("side_to_side.recurring_pairs", "Pairs of people who took part together twice or more, in events that were not online and had at most 60 participants. (A pair is counted with one of its two.)", YEAR, sum(ACQUAINTED, "one", "pairs")),
    of("side_to_side.acquainted_rate", "Of the people who took part in such events, those in at least one such pair.", YEAR, rate(ACQUAINTED, "one", "is_acquainted", "one")),
    of("growth.members", "Members on the roster who had joined by then. Null where the roster does not speak of that day, or was never read.", Window::Roster, sum(MEMBERS, "one", "one")),
    of("growth.joined_90", "Those who joined in the 90 days before.", Window::Roster, sum(MEMBERS, "is_new", "one")),
    of("growth.first_timers_90", "People who took part in this group for the first time.", Window::Days(90), sum(GUESTS, "is_new", "one")),
    of("handover.organic_cadence", "Like cadence.monthly_cadence, over events that have a host and no staff among the hosts. Null while staff is not configured.", Window::Months(12), rate(MONTHS, "is_observed", "is_organic", "one")),
    of("handover.criteria", "What must be true: local_lead (somebody who is not staff is organizer or co-organizer), two_local_hosts (in 180 days), local_majority (at least half of the events with a known host had no staff host; null without any), organic (half of the observed months or more; null without any). Null while staff is not configured.", YEAR, shown(HOSTS, "local_180")),
    of("handover.ready", "All four are true, all twelve months are observed, and six or more events were held in the year. Null while it is unknown who leads, or staff is not configured.", YEAR, shown(EVENTS, "in_365")),
];
