//! Text from outside, fit for a terminal or a log line.

/// Whether a character reorders text, or is there without being seen.
pub fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// The text with what would move, hide or turn it spelled out; line breaks stay.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if (c.is_control() && c != '\n') || is_deceptive(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// JSON that says the same, with those characters spelled as JSON spells them.
pub fn shown_json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if (c.is_control() && c != '\n') || is_deceptive(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_spelled_out_and_the_rest_stays() {
        let text = "a\u{1b}[2J\u{202e}b\nc \u{5e9} \u{1f469}\u{200d}\u{1f4bb}";
        assert_eq!(
            shown(text),
            "a\\u{1b}[2J\\u{202e}b\nc \u{5e9} \u{1f469}\u{200d}\u{1f4bb}"
        );
        assert_eq!(shown("plain"), "plain");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let text = "a\u{9b}\u{202e}\u{e0041}\u{7f}b";
        let json = serde_json::to_string(text).unwrap();
        let shown = shown_json(&json);
        assert!(shown.is_ascii(), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
}
