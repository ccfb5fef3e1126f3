//! One group in depth, for a terminal.

use super::block;
use super::page::{Ink, Page};
use crate::metrics::GroupFigures;
use crate::report::compose::{GroupReport, Report};
use crate::report::depth::{Beside, Row, regularity, rows, rows_below, standing, years};
use crate::report::plain::{clean, fit, group_name, width};
use crate::report::words::{count, say};

/// Where the text beside the labels begins.
const LABEL: usize = 12;

/// Writes all there is.
pub(super) fn write(page: &mut Page, report: &Report, group: &GroupReport, beside: Beside<'_>) {
    let figures = &group.figures;
    title(page, figures, report.is_unread(group));
    for paragraph in standing(report, group) {
        page.paragraph("", &paragraph);
    }
    page.blank();
    let months = [regularity(figures), String::new()];
    block::months(page, figures, "", LABEL, &months);
    if let Some(years) = years(figures) {
        write_rows(page, vec![years]);
        page.blank();
    }
    write_rows(page, rows(report, group, beside));
    block::leaders(page, figures, &format!("{:LABEL$}", "Keys"), true);
    write_rows(page, rows_below(report, group, beside));
}

/// The name on the left, the status on the right.
fn title(page: &mut Page, figures: &GroupFigures, is_unread: bool) {
    let mut parts = vec![group_name(&figures.name, &figures.urlname)];
    parts.extend(
        figures
            .country
            .as_deref()
            .map(|it| clean(it).to_uppercase()),
    );
    parts.extend(
        figures
            .founded_local
            .map(|founded| format!("founded {}", founded.format("%b %Y"))),
    );
    parts.push(count(figures.events_ever, "event", "events"));
    let status = match figures.status {
        Some(_) if is_unread => "NOT READ LATELY".to_owned(),
        status => status.map_or("", say).to_uppercase(),
    };
    let left = fit(
        &parts.join(" · "),
        page.width.saturating_sub(width(&status) + 2),
    );
    let between = page.width.saturating_sub(width(&left) + width(&status));
    page.line(Ink::Bold, &format!("{left}{}{status}", " ".repeat(between)));
    page.line(
        Ink::Dim,
        &format!("{} · {}", clean(&figures.urlname), clean(&figures.link)),
    );
}

fn write_rows(page: &mut Page, rows: Vec<Row>) {
    for Row { label, lines, .. } in rows {
        for (nth, line) in lines.iter().enumerate() {
            let label = if nth == 0 { label } else { "" };
            page.paragraph(&format!("{label:LABEL$}"), line);
        }
    }
}
