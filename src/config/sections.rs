//! The small sections: groups, staff, targets, alerts.

use std::collections::HashSet;

use super::effective::list;
use super::reading::{Section, nearest};
use crate::community::{AlertKind, MemberId, Policy, urlname_of};

/// How often a group agreed to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The group's urlname; none: all groups.
    pub group: Option<String>,
    /// One event every so many months, 1 to 4.
    pub every_months: u8,
}

/// The kinds of alert that can be configured.
pub const ALERTS: [AlertKind; 12] = [
    AlertKind::Leaderless,
    AlertKind::LastHost,
    AlertKind::OrganizerChanged,
    AlertKind::NewLeader,
    AlertKind::Renamed,
    AlertKind::MeetupStatus,
    AlertKind::CancelledSoon,
    AlertKind::Restarted,
    AlertKind::FirstEvent,
    AlertKind::Floor,
    AlertKind::Overdue,
    AlertKind::Quiet,
];

/// The kinds told unless configured: all but the two that the digest already tells.
const USUAL_ALERTS: usize = 10;

/// What to do where no urlname is found.
pub(super) const NO_URLNAME: &str = "write the page's address, or the last part of it: for https://www.meetup.com/acme-berlin/ that is acme-berlin";

/// The urlnames of `[[network]]` or `[[group]]`.
pub(super) fn urlnames(root: &Section<'_, '_>, key: &'static str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for section in root.tables(key) {
        let written = section.text("urlname");
        let found = written.as_deref().map(|it| urlname_of(it).ok_or(it));
        match found.transpose() {
            Err(written) => {
                section.problem(
                    "urlname",
                    format!("is not a urlname: {written}"),
                    NO_URLNAME,
                );
            }
            Ok(Some(name)) if names.iter().any(|known| known.eq_ignore_ascii_case(&name)) => {
                section.problem(
                    "urlname",
                    format!("names {name} a second time"),
                    format!("remove one [[{key}]]"),
                );
            }
            Ok(Some(name)) => names.push(name),
            Ok(None) if section.has("urlname") => {}
            Ok(None) => section.problem("urlname", "is missing", "write urlname = \"...\""),
        }
        section.finish();
    }
    names
}

/// The staff's member ids; an empty list counts as not configured.
pub(super) fn staff(section: &Section<'_, '_>) -> Option<Vec<MemberId>> {
    let mut ids: Vec<MemberId> = Vec::new();
    for (id, line) in section.texts("member_ids", true).unwrap_or_default() {
        // Meetup's ids are texts; those known so far are numbers.
        let is_simple = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        if id.len() <= 64 && id.chars().all(is_simple) {
            let id = MemberId(id);
            if !ids.contains(&id) {
                ids.push(id);
            }
        } else {
            let remedy = "write the number in the member's page address: meetup.com/members/NUMBER";
            section.reader.report(
                Some(line),
                "staff.member_ids holds something that is no member id",
                remedy,
            );
        }
    }
    section.finish();
    (!ids.is_empty()).then_some(ids)
}

/// What counts as well and when a call helps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// From which share of kept months on a group meets as agreed.
    pub target_share: f64,
    /// Days without a date after which a call is always worth it.
    pub call_after_days: u32,
    /// The share of pauses alike that went long from which on a call comes sooner.
    pub call_at: f64,
    /// The share of those who say yes that comes, where the sponsor knows it; none: as measured.
    pub show_rate: Option<f64>,
}

/// `[metrics]`.
pub(super) fn measures(section: &Section<'_, '_>) -> Measures {
    let measures = Measures {
        target_share: section.share_or("target_share", 0.75),
        call_after_days: section.whole_or("call_after_days", 1..=365, 90),
        call_at: section.share_or("call_at", 0.6),
        show_rate: section.share("show_rate"),
    };
    section.finish();
    measures
}

/// `[policy]`.
pub(super) fn policy(section: &Section<'_, '_>) -> Policy {
    let days = |key| section.whole(key, 1..=3650);
    let policy = Policy {
        events_per_year: section.whole("events_per_year", 1..=365),
        first_event_within_days: days("first_event_within_days"),
        warn_after_days: days("warn_after_days"),
        act_after_days: days("act_after_days"),
        close_after_days: days("close_after_days"),
        min_leaders: section.whole("min_leaders", 1..=100),
    };
    section.finish();
    policy
}

/// `[[target]]`.
pub(super) fn targets(
    root: &Section<'_, '_>,
    networks: &[String],
    groups: &[String],
) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut seen = HashSet::new();
    for section in root.tables("target") {
        let written = section.text("group");
        let group = written.as_deref().and_then(urlname_of).or(written);
        let every_months = section.whole("every_months", 1..=4);
        if !section.has("every_months") {
            section.problem(
                "every_months",
                "is missing",
                "write every_months = 1 (to 4)",
            );
        }
        let whom = group.clone().unwrap_or_else(|| "all groups".to_owned());
        if !seen.insert(whom.to_lowercase()) {
            section.problem(
                "group",
                format!("gives {whom} a second target"),
                "remove one [[target]]",
            );
        }
        if let Some(name) = &group {
            let is_configured = groups.iter().any(|known| known.eq_ignore_ascii_case(name));
            if urlname_of(name).is_none() {
                section.problem("group", format!("is not a urlname: {name}"), NO_URLNAME);
            } else if networks.is_empty() && !groups.is_empty() && !is_configured {
                // With a network, its groups are only known once Meetup has been asked.
                let known: Vec<&str> = groups.iter().map(String::as_str).collect();
                section.problem(
                    "group",
                    format!("is {name}, which is not configured"),
                    nearest(name, &known),
                );
            }
        }
        if let Some(every_months) = every_months.and_then(|months| u8::try_from(months).ok()) {
            targets.push(Target {
                group,
                every_months,
            });
        }
        section.finish();
    }
    targets
}

/// `[alerts]`.
pub(super) fn alerts(section: &Section<'_, '_>) -> Vec<AlertKind> {
    let written = section.texts("kinds", false).map(|written| {
        let known = ALERTS.map(|kind| (kind.as_str(), kind));
        one_of(section, "kinds", &written, &known)
    });
    let usual = ALERTS[..USUAL_ALERTS].to_vec();
    let kinds = section.or_default("kinds", written, usual, |usual| {
        list(usual.iter().map(|kind| kind.as_str()))
    });
    section.finish();
    kinds
}

/// Words that stand for something; others are problems, doubles are one.
pub(super) fn one_of<T: Copy + PartialEq>(
    section: &Section<'_, '_>,
    key: &str,
    written: &[(String, usize)],
    known: &[(&str, T)],
) -> Vec<T> {
    let mut chosen = Vec::new();
    for (word, line) in written {
        match known.iter().find(|(name, _)| name == word) {
            Some((_, meaning)) if chosen.contains(meaning) => {}
            Some((_, meaning)) => chosen.push(*meaning),
            None => {
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                let what = format!("{} holds \"{word}\", which is not known", section.key(key));
                section
                    .reader
                    .report(Some(*line), what, nearest(word, &names));
            }
        }
    }
    chosen
}
