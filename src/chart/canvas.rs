//! What a chart is drawn of: shapes with classes, and texts.

use std::fmt::Write as _;

use super::name::Name;

/// The width of every chart, in units of its view box: about a phone's in pixels, so that text stays
/// readable there.
pub(super) const WIDTH: f64 = 480.0;
/// The size of text.
pub(super) const TEXT: f64 = 12.0;
/// The size of text where room is short.
pub(super) const SMALL: f64 = 10.5;

/// Where a text stands beside its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A shape, ready to be written, or a text, which may have to be said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Shape(String),
    Text {
        at: (f64, f64),
        name: Name,
        size: f64,
        anchor: Anchor,
        class: &'static str,
    },
}

/// A picture in the making. Lengths are units of the view box, from its top left corner.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Canvas {
    pub(super) pieces: Vec<Piece>,
}

impl Canvas {
    fn shape(&mut self, text: String) {
        self.pieces.push(Piece::Shape(text));
    }

    /// A filled rectangle; nothing where it has no area.
    pub(super) fn rect(&mut self, (x, y): (f64, f64), (w, h): (f64, f64), class: &str) {
        if w > 0.0 && h > 0.0 {
            self.shape(format!(
                r#"<rect x="{}" y="{}" width="{}" height="{}" class="{class}"/>"#,
                n(x),
                n(y),
                n(w),
                n(h)
            ));
        }
    }

    /// The same with round corners.
    pub(super) fn tile(&mut self, (x, y): (f64, f64), (w, h): (f64, f64), class: &str) {
        self.shape(format!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" rx="2.5" class="{class}"/>"#,
            n(x),
            n(y),
            n(w),
            n(h)
        ));
    }

    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) {
        self.shape(format!(
            r#"<line x1="{}" y1="{}" x2="{}" y2="{}" class="{class}"/>"#,
            n(x1),
            n(y1),
            n(x2),
            n(y2)
        ));
    }

    pub(super) fn dot(&mut self, (x, y): (f64, f64), radius: f64, class: &str) {
        self.shape(format!(
            r#"<circle cx="{}" cy="{}" r="{}" class="{class}"/>"#,
            n(x),
            n(y),
            n(radius)
        ));
    }

    /// A line through points.
    pub(super) fn curve(&mut self, points: &[(f64, f64)], class: &str) {
        if points.len() < 2 {
            return;
        }
        let mut text = String::new();
        for (x, y) in points {
            // Writing to a string cannot fail.
            let _ = write!(text, "{},{} ", n(*x), n(*y));
        }
        self.shape(format!(
            r#"<polyline points="{}" class="{class}"/>"#,
            text.trim_end()
        ));
    }

    /// A plain text of ordinary size.
    pub(super) fn text(
        &mut self,
        at: (f64, f64),
        anchor: Anchor,
        text: impl Into<String>,
        class: &'static str,
    ) {
        self.name(at, anchor, Name::plain(text), TEXT, class);
    }

    /// A plain small one.
    pub(super) fn small(
        &mut self,
        at: (f64, f64),
        anchor: Anchor,
        text: impl Into<String>,
        class: &'static str,
    ) {
        self.name(at, anchor, Name::plain(text), SMALL, class);
    }

    /// A text that may have to be said otherwise.
    pub(super) fn name(
        &mut self,
        at: (f64, f64),
        anchor: Anchor,
        name: Name,
        size: f64,
        class: &'static str,
    ) {
        self.pieces.push(Piece::Text {
            at,
            name,
            size,
            anchor,
            class,
        });
    }

    /// Keys side by side, in as many rows as they need; how high they are together.
    pub(super) fn legend(&mut self, (left, top): (f64, f64), keys: &[(&'static str, Name)]) -> f64 {
        let (mut x, mut y) = (left, top);
        for (class, name) in keys {
            let room = 16.0 + 14.0 + width(&name.text, SMALL);
            if x > left && x + room > WIDTH - 8.0 {
                (x, y) = (left, y + 17.0);
            }
            self.tile((x, y), (11.0, 11.0), class);
            self.name(
                (x + 16.0, y + 9.5),
                Anchor::Start,
                name.clone(),
                SMALL,
                "c-ink",
            );
            x += room;
        }
        y - top + 17.0
    }
}

/// About how wide a text is drawn, in a font as wide as the one of our own.
pub(super) fn width(text: &str, size: f64) -> f64 {
    use unicode_width::UnicodeWidthChar as _;
    let wide = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.32,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.92,
        c if c.is_ascii_lowercase() => 0.6,
        c if c.is_ascii() => 0.67,
        c => match c.width() {
            Some(2) => 1.05,
            Some(0) | None => 0.0,
            _ => 0.66,
        },
    };
    text.chars().map(wide).sum::<f64>() * size
}

/// A length as SVG writes it: to a tenth, and never what is no number.
pub(super) fn n(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None if text == "-0.0" => "0".to_owned(),
        None => text,
    }
}
