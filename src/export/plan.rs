//! Which tables there are, with the kinds of their columns, the order of their rows and what of them is of a day. A test
//! holds it against the schema: no view and no column is missing.

use super::cell::Kind::{
    self, Answer, Boolean, Date, Double, Id, Instant, Integer, Person, Said, Text, Wall,
};
use super::column::{Column, Shown};
use super::metric_columns::{group_metrics, group_months};

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns that tell its rows apart; none: nothing does.
    pub key: Vec<&'static str>,
    /// Where its rows come from.
    pub(super) source: Source,
    /// What of it is of a day.
    pub(super) since: Since,
    /// All of it tells of people, or is what people wrote: left out where people are.
    pub is_of_people: bool,
}

/// Where rows come from. Parts are sorted one by one, so that memory is bounded by the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A view of some rows.
    View,
    /// The members, who are many.
    Members,
    /// A view, group by group, by this column.
    Groups(&'static str),
    /// A view, event by event, by this column: one file a month where there are many.
    Events(&'static str, Many),
    /// The report's groups.
    GroupMetrics,
    /// Their months.
    GroupMonths,
}

/// Whether a table has a file for each month of the events' local starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Many {
    Months,
    OneFile,
}

/// What of a table is left with a first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    /// All of it.
    Whole,
    /// What belongs to the events that start on it or later.
    Events,
    /// Rows whose column is of that day or later.
    Column(&'static str),
    /// Its month and later ones.
    Month,
}

#[derive(Clone, Copy)]
struct View {
    name: &'static str,
    source: Source,
    since: Since,
    is_of_people: bool,
    /// With spaces between.
    key: &'static str,
    columns: &'static [(&'static str, Kind)],
}

type Columns = &'static [(&'static str, Kind)];

/// Of what there is now: whole, whatever the first day.
const fn entity(name: &'static str, key: &'static str, columns: Columns) -> View {
    View {
        name,
        source: Source::View,
        since: Since::Whole,
        is_of_people: false,
        key,
        columns,
    }
}

/// Of what happened: from the first day on, by the column that says when.
const fn log(name: &'static str, at: &'static str, key: &'static str, columns: Columns) -> View {
    View {
        since: Since::Column(at),
        ..entity(name, key, columns)
    }
}

/// Of what belongs to events, by the column with their token.
const fn of_events(
    name: &'static str,
    token: &'static str,
    many: Many,
    key: &'static str,
    columns: Columns,
) -> View {
    View {
        source: Source::Events(token, many),
        since: Since::Events,
        ..entity(name, key, columns)
    }
}

const fn by_group(view: View) -> View {
    View {
        source: Source::Groups("group_id"),
        ..view
    }
}

const fn of_people(view: View) -> View {
    View {
        is_of_people: true,
        ..view
    }
}

#[rustfmt::skip]
const VIEWS: &[View] = &[
    entity("networks", "id", &[("id", Id), ("urlname", Text), ("name", Text), ("primary_admin_id", Person("network_row.primary_admin"))]),
    entity("groups", "source id", &[
        ("source", Text), ("id", Id), ("network_id", Id), ("urlname", Text), ("name", Text), ("city", Text), ("state", Text),
        ("country", Text), ("lat", Double), ("lon", Double), ("timezone", Text), ("founded_at", Instant),
        ("joined_network_at", Instant), ("status", Text), ("tie_status", Text), ("join_mode", Text), ("is_private", Boolean),
        ("organizer_id", Person("group_row.organizer")), ("member_count", Integer), ("link", Text),
        ("history_complete", Boolean), ("gone_at", Instant), ("gone_why", Text),
    ]),
    View { source: Source::Members, ..of_people(entity("members", "id", &[("id", Person("member_row.id")), ("name", Said("member_row.name"))])) },
    by_group(entity("memberships", "group_id member_id", &[
        ("group_id", Id), ("member_id", Person("membership_row.member")), ("role", Text), ("status", Text),
        ("joined_at", Instant), ("last_access_at", Instant), ("gone_at", Instant),
    ])),
    of_events("events", "token", Many::Months, "source token", &[
        ("source", Text), ("token", Id), ("id", Id), ("group_id", Id), ("title", Text), ("status", Text), ("event_type", Text),
        ("starts_at", Instant), ("starts_local", Wall), ("ends_at", Instant), ("created_at", Instant), ("url", Text),
        ("capacity", Integer), ("venue_id", Id), ("network_event_id", Id), ("gone_at", Instant),
    ]),
    of_events("event_hosts", "event_token", Many::OneFile, "event_token member_id", &[("event_token", Id), ("member_id", Person("host_row.member"))]),
    entity("venues", "id", &[
        ("id", Id), ("name", Text), ("city", Text), ("country", Text), ("lat", Double), ("lon", Double), ("is_online", Boolean),
    ]),
    of_events("rsvps", "event_token", Many::Months, "event_token id", &[
        ("id", Answer("rsvp_row.id")), ("event_token", Id), ("member_id", Person("rsvp_row.member")), ("status", Text),
        ("guest_count", Integer), ("is_host", Boolean), ("updated_at", Instant), ("gone_at", Instant),
    ]),
    of_events("event_ids", "event_token", Many::OneFile, "event_token id", &[
        ("event_token", Id), ("id", Id), ("first_seen_at", Instant), ("last_seen_at", Instant),
    ]),
    of_events("rsvp_changes", "event_token", Many::Months, "", &[
        ("rsvp_id", Answer("rsvp_change_row.rsvp")), ("event_token", Id), ("member_id", Person("rsvp_change_row.member")),
        ("old_status", Text), ("new_status", Text), ("old_guest_count", Integer), ("new_guest_count", Integer),
        ("changed_at", Instant), ("noticed_at", Instant),
    ]),
    log("role_changes", "noticed_at", "", &[
        ("group_id", Id), ("member_id", Person("role_change_row.member")), ("old_role", Text), ("new_role", Text), ("noticed_at", Instant),
    ]),
    log("name_changes", "noticed_at", "", &[
        ("group_id", Id), ("old_name", Text), ("new_name", Text), ("old_urlname", Text), ("new_urlname", Text), ("noticed_at", Instant),
    ]),
    View { since: Since::Column("on_date"), ..by_group(entity("group_days", "group_id on_date", &[
        ("group_id", Id), ("on_date", Date), ("member_count", Integer), ("leader_count", Integer),
    ])) },
    log("passes", "started_at", "id", &[
        ("id", Integer), ("kind", Text), ("started_at", Instant), ("finished_at", Instant), ("outcome", Text),
        ("requests", Integer), ("points", Integer), ("rows_changed", Integer), ("failures", Integer),
    ]),
    entity("failures", "", &[
        ("scope", Text), ("group_id", Id), ("network_id", Id), ("name", Text), ("kind", Text), ("is_part", Boolean),
        ("message", Said("failure_row.message")), ("since", Instant), ("last_at", Instant),
    ]),
    entity("doubts", "", &[
        ("loss", Text), ("network_id", Id), ("group_id", Id), ("known", Integer), ("lost", Integer), ("since", Instant), ("accepted_at", Instant),
    ]),
    entity("units", "id", &[
        ("id", Integer), ("purpose", Text), ("kind", Text), ("scope", Text), ("from_at", Instant), ("to_at", Instant),
        ("state", Text), ("attempts", Integer), ("next_due", Instant), ("last_error", Said("unit_row.last_error")),
    ]),
    of_people(log("reports", "created_at", "id", &[
        ("id", Integer), ("kind", Text), ("period", Text), ("as_of", Instant), ("created_at", Instant), ("payload", Said("report_row.payload")),
    ])),
    log("deliveries", "created_at", "id", &[
        ("id", Integer), ("channel", Text), ("kind", Text), ("period", Text), ("state", Text), ("attempts", Integer),
        ("next_attempt_at", Instant), ("last_error", Said("delivery_row.last_error")), ("created_at", Instant), ("sent_at", Instant),
    ]),
    of_people(entity("alerts", "key", &[
        ("key", Text), ("kind", Text), ("group_id", Id), ("state", Text), ("since", Instant), ("told_at", Instant),
    ])),
    of_people(entity("notes", "id", &[
        ("id", Integer), ("group_id", Id), ("kind", Text), ("text", Said("note_row.text")), ("whom", Said("note_row.whom")),
        ("again_on", Date), ("author", Said("note_row.author")), ("created_at", Instant),
    ])),
    entity("mutes", "id", &[
        ("id", Integer), ("group_id", Id), ("alert", Text), ("until_on", Date), ("author", Said("mute_row.author")), ("created_at", Instant),
    ]),
    entity("targets", "group_id", &[
        ("group_id", Id), ("every_months", Integer), ("author", Said("target_row.author")), ("created_at", Instant),
    ]),
    entity("owners", "group_id", &[
        ("group_id", Id), ("name", Said("owner_row.name")), ("author", Said("owner_row.author")), ("created_at", Instant),
    ]),
    // What was handed in as files: their names and remarks are what people wrote.
    entity("imports", "", &[("name", Said("import_row.name")), ("kind", Text), ("rows", Integer), ("imported_at", Instant)]),
    View { since: Since::Column("on_date"), ..entity("spending", "", &[
        ("import", Said("import_row.name")), ("on_date", Date), ("group_id", Id), ("kind", Text), ("amount", Text),
        ("ten_thousandths", Integer), ("currency", Text), ("note", Said("spending_row.note")), ("has_receipt", Boolean),
        ("event_token", Id),
    ]) },
    entity("rates", "", &[("import", Said("import_row.name")), ("month", Text), ("currency", Text), ("rate", Text)]),
    entity("budgets", "", &[
        ("import", Said("import_row.name")), ("group_id", Id), ("year", Integer), ("amount", Text), ("ten_thousandths", Integer),
        ("currency", Text),
    ]),
    entity("forgotten", "member_id", &[("member_id", Person("forgotten_row.member")), ("is_by_age", Boolean), ("forgotten_at", Instant)]),
    entity("capabilities", "name", &[("name", Text), ("value", Text), ("found_at", Instant)]),
    entity("drift", "", &[("place", Text), ("weight", Text), ("operations", Text), ("what", Text), ("found_at", Instant)]),
];

impl From<&View> for Table {
    fn from(view: &View) -> Self {
        let columns = view.columns.iter();
        Self {
            name: view.name,
            columns: columns
                .map(|(name, kind)| Column {
                    name: (*name).to_owned(),
                    kind: *kind,
                    path: Vec::new(),
                })
                .collect(),
            key: view.key.split_whitespace().collect(),
            source: view.source,
            since: view.since,
            is_of_people: view.is_of_people,
        }
    }
}

/// All tables, views first.
pub fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = VIEWS.iter().map(Table::from).collect();
    tables.push(Table {
        name: "group_metrics",
        columns: group_metrics(),
        key: vec!["id"],
        source: Source::GroupMetrics,
        since: Since::Whole,
        is_of_people: false,
    });
    tables.push(Table {
        name: "group_months",
        columns: group_months(),
        key: vec!["group_id", "month"],
        source: Source::GroupMonths,
        since: Since::Month,
        is_of_people: false,
    });
    tables
}

impl Table {
    /// The table as it is where people are left out; none where it is left out itself.
    #[must_use]
    pub fn without_people(mut self) -> Option<Self> {
        if self.is_of_people {
            return None;
        }
        self.columns
            .retain(|it| it.without_people() != Shown::LeftOut);
        Some(self)
    }

    /// Whether the report's groups are in it.
    pub fn wants_groups(&self) -> bool {
        self.source == Source::GroupMetrics
    }

    /// Whether their months are.
    pub fn wants_months(&self) -> bool {
        self.source == Source::GroupMonths
    }

    /// Whether it has a file for each month, where a format has such.
    pub(super) fn is_by_month(&self) -> bool {
        matches!(self.source, Source::Events(_, Many::Months))
    }
}
