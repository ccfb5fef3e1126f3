//! Cursors: opaque, and written differently by every run of the server.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a cursor stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The row so far down the list; shifts when rows above come or go.
    Offset(u64),
    /// The row with this key; does not shift.
    Key(i64, u64),
}

/// How this run of the server writes cursors.
#[derive(Debug, Clone, Copy)]
pub struct CursorStyle {
    run: u64,
}

impl CursorStyle {
    /// The style of a run.
    pub fn of_run(run: u64) -> Self {
        Self { run }
    }

    fn tag(self) -> String {
        format!("{:x}", self.run & 0xFFFF_FFFF)
    }

    /// Writes a cursor.
    pub fn write(self, place: Place) -> String {
        let tag = self.tag();
        let text = match (self.run % 3, place) {
            (0, Place::Offset(row)) => format!("o:{row}:{tag}"),
            (0, Place::Key(major, minor)) => format!("k:{major}:{minor}:{tag}"),
            (1, Place::Offset(row)) => return format!("{tag}_{row}"),
            (1, Place::Key(major, minor)) => return format!("{tag}_{major}_{minor}"),
            (_, Place::Offset(row)) => format!("{{\"r\":\"{tag}\",\"row\":{row}}}"),
            (_, Place::Key(major, minor)) => {
                format!("{{\"r\":\"{tag}\",\"key\":[{major},{minor}]}}")
            }
        };
        URL_SAFE_NO_PAD.encode(text)
    }

    /// Reads a cursor of this run; none for anything else.
    pub fn read(self, cursor: &str) -> Option<Place> {
        let tag = self.tag();
        if self.run % 3 == 1 {
            let mut parts = cursor.strip_prefix(&tag)?.strip_prefix('_')?.split('_');
            return place(parts.next(), parts.next());
        }
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        if self.run.is_multiple_of(3) {
            let mut parts = text
                .strip_suffix(&tag)?
                .strip_suffix(':')?
                .split(':')
                .skip(1);
            return place(parts.next(), parts.next());
        }
        let json: serde_json::Value = serde_json::from_str(&text).ok()?;
        if json["r"] != tag.as_str() {
            return None;
        }
        match json["row"].as_u64() {
            Some(row) => Some(Place::Offset(row)),
            None => Some(Place::Key(
                json["key"][0].as_i64()?,
                json["key"][1].as_u64()?,
            )),
        }
    }
}

fn place(first: Option<&str>, second: Option<&str>) -> Option<Place> {
    match (first?, second) {
        (row, None) => Some(Place::Offset(row.parse().ok()?)),
        (major, Some(minor)) => Some(Place::Key(major.parse().ok()?, minor.parse().ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_reads_its_own_cursors_only() {
        for run in 30..36 {
            let style = CursorStyle::of_run(run);
            for place in [Place::Offset(0), Place::Offset(499), Place::Key(-5, 7)] {
                let cursor = style.write(place);
                assert_eq!(style.read(&cursor), Some(place), "{cursor}");
                assert_eq!(CursorStyle::of_run(run + 1).read(&cursor), None);
                assert_eq!(CursorStyle::of_run(run + 3).read(&cursor), None);
            }
            assert_eq!(style.read("nonsense"), None);
            assert_eq!(style.read(""), None);
        }
    }
}
