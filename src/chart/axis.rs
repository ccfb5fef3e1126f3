//! Axes: which numbers stand at them, and where a value lies.

use super::canvas::{Anchor, Canvas, WIDTH};

/// Where a chart's bars and lines lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plot {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// The greatest value, at the top.
    pub(super) most: f64,
}

impl Plot {
    /// The plot below a name of the unit, with a scale from 0 to what holds `most`, and lines across.
    pub(super) fn drawn(canvas: &mut Canvas, top: f64, height: f64, most: i64, unit: &str) -> Self {
        let step = step(most);
        let steps = (most + step - 1).div_euclid(step).max(1);
        let plot = Self {
            left: 34.0,
            top,
            width: WIDTH - 34.0 - 6.0,
            height,
            most: float(steps * step),
        };
        canvas.small((0.0, top - 9.0), Anchor::Start, unit, "c-dim");
        for value in (0..=steps).map(|it| it * step) {
            let y = plot.y(float(value));
            let class = if value == 0 { "c-axis" } else { "c-grid" };
            canvas.line((plot.left, y), (plot.right(), y), class);
            canvas.small(
                (plot.left - 6.0, y + 3.5),
                Anchor::End,
                said(value),
                "c-dim",
            );
        }
        plot
    }

    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Where a value lies, within the plot whatever it is.
    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom() - (value / self.most).clamp(0.0, 1.0) * self.height
    }

    /// Where the n-th of so many equal places begins, and how wide one is.
    pub(super) fn place(&self, nth: usize, of: usize) -> (f64, f64) {
        let wide = self.width / count(of.max(1));
        (self.left + wide * count(nth), wide)
    }
}

/// From one line to the next: 1, 2, 5, 10 ..., so that four or five steps hold the greatest.
fn step(most: i64) -> i64 {
    let mut step = 1;
    loop {
        for times in [1, 2, 5] {
            let wide: i64 = step * times;
            if wide.saturating_mul(5) >= most {
                return wide;
            }
        }
        match step.checked_mul(10) {
            Some(next) if next < i64::MAX / 100 => step = next,
            _ => return step,
        }
    }
}

/// A number with its thousands apart.
pub(super) fn said(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0 { format!("-{text}") } else { text }
}

/// "1 event", "2 events".
pub(super) fn many(count: i64, one: &str, more: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n => format!("{} {more}", said(n)),
    }
}

#[allow(clippy::cast_precision_loss)] // what is counted stays far below 2^53
pub(super) fn float(value: i64) -> f64 {
    value as f64
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn count(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_steps_and_at_most_five_of_them() {
        for (most, expected) in [(0, 1), (5, 1), (6, 2), (11, 5), (48, 10), (260, 100)] {
            assert_eq!(step(most), expected, "{most}");
        }
        assert!(step(i64::MAX) > 0);
        assert_eq!(
            (said(1_234_567), said(999)),
            ("1,234,567".to_owned(), "999".to_owned())
        );
    }
}
