//! Markup read as the services read it, and strictly: a sign that means something must be one that
//! we wrote.

/// What a reader sees.
#[derive(Default, Debug, Clone)]
pub struct Seen {
    pub text: String,
    pub links: Vec<String>,
}

impl Seen {
    pub fn add(&mut self, other: Seen) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&other.text);
        self.links.extend(other.links);
    }

    pub fn plain(text: &str) -> Self {
        assert_harmless_signs(text);
        Self {
            text: text.to_owned(),
            links: Vec::new(),
        }
    }
}

/// Nothing that moves, hides or commands.
pub fn assert_harmless_signs(text: &str) {
    let bad = |c: &char| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
    };
    assert_eq!(text.chars().find(bad), None, "{text:?}");
}

fn checked_link(url: &str) -> String {
    let parsed = url::Url::parse(url).unwrap_or_else(|error| panic!("{error}: {url}"));
    assert!(matches!(parsed.scheme(), "http" | "https"), "{url}");
    url.to_owned()
}

/// Slack: `&`, `<` and `>` begin only entities and links; bold runs are closed.
pub fn mrkdwn(text: &str) -> Seen {
    assert_harmless_signs(text);
    let mut seen = Seen::default();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&']) {
        seen.text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(link) = rest.strip_prefix('<') {
            let inside = &link[..link.find('>').expect("a link that ends")];
            let (url, shown) = inside.split_once('|').expect("a link with a text");
            assert!(!inside.contains('<'), "{text}");
            seen.links.push(checked_link(&url.replace("&amp;", "&")));
            seen.text.push_str(&entities(shown));
            rest = &link[inside.len() + 1..];
        } else {
            let end = rest.find(';').expect("an entity that ends") + 1;
            seen.text.push_str(&entities(&rest[..end]));
            rest = &rest[end..];
        }
    }
    seen.text.push_str(rest);
    seen
}

fn entities(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        let end = at + rest[at..].find(';').expect("an entity that ends") + 1;
        plain.push(match &rest[at..end] {
            "&amp;" => '&',
            "&lt;" => '<',
            "&gt;" => '>',
            "&quot;" => '"',
            "&#39;" => '\'',
            other => panic!("an entity {other} in {text}"),
        });
        rest = &rest[end..];
    }
    plain.push_str(rest);
    plain
}

/// Markdown: signs of `special` stand behind a backslash, or are bold, italics, links or headings
/// of ours. Without `escapes`, no backslash stands there at all.
pub fn markdown(text: &str, special: &str, escapes: bool) -> Seen {
    assert_harmless_signs(text);
    let mut seen = Seen::default();
    let (mut bold, mut italic) = (false, false);
    for line in text.split('\n') {
        let mut rest = line.trim_start_matches('#');
        let is_heading = rest.len() < line.len();
        if is_heading {
            rest = rest.strip_prefix(' ').expect("a heading");
        }
        while let Some(c) = rest.chars().next() {
            let next = &rest[c.len_utf8()..];
            if escapes && c == '\\' {
                let sign = next.chars().next().expect("a sign behind a backslash");
                assert!(sign.is_ascii_punctuation(), "{line}");
                seen.text.push(sign);
                rest = &next[1..];
            } else if let Some(after) = rest.strip_prefix("**") {
                bold = !bold;
                rest = after;
            } else if c == '*' {
                italic = !italic;
                rest = next;
            } else if let (true, Some((code, after))) = (c == '`', next.split_once('`')) {
                seen.text.push_str(copied(code));
                rest = after;
            } else if let (false, Some((code, after))) = (escapes, bare(rest)) {
                seen.text.push_str(code);
                rest = after;
            } else if c == '[' {
                let (shown, after) = until_bracket(next, escapes);
                seen.text.push_str(&markdown(shown, special, escapes).text);
                let end = after.find(')').expect("an address that ends");
                seen.links.push(checked_link(&after[1..end]));
                rest = &after[end + 1..];
            } else {
                assert!(!special.contains(c), "a stray {c} in {line}");
                seen.text.push(c);
                rest = next;
            }
        }
        seen.text.push('\n');
    }
    assert!(!bold && !italic, "a run that does not end: {text}");
    seen.text.pop();
    seen
}

/// Text of ours that is to be copied, letter by letter, or a strip in cells.
fn copied(code: &str) -> &str {
    let is_cell = |c: char| ('▁'..='█').contains(&c) || "·○".contains(c);
    if code.chars().all(is_cell) {
        return code;
    }
    let is_ours = |c: char| c.is_ascii_alphanumeric() || " -_[]=.\"".contains(c);
    assert!(code.chars().all(is_ours), "{code}");
    code
}

/// The same where a service knows no mark for it: a section's name in brackets, or a stroke between letters,
/// neither of which means anything there.
fn bare(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix('[') {
        let end = rest.find(']')?;
        let is_section = end > 0 && rest[..end].chars().all(|c| c.is_ascii_lowercase());
        let leads = rest[end + 1..].starts_with('(');
        return (is_section && !leads).then(|| text.split_at(end + 2));
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic() && c != '_')?;
    let word = &text[..end];
    (word.contains('_') && !word.starts_with('_') && !word.ends_with('_'))
        .then(|| text.split_at(end))
}

fn until_bracket(text: &str, escapes: bool) -> (&str, &str) {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\\' if escapes && !is_escaped => is_escaped = true,
            ']' if !is_escaped => {
                assert!(text[at + 1..].starts_with('('), "{text}");
                return (&text[..at], &text[at + 1..]);
            }
            _ => is_escaped = false,
        }
    }
    panic!("a link that does not end: {text}");
}

/// A page as mail has it: nothing is loaded, and styles are ours.
pub fn page(text: &str) -> Seen {
    const TAGS: [&str; 13] = [
        "h1", "h2", "p", "br", "strong", "em", "a", "code", "table", "tr", "td", "div", "span",
    ];
    let (head, inner) = text
        .split_once("<body style=\"margin:0;padding:0\">\n")
        .expect("a body");
    assert!(head.starts_with("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"));
    let (_, title) = head.split_once("<title>").expect("a title");
    let (title, end) = title.split_once('<').expect("a title that ends");
    assert_eq!(end, "/title></head>\n");
    entities(title);
    let inner = inner.strip_suffix("\n</body></html>\n").expect("an end");
    let mut seen = styled(&inner.replacen("<!--picture-->", "", 1), &TAGS, true);
    seen.text = seen.text.trim().to_owned();
    seen
}

/// HTML of these tags alone, each closed in turn.
pub fn html(text: &str, tags: &[&str]) -> Seen {
    styled(text, tags, false)
}

/// What follows a style of ours, which names nothing to load.
fn after_style(attributes: &str) -> &str {
    let Some(style) = attributes.strip_prefix("style=\"") else {
        return attributes;
    };
    let (style, rest) = style.split_once('"').expect("a style that ends");
    let is_ours = |c: char| c.is_ascii_alphanumeric() || " -:;#,.%".contains(c);
    assert!(style.chars().all(is_ours), "{style}");
    rest.trim_start()
}

fn styled(text: &str, tags: &[&str], has_styles: bool) -> Seen {
    assert_harmless_signs(text);
    let mut seen = Seen::default();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let between = &rest[..at];
        assert!(!between.contains(['>', '"', '\'']), "{between}");
        seen.text.push_str(&entities(between));
        let end = at + rest[at..].find('>').expect("a tag that ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if tag == "br" {
            seen.text.push('\n');
        } else if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{text}");
            if matches!(closed, "p" | "li" | "h1" | "h2" | "h3" | "h4" | "td") {
                seen.text.push('\n');
            }
        } else {
            let (name, attribute) = tag.split_once(' ').unwrap_or((tag, ""));
            assert!(tags.contains(&name), "{tag} in {text}");
            let attribute = if has_styles {
                after_style(attribute)
            } else {
                attribute
            };
            match name {
                "a" => {
                    let url = attribute
                        .strip_prefix("href=\"")
                        .and_then(|it| it.strip_suffix('"'))
                        .expect("an address in quotes");
                    seen.links.push(checked_link(&entities(url)));
                }
                "font" => assert_eq!(attribute, "color=\"#80868b\""),
                _ => assert_eq!(attribute, ""),
            }
            open.push(name);
        }
    }
    assert!(!rest.contains('>'), "{rest}");
    seen.text.push_str(&entities(rest));
    assert!(open.is_empty(), "{open:?} stay open in {text}");
    seen
}

/// Signs that stand for others that a service would have taken for its own.
pub fn folded(text: &str) -> String {
    let fold = |c| match c {
        '\u{2217}' => '*',
        '\u{2cd}' => '_',
        '\u{2cb}' => '`',
        '\u{223c}' => '~',
        '\u{2216}' => '\\',
        '\u{2223}' => '|',
        '\u{2039}' => '<',
        '\u{203a}' => '>',
        '\u{2045}' => '[',
        '\u{2046}' => ']',
        '\u{2774}' => '{',
        '\u{2775}' => '}',
        '\u{266f}' => '#',
        '\u{ff20}' => '@',
        c => c,
    };
    text.chars().map(fold).collect()
}
