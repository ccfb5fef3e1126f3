//! What a mark says of a group's status: each has a form of its own besides its colour, the same on the map, in lists and
//! on paper.

use crate::{community::Status, report::say};
use maud::{Markup, html};

/// What is drawn of a status first lies lowest: what matters most is on top.
pub(super) const UPWARDS: [Option<Status>; 8] = [
    None,
    Some(Status::OnTarget),
    Some(Status::Meeting),
    Some(Status::New),
    Some(Status::Restarted),
    Some(Status::Unstarted),
    Some(Status::Quiet),
    Some(Status::Overdue),
];

/// What a status is called.
pub(super) fn named(status: Option<Status>) -> &'static str {
    status.map_or("still being read", say)
}

/// The class of a status in the style sheet.
pub(super) fn class(status: Option<Status>) -> &'static str {
    status.map_or("unknown", Status::as_str)
}

/// The form of a status, as a path around a point.
pub(super) fn mark(status: Option<Status>, (x, y): (f64, f64), size: f64) -> String {
    let corners = |corners: &[(f64, f64)]| {
        let mut path = String::new();
        for (nth, (dx, dy)) in corners.iter().enumerate() {
            let step = if nth == 0 { 'M' } else { 'L' };
            path.push_str(&format!("{step}{:.1} {:.1}", x + dx * size, y + dy * size));
        }
        path.push('z');
        path
    };
    let round = |size: f64| {
        format!(
            "M{:.1} {y:.1}a{size:.1} {size:.1} 0 1 0 {:.1} 0a{size:.1} {size:.1} 0 1 0 {:.1} 0z",
            x - size,
            2.0 * size,
            -2.0 * size
        )
    };
    match status {
        Some(Status::Overdue) => corners(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Some(Status::New) => corners(&[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)]),
        Some(Status::Restarted) => corners(&[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)]),
        Some(Status::Meeting) => corners(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]),
        // A cross with arms as broad as a third of it.
        Some(Status::Unstarted) => corners(&[
            (-0.35, -1.0),
            (0.35, -1.0),
            (0.35, -0.35),
            (1.0, -0.35),
            (1.0, 0.35),
            (0.35, 0.35),
            (0.35, 1.0),
            (-0.35, 1.0),
            (-0.35, 0.35),
            (-1.0, 0.35),
            (-1.0, -0.35),
            (-0.35, -0.35),
        ]),
        Some(Status::OnTarget) => round(size),
        // A ring: the inner round is cut out of the outer one.
        Some(Status::Quiet) => format!("{}{}", round(size), round(size * 0.6)),
        // A bar.
        None => corners(&[(-1.0, -0.3), (1.0, -0.3), (1.0, 0.3), (-1.0, 0.3)]),
    }
}

/// The mark by itself, for beside its words.
pub(super) fn alone(status: Option<Status>) -> Markup {
    html! {
        svg.key viewBox="0 0 24 24" width="14" height="14" aria-hidden="true" {
            path class={ "mark " (class(status)) } d=(mark(status, (12.0, 12.0), 9.0)) {}
        }
    }
}

/// A status: its mark and its words.
pub(super) fn status(status: Option<Status>) -> Markup {
    html! { span.status { (alone(status)) (named(status)) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_statuses_have_the_same_form() {
        let forms: BTreeSet<String> = UPWARDS
            .into_iter()
            .map(|it| mark(it, (12.0, 12.0), 8.0))
            .collect();
        assert_eq!(forms.len(), UPWARDS.len());
        assert_eq!(UPWARDS.len(), Status::ALL.len() + 1);
    }
}
