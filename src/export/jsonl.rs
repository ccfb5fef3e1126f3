//! One JSON object a line.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use super::cell::Cell;
use super::column::Column;

/// A table being written.
pub(super) struct Jsonl {
    out: BufWriter<File>,
    /// Each with its quotation marks and what is before it.
    names: Vec<String>,
}

impl Jsonl {
    pub(super) fn begin(file: File, columns: &[Column]) -> Self {
        let names = columns.iter().enumerate();
        let names = names.map(|(at, it)| {
            let before = if at == 0 { '{' } else { ',' };
            format!("{before}{}:", quoted(&it.name))
        });
        Self {
            out: BufWriter::new(file),
            names: names.collect(),
        }
    }

    pub(super) fn put(&mut self, row: &[Cell]) -> io::Result<()> {
        for (name, cell) in self.names.iter().zip(row) {
            self.out.write_all(name.as_bytes())?;
            self.out.write_all(written(cell).as_bytes())?;
        }
        self.out.write_all(b"}\n")
    }

    pub(super) fn end(self) -> io::Result<()> {
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Double(number) => serde_json::Value::from(*number).to_string(),
        Cell::Boolean(is) => is.to_string(),
        Cell::Text(text) => quoted(text),
        Cell::Instant(_) | Cell::Date(_) | Cell::Wall(_) => {
            quoted(&cell.text().unwrap_or_default())
        }
    }
}
