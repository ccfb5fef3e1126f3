//! What is kept about people: every column of the database and every file that holds a person, and every column that does
//! not. A test holds it against the schema, so that a new column must be called one or the other; `doctor --privacy` prints it, and
//! `docs/privacy.md` tells it to whoever answers for data protection.

/// How a column holds people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It refers to somebody's row among the members.
    Person,
    /// Meetup's id.
    Id,
    /// A name.
    Name,
    /// Something that people wrote, or that was logged, in which one may stand.
    Text,
    /// A document, in which they stand by their ids.
    Document,
    /// A message as it is posted, with what it says of people.
    Message,
}

/// A column that holds people.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// The column.
    pub name: &'static str,
    /// How it holds them.
    pub held: Held,
    /// What it says of them.
    pub what: &'static str,
    /// What it is kept for.
    pub why: &'static str,
    /// How long.
    pub until: &'static str,
}

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct KeptTable {
    /// Its name.
    pub name: &'static str,
    /// Its columns that hold people.
    pub personal: &'static [Kept],
    /// All others, with spaces between.
    pub others: &'static str,
}

const FORGOTTEN: &str = "until they are forgotten; by [privacy] retention_months at the latest";
const AS_AN_ANSWER: &str = "as long as the group's history; after forgetting it is nobody's";
const TAKEN_BACK: &str = "until it is taken back (gatherd notes --remove)";
const IMPORTED: &str = "until it is taken back (gatherd import undo) or replaced";
const NO_LONGER: &str = "while it fails";

const fn person(name: &'static str, what: &'static str, why: &'static str) -> Kept {
    Kept {
        name,
        held: Held::Person,
        what,
        why,
        until: AS_AN_ANSWER,
    }
}

const fn text(
    name: &'static str,
    what: &'static str,
    why: &'static str,
    until: &'static str,
) -> Kept {
    Kept {
        name,
        held: Held::Text,
        what,
        why,
        until,
    }
}

const fn without_people(name: &'static str, others: &'static str) -> KeptTable {
    KeptTable {
        name,
        personal: &[],
        others,
    }
}

const AUTHOR: Kept = text(
    "author",
    "which user of the pages wrote it down",
    "so that a reader knows whom to ask",
    TAKEN_BACK,
);

/// The tables of the database, in order of their names.
pub const KEPT_IN_TABLES: &[KeptTable] = &[
    without_people("alert_row", "kind part grp about step rising since told_at"),
    without_people(
        "budget_row",
        "id operation points reserved_ms answered_ms fields nodes",
    ),
    without_people("capability_row", "name value found_at"),
    KeptTable {
        name: "delivery_row",
        personal: &[
            Kept {
                name: "payload",
                held: Held::Message,
                what: "whom a message names: leaders and hosts to write to; others only in channels that send \"people\"",
                why: "so that it is posted as it was composed, however often it is tried",
                until: "until it arrived or was dropped; 30 days where it never did",
            },
            text(
                "last_error",
                "what a channel answered",
                "to tell why a message did not arrive",
                "as long as the message's row",
            ),
        ],
        others: "id report channel kind period state attempts next_attempt_at leased_until created_at sent_at given_up_at",
    },
    without_people("doubt_row", "key loss network grp known lost since"),
    KeptTable {
        name: "doubted_row",
        personal: &[person(
            "member",
            "that an answer lacked them",
            "so that a loss too large is not believed",
        )],
        others: "doubt place looked_at looks accepted_at",
    },
    without_people("drift_row", "source place weight operations what found_at"),
    without_people("event_id_row", "event id first_seen_at last_seen_at"),
    without_people(
        "event_row",
        "key source token id grp title status event_type starts_at starts_offset ends_at created_at url capacity venue \
         network_event_id gone_at asked sign is_settled first_walked_at watermark hidden verified_at",
    ),
    KeptTable {
        name: "failure_row",
        personal: &[text(
            "message",
            "the id of who signs in, where another did before",
            "to tell what fails now",
            NO_LONGER,
        )],
        others: "key scope network grp name kind is_part since last_at pass read_at",
    },
    without_people("firing_row", "name served_at"),
    without_people("forgotten_key_row", "key secret"),
    KeptTable {
        name: "forgotten_row",
        personal: &[
            Kept {
                name: "hash",
                held: Held::Id,
                what: "a keyed hash of the id of somebody who was forgotten",
                why: "to know them again when Meetup shows them, and keep nothing of them",
                until: "for good, or until something of theirs is new where an age made them forgotten",
            },
            person(
                "member",
                "which row was theirs",
                "so that they stay one person in every count",
            ),
        ],
        others: "older_than forgotten_at",
    },
    without_people("group_day_row", "grp day member_count leader_count"),
    KeptTable {
        name: "group_row",
        personal: &[person(
            "organizer",
            "that they organize the group",
            "to say whom to write to",
        )],
        others: "key source id network urlname name city state country lat lon timezone founded_at joined_network_at status \
                 tie_status join_mode is_private member_count link past_events history_complete backfill_planned_at gone_at \
                 configured_as gone_why first_seen_at roster_gap members_verified_at failures retry_at asked split_until \
                 null_since noted_name noted_urlname",
    },
    KeptTable {
        name: "host_row",
        personal: &[person(
            "member",
            "that they host an event",
            "to see who carries a group, and who could",
        )],
        others: "event",
    },
    KeptTable {
        name: "import_row",
        personal: &[text(
            "name",
            "how a file was called that was imported",
            "so that a corrected one takes its place",
            IMPORTED,
        )],
        others: "key kind hash imported_at",
    },
    without_people("mark_row", "key mark"),
    KeptTable {
        name: "member_row",
        personal: &[
            Kept {
                name: "id",
                held: Held::Id,
                what: "Meetup's id of the person",
                why: "to know them again in every answer, and to link to their page",
                until: FORGOTTEN,
            },
            Kept {
                name: "name",
                held: Held::Name,
                what: "the name they show at Meetup",
                why: "to say whom to write to",
                until: "until they are forgotten; never with [privacy] names = false",
            },
        ],
        others: "key asked",
    },
    KeptTable {
        name: "membership_row",
        personal: &[
            person(
                "member",
                "that they are or were in a group",
                "to count members, and see who may lead",
            ),
            person("role", "what they do there", "to say whom to write to"),
            person(
                "status",
                "whether they lead, belong or wait",
                "to say whom to write to",
            ),
            person(
                "joined_at",
                "when they joined",
                "to see whether a group grows",
            ),
            person(
                "last_access_at",
                "when they visited it last",
                "to see whether its leaders are there",
            ),
            person(
                "gone_at",
                "when it was seen that they left",
                "to see who is lost to a group",
            ),
        ],
        others: "grp asked",
    },
    KeptTable {
        name: "meta",
        personal: &[Kept {
            name: "value",
            held: Held::Id,
            what: "of account_id: Meetup's id of who signs in",
            why: "so that another account, which sees less, is not taken for a loss",
            until: "until another signs in and its loss is accepted; a stand-in once they are forgotten",
        }],
        others: "key",
    },
    KeptTable {
        name: "mute_row",
        personal: &[AUTHOR],
        others: "id grp alert until_on created_at",
    },
    without_people(
        "name_change_row",
        "key grp old_name new_name old_urlname new_urlname noticed_at",
    ),
    without_people("named_row", "report place nth grp cause"),
    KeptTable {
        name: "network_row",
        personal: &[person(
            "primary_admin",
            "that they run the network's account",
            "they are staff, and not counted as local",
        )],
        others: "key id urlname name backfill_planned_at asked read_at",
    },
    KeptTable {
        name: "note_row",
        personal: &[
            text(
                "text",
                "whatever somebody noted of a group",
                "so that a word once had is not had twice",
                TAKEN_BACK,
            ),
            text(
                "whom",
                "who was asked",
                "so that nobody is asked twice",
                TAKEN_BACK,
            ),
            AUTHOR,
        ],
        others: "id grp kind again_on created_at",
    },
    KeptTable {
        name: "owner_row",
        personal: &[
            text(
                "name",
                "who looks after a group for the sponsor",
                "so that each call has somebody to make it",
                "until it is taken back (gatherd owner --off)",
            ),
            AUTHOR,
        ],
        others: "grp created_at",
    },
    without_people(
        "pass_row",
        "id kind started_at finished_at outcome requests points rows_changed failures is_good",
    ),
    without_people("rate_row", "key import month currency rate"),
    KeptTable {
        name: "report_row",
        personal: &[Kept {
            name: "payload",
            held: Held::Document,
            what: "whom a report spoke of, by their ids",
            why: "to answer what was told when",
            until: "the last 8 of each kind per channel",
        }],
        others: "id kind period as_of created_at",
    },
    KeptTable {
        name: "role_change_row",
        personal: &[
            person(
                "member",
                "that they came to lead a group, or stopped",
                "to tell of it, and to see how long leaders stay",
            ),
            person("old_role", "what they did before", "to tell of it"),
            person("new_role", "what they do since", "to tell of it"),
        ],
        others: "key grp noticed_at looked_at",
    },
    KeptTable {
        name: "rsvp_change_row",
        personal: &[
            person(
                "member",
                "that they answered otherwise than before",
                "to see how late people cancel",
            ),
            person(
                "old_status",
                "what they had answered",
                "to see how late people cancel",
            ),
            person(
                "new_status",
                "what they answered",
                "to see how late people cancel",
            ),
            person(
                "old_guest_count",
                "how many they were to bring",
                "to foresee a turnout",
            ),
            person(
                "new_guest_count",
                "how many they are to bring",
                "to foresee a turnout",
            ),
            person("changed_at", "when", "to see how late people cancel"),
            person(
                "rsvp",
                "the answer's own id at Meetup",
                "to know the answer again",
            ),
        ],
        others: "key event noticed_at",
    },
    KeptTable {
        name: "rsvp_row",
        personal: &[
            person(
                "member",
                "that they answered an event",
                "to count who takes part and who comes again",
            ),
            person(
                "status",
                "what they answered, and whether they came",
                "to count who takes part",
            ),
            person("guest_count", "how many they bring", "to foresee a turnout"),
            person("is_host", "that they host it", "to see who carries a group"),
            person("updated_at", "when they answered", "to foresee a turnout"),
            person(
                "id",
                "the answer's own id at Meetup",
                "to know the answer again",
            ),
        ],
        others: "event gone_at asked gone_asked",
    },
    without_people("schema_field_row", "place first_seen_at"),
    KeptTable {
        name: "spending_row",
        personal: &[text(
            "note",
            "whatever was noted of a payment",
            "to know later what it was for",
            IMPORTED,
        )],
        others: "key import on_date grp kind amount currency has_receipt event",
    },
    KeptTable {
        name: "target_row",
        personal: &[AUTHOR],
        others: "grp every_months created_at",
    },
    without_people(
        "told_group_row",
        "report grp history_complete status last_event next_event overdue_after_days streak_months events_365 yes_365 \
         people_365 attendance_taken new_hosts_365",
    ),
    without_people(
        "told_row",
        "report definitions_version groups_met_30 groups_met_365 events_365 people_365 first_timers_90",
    ),
    KeptTable {
        name: "unit_row",
        personal: &[text(
            "last_error",
            "what Meetup answered",
            "to tell what fails now",
            NO_LONGER,
        )],
        others: "id purpose kind network grp event from_at to_at state attempts next_due created_at finished_at",
    },
    without_people(
        "venue_row",
        "key id name city country lat lon is_online asked",
    ),
    without_people("year_budget_row", "key import grp year amount currency"),
];
