//! Any file as a table, whatever it is written in.

use super::{
    json_lines,
    lines::Unreadable,
    separated,
    table::{Column, Table},
};

/// Reads a file: JSON lines where it begins with a brace, else lines with commas, semicolons or tabs.
pub(super) fn read(bytes: &[u8], columns: &[Column]) -> Result<Table, Unreadable> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.contains(&0) {
        return Err(not_text());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| not_text())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().chars().next() {
        None => Err(Unreadable(
            "there is nothing in it\nprint how it is to look with --template".to_owned(),
        )),
        Some('[') => Err(Unreadable(
            "it is one JSON list\nwrite each object on a line of its own, without the brackets"
                .to_owned(),
        )),
        Some('{') => json_lines::read(text, columns),
        Some(_) => separated::read(text, columns),
    }
}

fn not_text() -> Unreadable {
    Unreadable(
        "it is no text in UTF-8\nsave it as CSV in UTF-8; a spreadsheet's own file is none"
            .to_owned(),
    )
}
