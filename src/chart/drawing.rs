//! A chart: a picture, what it says in words, and its numbers as a table.

use std::fmt::Write as _;

use super::canvas::{Anchor, Canvas, Piece, WIDTH, n};
use super::name::Name;
use super::style::{Theme, style};
use crate::community::ChartKind;

/// What stands above the picture where it stands alone: its title.
const HEAD: f64 = 34.0;
/// And the rim around it.
const RIM: f64 = 12.0;

/// Numbers for those who do not see the picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What the columns are, with units.
    pub head: Vec<String>,
    /// As many texts each.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn of<const N: usize>(head: [&str; N]) -> Self {
        Self {
            head: head.map(str::to_owned).to_vec(),
            rows: Vec::new(),
        }
    }

    pub(super) fn row<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(Vec::from(row));
    }
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    id: &'static str,
    title: Name,
    summary: String,
    height: f64,
    canvas: Canvas,
    table: Table,
    is_empty: bool,
}

impl Chart {
    /// Of a group, of a picture so high.
    pub(super) fn drawn(
        kind: ChartKind,
        title: Name,
        summary: String,
        picture: (Canvas, f64),
        table: Table,
    ) -> Self {
        Self::named(kind.as_str(), title, summary, picture, table)
    }

    /// Of anything, of a picture so high.
    pub(super) fn named(
        id: &'static str,
        title: Name,
        summary: String,
        (canvas, height): (Canvas, f64),
        table: Table,
    ) -> Self {
        Self {
            id,
            title,
            summary,
            height,
            canvas,
            table,
            is_empty: false,
        }
    }

    /// A sentence in place of a picture: there is nothing to draw.
    pub(super) fn empty(kind: ChartKind, title: Name, sentence: &str) -> Self {
        let mut canvas = Canvas::default();
        let mut y = 16.0;
        for line in wrapped(sentence, 62) {
            canvas.text((0.0, y), Anchor::Start, line, "c-dim");
            y += 17.0;
        }
        Self {
            id: kind.as_str(),
            title,
            summary: sentence.to_owned(),
            height: y - 8.0,
            canvas,
            table: Table::default(),
            is_empty: true,
        }
    }

    /// Which it is: of a group, its kind.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title.text
    }

    /// What it says, in a sentence or two. Where there is nothing to draw, why.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Its numbers.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// For a page that has the style sheet: classes only, no colours. Where there is nothing to draw, a
    /// paragraph. On one page, one of each: its ids are `chart-ID-title` and `chart-ID-desc`.
    pub fn embedded(&self) -> String {
        if self.is_empty {
            return format!(r#"<p class="c-empty">{}</p>"#, escaped(&self.summary));
        }
        let mut svg = self.opened(&format!("0 0 {} {}", n(WIDTH), n(self.height)), "c-chart");
        self.write_pieces(&mut svg, &|_| true);
        svg.push_str("</svg>");
        svg
    }

    /// For a file: with its style, its title drawn and a ground.
    pub fn standing_alone(&self, theme: Theme) -> String {
        self.standing_alone_in(theme, &|_| true)
    }

    /// The same, with what a font can draw.
    pub fn standing_alone_in(&self, theme: Theme, can_draw: &dyn Fn(char) -> bool) -> String {
        let (wide, high) = (WIDTH + 2.0 * RIM, self.height + HEAD + RIM);
        let frame = format!("{} {} {} {}", n(-RIM), n(-HEAD), n(wide), n(high));
        let mut svg = self.opened(&frame, "c-chart");
        let _ = write!(
            svg,
            r#"<style>{}</style><rect x="{}" y="{}" width="{}" height="{}" class="c-paper"/>"#,
            style(theme),
            n(-RIM),
            n(-HEAD),
            n(wide),
            n(high)
        );
        let title = self.title.within("", "", 60);
        let at = (0.0, -13.0);
        write_text(
            &mut svg,
            at,
            &title,
            14.0,
            Anchor::Start,
            "c-ink c-head",
            can_draw,
        );
        self.write_pieces(&mut svg, can_draw);
        svg.push_str("</svg>\n");
        svg
    }

    fn opened(&self, frame: &str, class: &str) -> String {
        let id = self.id;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{frame}" class="{class}" role="img" aria-labelledby="chart-{id}-title chart-{id}-desc"><title id="chart-{id}-title">{}</title><desc id="chart-{id}-desc">{}</desc>"#,
            escaped(&self.title.text),
            escaped(&self.summary)
        )
    }

    fn write_pieces(&self, svg: &mut String, can_draw: &dyn Fn(char) -> bool) {
        for piece in &self.canvas.pieces {
            match piece {
                Piece::Shape(shape) => svg.push_str(shape),
                Piece::Text {
                    at,
                    name,
                    size,
                    anchor,
                    class,
                } => write_text(svg, *at, name, *size, *anchor, class, can_draw),
            }
        }
    }
}

fn write_text(
    svg: &mut String,
    (x, y): (f64, f64),
    name: &Name,
    size: f64,
    anchor: Anchor,
    class: &str,
    can_draw: &dyn Fn(char) -> bool,
) {
    let anchor = match anchor {
        Anchor::Start => "",
        Anchor::Middle => r#" text-anchor="middle""#,
        Anchor::End => r#" text-anchor="end""#,
    };
    let text = drawable(name, can_draw);
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        r#"<text x="{}" y="{}" font-size="{}"{anchor} class="{class}">{}</text>"#,
        n(x),
        n(y),
        n(size),
        escaped(&text)
    );
}

/// The name, else what stands for it, of that only what can be drawn.
fn drawable(name: &Name, can_draw: &dyn Fn(char) -> bool) -> String {
    if name.text.chars().all(can_draw) {
        return name.text.clone();
    }
    let instead = name.instead.chars();
    instead.map(|c| if can_draw(c) { c } else { '?' }).collect()
}

/// Text for XML, between tags: what would be read as a tag, and what XML has no place for.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() => safe.push(' '),
            // What XML has no place for, and what turns the direction of what stands around it.
            '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c => safe.push(c),
        }
    }
    safe
}

/// Lines of so many letters at most, broken between words.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().filter(|line| {
            line.is_empty() || line.chars().count() + 1 + word.chars().count() <= letters
        });
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A sentence below a picture, in as many lines as it needs; how high they are together.
pub(super) fn write_note(canvas: &mut Canvas, (x, y): (f64, f64), text: &str) -> f64 {
    let mut at = y;
    for line in wrapped(text, 76) {
        canvas.small((x, at), Anchor::Start, line, "c-dim");
        at += 14.0;
    }
    at - y + 4.0
}
