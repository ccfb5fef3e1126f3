//! The map itself: the outlines that are shipped, a mark for each group. Marks differ by form as well as by colour.

use super::projection::{EARTH, projected};
use crate::{
    report::{GroupReport, group_name},
    web::marks::{UPWARDS, class, mark, named},
};
use maud::{Markup, html};
use std::collections::HashMap;

/// The land, as a path.
const LAND: &str = include_str!("../../assets/land/outline.txt");
/// Around the outermost groups, as a part of what is between them.
const MARGIN: f64 = 0.12;
/// No part of the earth that is less wide is shown: the outlines say no more.
const LEAST: f64 = 260.0;
/// The size of a mark, as a part of the map's width.
const MARK: f64 = 1.0 / 110.0;
/// Marks of groups in one place stand around it, so many marks apart.
const APART: f64 = 1.7;

/// The groups, each with its place, on a map of the part of the earth in which they are.
pub(super) fn map(placed: &[(&GroupReport, (f64, f64))]) -> Markup {
    let points: Vec<(f64, f64)> = placed.iter().map(|(_, at)| projected(*at)).collect();
    let [left, top, width, height] = part(&points);
    let size = width * MARK;
    let mut drawn: Vec<(&GroupReport, (f64, f64))> = spread(&points, size * APART)
        .into_iter()
        .zip(placed)
        .map(|(at, (it, _))| (*it, at))
        .collect();
    drawn.sort_by_key(|(it, _)| UPWARDS.iter().position(|known| *known == it.figures.status));
    html! {
        svg.map viewBox=(format!("{left:.0} {top:.0} {width:.0} {height:.0}")) role="img" aria-labelledby="map-title map-about" {
            title #map-title { "Groups by status" }
            desc #map-about { "Each group is a mark where it is, those of one place beside one another; the table below has the same groups." }
            path.land d=(LAND.trim()) {}
            @for (it, (x, y)) in &drawn {
                path class={ "mark " (class(it.figures.status)) } d=(mark(it.figures.status, (*x, *y), size)) {
                    title { (group_name(&it.figures.name, &it.figures.urlname)) ": " (named(it.figures.status)) }
                }
            }
        }
    }
}

/// The part of the earth that is shown: left, top, width, height.
fn part(points: &[(f64, f64)]) -> [f64; 4] {
    let least = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (left, right) = (least(|it| it.0), most(|it| it.0));
    let (top, bottom) = (least(|it| it.1), most(|it| it.1));
    let margin = MARGIN * (right - left).max(bottom - top);
    // As wide as it must be for a form that fits a screen and a telephone.
    let height = bottom - top + 2.0 * margin;
    let width = (right - left + 2.0 * margin)
        .max(height * 1.5)
        .clamp(LEAST, EARTH.0);
    let height = height.max(width / 2.2).min(EARTH.1);
    let begin =
        |middle: f64, length: f64, all: f64| (middle - length / 2.0).clamp(0.0, all - length);
    [
        begin(f64::midpoint(left, right), width, EARTH.0),
        begin(f64::midpoint(top, bottom), height, EARTH.1),
        width,
        height,
    ]
}

/// The points, those of one place around it in a spiral, so that each can be seen.
fn spread(points: &[(f64, f64)], apart: f64) -> Vec<(f64, f64)> {
    let mut taken: HashMap<(i64, i64), u32> = HashMap::new();
    #[allow(clippy::cast_possible_truncation)] // some thousands of units
    let cell = |(x, y): (f64, f64)| ((x / apart).round() as i64, (y / apart).round() as i64);
    let around = |at: &(f64, f64)| {
        let nth = taken.entry(cell(*at)).or_default();
        // The golden angle: no two in one line.
        let (turn, far) = (
            f64::from(*nth) * 2.399_963,
            f64::from(*nth).sqrt() * apart * 0.8,
        );
        *nth += 1;
        (at.0 + far * turn.cos(), at.1 + far * turn.sin())
    };
    points.iter().map(around).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_that_is_shown_holds_all_groups_and_lies_on_the_earth() {
        for points in [
            vec![(1000.0, 200.0)],
            vec![(3.0, 5.0), (1990.0, 970.0)],
            vec![(950.0, 180.0), (1050.0, 260.0)],
            vec![(1999.0, 480.0), (1900.0, 10.0)],
        ] {
            let [left, top, width, height] = part(&points);
            assert!(
                left >= 0.0 && left + width <= EARTH.0 + 0.01,
                "{left} {width}"
            );
            assert!(
                top >= 0.0 && top + height <= EARTH.1 + 0.01,
                "{top} {height}"
            );
            for (x, y) in points {
                assert!((left..=left + width).contains(&x) && (top..=top + height).contains(&y));
            }
        }
    }

    #[test]
    fn groups_of_one_place_stand_beside_each_other() {
        let spread = spread(&[(10.0, 10.0); 5], 4.0);
        for (nth, one) in spread.iter().enumerate() {
            for other in &spread[nth + 1..] {
                let far = ((one.0 - other.0).powi(2) + (one.1 - other.1).powi(2)).sqrt();
                assert!(far > 2.5, "{one:?} {other:?}");
            }
        }
    }
}
