//! Lines with commas, semicolons or tabs between what stands in them: which of these is told from the first line.

use super::{
    lines::{Refused, Unreadable},
    table::{Column, Line, Table, columns_of},
};
use crate::community::DecimalSign;

/// What stands between the columns, and what then stands before the cents.
const SEPARATORS: [(u8, DecimalSign); 3] = [
    (b',', DecimalSign::Point),
    (b';', DecimalSign::Comma),
    (b'\t', DecimalSign::Point),
];

/// As many bytes as a line may have: one whose quotes never end would be the rest of the file.
const LONGEST: usize = 64 * 1024;

pub(super) fn read(text: &str, columns: &[Column]) -> Result<Table, Unreadable> {
    let (text, skipped) = without_hint(text);
    // The separator under which most columns are found.
    let heads = |separator: u8| {
        let mut reader = reader(text, separator);
        let mut record = csv::StringRecord::new();
        let is_read = reader.read_record(&mut record).unwrap_or(false);
        let heads: Vec<String> = record.iter().map(str::to_owned).collect();
        if is_read { heads } else { Vec::new() }
    };
    let known = |heads: &[String]| {
        let is_known = |head: &&String| {
            let name = head.trim().to_lowercase();
            columns.iter().any(|it| it.name == name)
        };
        heads.iter().filter(is_known).count()
    };
    // Of equals the first.
    let (separator, usual) = SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|(separator, _)| known(&heads(*separator)))
        .unwrap_or(SEPARATORS[0]);
    let (meant, unread) = columns_of(&heads(separator), columns)?;
    let width = heads(separator).len();
    let mut table = Table {
        lines: Vec::new(),
        refused: Vec::new(),
        unread,
        usual,
    };
    let mut lines = LineCounter::of(text.as_bytes(), skipped);
    for (nth, record) in reader(text, separator).into_records().enumerate() {
        // Of text that is UTF-8 and may have any number of columns, nothing is no record.
        let record = record.map_err(|error| Unreadable(format!("{error}\nsave it as CSV")))?;
        let begins = record.position().map_or(0, csv::Position::byte);
        let number = lines.of_record(usize::try_from(begins).unwrap_or(usize::MAX));
        let is_blank = record.iter().all(|cell| cell.trim().is_empty());
        if nth == 0 || is_blank {
            continue;
        }
        let refuse = |cause: String| Refused {
            line: number,
            cause,
        };
        if record.as_slice().len() > LONGEST {
            table.refused.push(refuse(
                "it goes on for too long; is a quotation mark left open?".to_owned(),
            ));
        } else if record.len() != width && record.iter().skip(width).any(|it| !it.trim().is_empty())
        {
            table.refused.push(refuse(format!(
                "it has {} columns, and the first line has {width}; put what holds a separator into quotation marks",
                record.len()
            )));
        } else {
            let cell = |place: Option<usize>| {
                let cell = record.get(place?)?.trim();
                (!cell.is_empty()).then(|| cell.to_owned())
            };
            table.lines.push(Line {
                number,
                cells: meant.iter().map(|place| cell(*place)).collect(),
            });
        }
    }
    Ok(table)
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// Some spreadsheets say the separator in a line of its own: it is found without, and counted.
fn without_hint(text: &str) -> (&str, u64) {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().len() <= 5 && first.starts_with("sep=") => {
            (rest, 1)
        }
        _ => (text, 0),
    }
}

/// Counts lines up to where each record begins: the reader has it begin at the blank lines before it.
struct LineCounter<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> LineCounter<'t> {
    fn of(text: &'t [u8], skipped: u64) -> Self {
        Self {
            text,
            at: 0,
            line: skipped + 1,
        }
    }

    /// The line of a record, none of which comes before the last one asked for.
    fn of_record(&mut self, begins: usize) -> u64 {
        let rest = self.text.get(begins..).unwrap_or_default();
        let blank = rest.iter().take_while(|it| b"\r\n".contains(it)).count();
        let until = begins + blank;
        let passed = self.text.get(self.at..until).unwrap_or_default();
        self.line += passed.iter().filter(|it| **it == b'\n').count() as u64;
        self.at = until;
        self.line
    }
}
