//! Text that was cut in the middle of a character.
//!
//! A server that counts bytes or UTF-16 units cuts names inside an emoji: half a surrogate pair, or half a
//! sequence of UTF-8. No reader of JSON takes either, so one such name would cost the whole page. What is
//! broken is replaced by U+FFFD before anything else reads the answer, and nothing else is touched.

use bytes::Bytes;

/// What stands for half a character: as long as the escape it replaces.
const UNKNOWN: &[u8] = b"\\ufffd";
const ESCAPE: usize = 6;

/// The same answer with every half of a character replaced. One that is whole is not copied.
pub(crate) fn mended(body: &Bytes) -> Bytes {
    let body = match String::from_utf8_lossy(body) {
        std::borrow::Cow::Borrowed(_) => body.clone(),
        std::borrow::Cow::Owned(text) => text.into(),
    };
    let halves = lone_surrogates(&body);
    if halves.is_empty() {
        return body;
    }
    let mut bytes = body.to_vec();
    for at in halves {
        bytes[at..at + ESCAPE].copy_from_slice(UNKNOWN);
    }
    bytes.into()
}

/// Where escapes of surrogates stand that lack the other half.
fn lone_surrogates(body: &[u8]) -> Vec<usize> {
    let mut lone = Vec::new();
    let mut at = 0;
    while let Some(found) = body[at..].iter().position(|byte| *byte == b'\\') {
        at += found;
        match escaped(body, at) {
            Some(0xD800..=0xDBFF) => {
                if let Some(0xDC00..=0xDFFF) = escaped(body, at + ESCAPE) {
                    at += 2 * ESCAPE;
                } else {
                    lone.push(at);
                    at += ESCAPE;
                }
            }
            Some(0xDC00..=0xDFFF) => {
                lone.push(at);
                at += ESCAPE;
            }
            Some(_) => at += ESCAPE,
            // An escape of one character, which may be a backslash.
            None => at = (at + 2).min(body.len()),
        }
    }
    lone
}

/// The unit that an escape at this place stands for.
fn escaped(body: &[u8], at: usize) -> Option<u16> {
    let escape = body.get(at..at + ESCAPE)?;
    let digits = escape.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_is_replaced_and_everything_else_stays() {
        let cut = Bytes::from_static(
            br#"{"a":"Ada \ud83d","b":"\ude00!","c":"\ud83d\ude00","d":"\\ud83d"}"#,
        );
        let whole: serde_json::Value = serde_json::from_slice(&mended(&cut)).unwrap();
        assert_eq!(whole["a"], "Ada \u{fffd}");
        assert_eq!(whole["b"], "\u{fffd}!");
        assert_eq!(whole["c"], "\u{1f600}");
        assert_eq!(whole["d"], "\\ud83d");
        let bytes = Bytes::from_static(b"{\"a\":\"Ada \xf0\x9f\x98\"}");
        let whole: serde_json::Value = serde_json::from_slice(&mended(&bytes)).unwrap();
        assert_eq!(whole["a"], "Ada \u{fffd}");
        let plain = Bytes::from_static(br#"{"a":"\n\"\u00e9\\"}"#);
        assert_eq!(mended(&plain), plain);
        assert_eq!(
            mended(&Bytes::from_static(b"\\")),
            Bytes::from_static(b"\\")
        );
    }
}
