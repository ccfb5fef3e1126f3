//! SQLite's write-ahead log, read without SQLite: which of its pages count, and the marks on them.
//!
//! The format is the one of <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>: a header, then
//! frames of a page each. A frame counts if it carries the header's salts and the checksum over all
//! before it comes out; the first that does not ends the log. What lies behind is of earlier times.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use super::mark::{self, Mark};

const HEADER: usize = 32;
const FRAME: usize = 24;
/// Where the first page has the version of the schema.
pub(super) const SCHEMA_AT: usize = 40;

/// What a log holds, as far as it counts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Log {
    /// Salts and checksum of the header and of the last frame: another log has others.
    ends: ([u8; 16], [u32; 2]),
    /// Size of a page, in bytes.
    pub(super) page_size: usize,
    /// The marks in it; none also where they are on more than one page.
    pub(super) marks: Option<Marks>,
}

/// The marks of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    /// On which page of the database.
    pub(super) page: u32,
    /// The first one's number.
    pub(super) first: u64,
    /// The last one's.
    pub(super) last: u64,
    /// The latest version of the schema in the log.
    pub(super) schema: u32,
}

/// The running checksum.
struct Sum {
    is_big_endian: bool,
    sums: [u32; 2],
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let [mut a, mut b] = self.sums;
        for pair in bytes.chunks_exact(8) {
            let word = |at: usize| {
                let bytes = [pair[at], pair[at + 1], pair[at + 2], pair[at + 3]];
                if self.is_big_endian {
                    u32::from_be_bytes(bytes)
                } else {
                    u32::from_le_bytes(bytes)
                }
            };
            a = a.wrapping_add(word(0)).wrapping_add(b);
            b = b.wrapping_add(word(4)).wrapping_add(a);
        }
        self.sums = [a, b];
    }

    fn is(&self, bytes: &[u8]) -> bool {
        self.sums == [word(bytes, 0), word(bytes, 4)]
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Fills `bytes`; false at the end of the file.
fn fill(file: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(bytes) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

impl Log {
    /// Reads the log; none where there is none, or no frame of it counts.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut file = match File::open(path) {
            Ok(file) => BufReader::with_capacity(1 << 18, file),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut header = [0; HEADER];
        if !fill(&mut file, &mut header)? || word(&header, 0) & !1 != 0x377f_0682 {
            return Ok(None);
        }
        let mut sum = Sum {
            is_big_endian: word(&header, 0) & 1 == 1,
            sums: [0; 2],
        };
        sum.add(&header[..24]);
        let page_size = word(&header, 8) as usize;
        let is_sound = page_size.is_power_of_two() && (512..=65_536).contains(&page_size);
        if !sum.is(&header[24..]) || !is_sound {
            return Ok(None);
        }
        let mut marks: Vec<(u32, Mark)> = Vec::new();
        let mut schema = 0;
        let mut frame = vec![0; FRAME + page_size];
        let mut frames = 0_u64;
        while fill(&mut file, &mut frame)? && frame[8..16] == header[16..24] {
            let before = sum.sums;
            sum.add(&frame[..8]);
            sum.add(&frame[FRAME..]);
            if !sum.is(&frame[16..24]) {
                sum.sums = before;
                break;
            }
            frames += 1;
            let page = word(&frame, 0);
            if page == 1 {
                schema = schema.max(word(&frame, FRAME + SCHEMA_AT));
            } else if let Some(mark) = mark::on_page(&frame[FRAME..]) {
                schema = schema.max(mark.schema);
                marks.push((page, mark));
            }
        }
        if frames == 0 {
            return Ok(None);
        }
        let mut salts = [0; 16];
        salts.copy_from_slice(&header[16..]);
        Ok(Some(Self {
            ends: (salts, sum.sums),
            page_size,
            marks: one_page(&marks, schema),
        }))
    }
}

fn one_page(marks: &[(u32, Mark)], schema: u32) -> Option<Marks> {
    let ((page, first), (_, last)) = (*marks.first()?, *marks.last()?);
    marks
        .iter()
        .all(|(other, _)| *other == page)
        .then_some(Marks {
            page,
            first: first.number,
            last: last.number,
            schema,
        })
}
