//! A report as far as somebody may see it.

use super::{CandidateReport, Report, attendance_marked};
use crate::community::Access;
use std::collections::HashSet;

impl Report {
    /// The report as far as `access` reaches: only its groups. Figures of the network stay.
    #[must_use]
    pub fn narrowed(self, access: &Access) -> Self {
        let mut report = self;
        if !access.is_narrow() {
            return report;
        }
        let marked = |report: &Report| {
            let groups = report.groups.iter().map(|group| &group.figures);
            attendance_marked(groups)
        };
        let marked_anywhere = marked(&report);
        let all = i64::try_from(report.groups.len()).unwrap_or(i64::MAX);
        report.part_of.get_or_insert(all);
        report.groups.retain(|group| {
            let figures = &group.figures;
            let (country, timezone) = (figures.country.as_deref(), figures.timezone.as_deref());
            access.reaches(&figures.urlname, country, timezone)
        });
        report
            .remarks
            .retain(|it| Some(it) != marked_anywhere.as_ref());
        let marked_here = marked(&report);
        report.remarks.splice(0..0, marked_here);
        let kept: HashSet<String> = report
            .groups
            .iter()
            .map(|group| group.figures.urlname.clone())
            .collect();
        report.ahead.retain(|event| kept.contains(&event.group));
        report.left.retain(|group| {
            let (country, timezone) = (group.country.as_deref(), group.timezone.as_deref());
            access.reaches(&group.urlname, country, timezone)
        });
        if let Some(people) = &mut report.people {
            let is_kept = |person: &CandidateReport| {
                let mut groups = person.person.groups.iter();
                groups.any(|group| kept.contains(group))
            };
            people.ambassadors.retain(is_kept);
            people.missed.retain(|it| kept.contains(&it.person.group));
        }
        let fresh = &mut report.freshness;
        fresh.incomplete_groups.retain(|it| kept.contains(it));
        let unread = std::mem::take(&mut fresh.unread_groups);
        let reasons = std::mem::take(&mut fresh.unread_reasons);
        (fresh.unread_groups, fresh.unread_reasons) = unread
            .into_iter()
            .zip(reasons)
            .filter(|(urlname, _)| kept.contains(urlname))
            .unzip();
        report.find_oldest();
        report
    }
}
