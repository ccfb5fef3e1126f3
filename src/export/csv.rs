//! CSV by RFC 4180: UTF-8, a header, lines that end in CR and LF. Null is nothing at all, and an empty text is `""`.
//!
//! A text that a spreadsheet would take for a formula stands behind an apostrophe. Numbers, instants, and ids that are plain
//! numbers never do.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use super::cell::{Cell, Kind};
use super::column::Column;

/// A table being written.
pub(super) struct Csv {
    out: BufWriter<File>,
    kinds: Vec<Kind>,
}

impl Csv {
    pub(super) fn begin(file: File, columns: &[Column]) -> io::Result<Self> {
        let mut out = BufWriter::new(file);
        let names: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
        write!(out, "{}\r\n", names.join(","))?;
        let kinds = columns.iter().map(|it| it.kind).collect();
        Ok(Self { out, kinds })
    }

    pub(super) fn put(&mut self, row: &[Cell]) -> io::Result<()> {
        for (at, (cell, kind)) in row.iter().zip(&self.kinds).enumerate() {
            if at > 0 {
                self.out.write_all(b",")?;
            }
            self.out.write_all(written(cell, *kind).as_bytes())?;
        }
        self.out.write_all(b"\r\n")
    }

    pub(super) fn end(self) -> io::Result<()> {
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}

fn written(cell: &Cell, kind: Kind) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Integer(number) => number.to_string(),
        // With a point, so that it is seen to be no count.
        Cell::Double(number) => format!("{number:?}"),
        Cell::Boolean(is) => is.to_string(),
        Cell::Text(text) if kind.is_id() && is_number(text) => text.clone(),
        Cell::Text(text) => quoted(&harmless(text)),
        Cell::Instant(_) | Cell::Date(_) | Cell::Wall(_) => cell.text().unwrap_or_default(),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit())
}

/// Behind an apostrophe where a spreadsheet would reckon; wide signs are taken for the narrow ones by some.
fn harmless(text: &str) -> String {
    let begins = [
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ];
    match text.starts_with(begins) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() || text.contains(['"', ',', '\r', '\n', '\'', ';', '\t']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_formulas_and_stay_one_cell() {
        for (text, expected) in [
            ("acme", "acme"),
            ("", "\"\""),
            ("=1+1", "\"'=1+1\""),
            ("+49", "\"'+49\""),
            ("-7", "\"'-7\""),
            ("@home", "\"'@home\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(written(&Cell::Text(text.to_owned()), Kind::Text), expected);
        }
    }

    #[test]
    fn numbers_instants_and_ids_are_as_they_are() {
        for (cell, kind, expected) in [
            (Cell::Integer(-7), Kind::Integer, "-7"),
            (Cell::Double(-0.5), Kind::Double, "-0.5"),
            (Cell::Double(3.0), Kind::Double, "3.0"),
            (Cell::Boolean(true), Kind::Boolean, "true"),
            (Cell::Instant(-1), Kind::Instant, "1969-12-31T23:59:59Z"),
            (Cell::Text("-7".to_owned()), Kind::Id, "-7"),
            (Cell::Text("-7a".to_owned()), Kind::Id, "\"'-7a\""),
            (Cell::Null, Kind::Text, ""),
        ] {
            assert_eq!(written(&cell, kind), expected);
        }
    }
}
