//! What a mark says: where its group is, and by form and colour its status.

use crate::{
    community::Status,
    report::{GroupReport, say},
};

/// Latitude and longitude, where they are known and on the earth. Meetup has 0, 0 where it knows none.
pub(super) fn place(group: &GroupReport) -> Option<(f64, f64)> {
    let (lat, lon) = group.figures.at?;
    let is_on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    (is_on_earth && (lat != 0.0 || lon != 0.0)).then_some((lat, lon))
}

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
    match status {
        Some(Status::Overdue) => corners(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Some(Status::New) => corners(&[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)]),
        Some(Status::Restarted) => corners(&[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)]),
        Some(Status::Meeting) => corners(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]),
        Some(Status::OnTarget | Status::Quiet | Status::Unstarted) | None => format!(
            "M{:.1} {y:.1}a{size:.1} {size:.1} 0 1 0 {:.1} 0a{size:.1} {size:.1} 0 1 0 {:.1} 0z",
            x - size,
            2.0 * size,
            -2.0 * size
        ),
    }
}
