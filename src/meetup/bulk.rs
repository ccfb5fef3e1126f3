//! How much may be built of an answer. Its bytes are bounded already, but 29 MB of tiny errors would
//! become 1.6 GB once they are values: what is counted here keeps them below 128 MB.

/// Objects and lists; one of them takes some 650 bytes at worst. A full page of 500 groups, each with all
/// the people that are asked for with it, has 92,000.
const MOST_CONTAINERS: usize = 120_000;
/// Values of all kinds.
const MOST_VALUES: usize = 600_000;
/// Bytes of a text; no id is longer, and hardly a name.
const LONG_TEXT: usize = 255;
/// Bytes of all texts that are longer. Where they are ids, each is kept in many places at once.
const MOST_LONG_TEXT: usize = 2 * 1024 * 1024;

/// An answer that is taken apart more than once, to say what in it does not fit, has so many times less in it.
const LIGHTER: usize = 6;

/// Whether this much may be taken apart.
pub(crate) fn is_bearable(body: &[u8]) -> bool {
    let found = Bulk::of(body);
    found.containers <= MOST_CONTAINERS
        && found.values <= MOST_VALUES
        && found.long_text <= MOST_LONG_TEXT
}

/// Whether it may be taken apart again and again.
pub(crate) fn is_light(body: &[u8]) -> bool {
    let found = Bulk::of(body);
    found.containers <= MOST_CONTAINERS / LIGHTER && found.values <= MOST_VALUES / LIGHTER
}

/// What would have to be built.
#[derive(Default)]
struct Bulk {
    containers: usize,
    values: usize,
    long_text: usize,
}

impl Bulk {
    /// Counts the marks between values, outside of texts; what is no JSON is for the parser to say.
    fn of(body: &[u8]) -> Self {
        let mut found = Self::default();
        let mut bytes = body.iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => {
                    let left = bytes.len();
                    // To the end of the text.
                    while let Some(inside) = bytes.next() {
                        match inside {
                            b'"' => break,
                            b'\\' => drop(bytes.next()),
                            _ => {}
                        }
                    }
                    let length = left - bytes.len();
                    if length > LONG_TEXT {
                        found.long_text += length;
                    }
                }
                b'{' | b'[' => {
                    found.containers += 1;
                    found.values += 1;
                }
                b',' => found.values += 1,
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_texts() {
        let text = format!("{{\"a\": \"{}\\\"[[[\"}}", "{".repeat(MOST_CONTAINERS + 1));
        assert!(is_bearable(text.as_bytes()));
        assert!(!is_bearable("[".repeat(MOST_CONTAINERS + 1).as_bytes()));
        assert!(is_bearable("{},".repeat(MOST_CONTAINERS).as_bytes()));
        assert!(!is_bearable("0,".repeat(MOST_VALUES + 1).as_bytes()));
        let texts = |bytes: usize| {
            let text = format!("\"{}\",", "x".repeat(bytes));
            format!("[{}0]", text.repeat(MOST_LONG_TEXT / bytes + 1))
        };
        assert!(is_bearable(texts(LONG_TEXT - 1).as_bytes()));
        assert!(!is_bearable(texts(LONG_TEXT).as_bytes()));
        assert!(!is_bearable(texts(MOST_LONG_TEXT).as_bytes()));
    }
}
