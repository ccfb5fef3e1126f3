//! How much may be built of an answer. Its bytes are bounded already, but 29 MB of tiny errors would
//! become 1.6 GB once they are values: what is counted here keeps them below 128 MB.

/// Objects and lists; one of them takes some 650 bytes at worst. A full page of 500 groups, each with all
/// the people that are asked for with it, has 92,000.
const MOST_CONTAINERS: usize = 120_000;
/// Values of all kinds.
const MOST_VALUES: usize = 600_000;

/// Whether this much may be taken apart. Counts the marks between values, outside of texts; what is no
/// JSON is for the parser to say.
pub(crate) fn is_bearable(body: &[u8]) -> bool {
    let (mut containers, mut values) = (0_usize, 0_usize);
    let mut bytes = body.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => {
                // To the end of the text.
                while let Some(inside) = bytes.next() {
                    match inside {
                        b'"' => break,
                        b'\\' => drop(bytes.next()),
                        _ => {}
                    }
                }
            }
            b'{' | b'[' => {
                containers += 1;
                values += 1;
            }
            b',' => values += 1,
            _ => {}
        }
    }
    containers <= MOST_CONTAINERS && values <= MOST_VALUES
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
    }
}
