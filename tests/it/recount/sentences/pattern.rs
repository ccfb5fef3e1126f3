//! What a sentence looks like, and what it claims.

use std::collections::BTreeMap;

/// What was read out of a sentence.
#[derive(Debug, Clone, Default)]
pub struct Found(BTreeMap<String, String>);

impl Found {
    /// A claim as it is written; empty where it was left out.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A claim that is a whole number.
    pub fn number(&self, name: &str) -> i64 {
        let text = self.text(name).replace(',', "");
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text:?}"))
    }
}

#[derive(Debug, Clone)]
enum Part {
    Literal(String),
    Claim(String),
}

/// A pattern with all its choices written out.
pub struct Pattern(Vec<Vec<Part>>);

impl Pattern {
    pub fn read(pattern: &str) -> Self {
        Self(expand(pattern).iter().map(|it| parts(it)).collect())
    }

    /// What a text claims, where it looks so.
    pub fn find(&self, text: &str) -> Option<Found> {
        self.0.iter().find_map(|parts| {
            let mut found = BTreeMap::new();
            fits(parts, text, &mut found).then_some(Found(found))
        })
    }
}

/// Every choice of what may be left out, of one and of many.
fn expand(pattern: &str) -> Vec<String> {
    if let Some(at) = pattern.find('[') {
        let (before, rest) = (&pattern[..at], &pattern[at + 1..]);
        let mut depth = 1;
        let end = rest
            .char_indices()
            .find(|(_, c)| {
                depth += match c {
                    '[' => 1,
                    ']' => -1,
                    _ => 0,
                };
                depth == 0
            })
            .expect("a bracket that closes")
            .0;
        let (inside, after) = (&rest[..end], &rest[end + 1..]);
        let mut all = expand(&format!("{before}{inside}{after}"));
        all.extend(expand(&format!("{before}{after}")));
        return all;
    }
    if let Some(at) = pattern.find("(s)") {
        let (before, after) = (&pattern[..at], &pattern[at + 3..]);
        let mut all = expand(&format!("{before}s{after}"));
        all.extend(expand(&format!("{before}{after}")));
        return all;
    }
    vec![pattern.to_owned()]
}

fn parts(pattern: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((literal, after)) = rest.split_once('{') {
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        let (name, after) = after.split_once('}').expect("a claim that ends");
        parts.push(Part::Claim(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    parts
}

fn fits(parts: &[Part], text: &str, found: &mut BTreeMap<String, String>) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Literal(literal), rest @ ..] => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| fits(rest, text, found)),
        [Part::Claim(name)] => {
            found.insert(name.clone(), text.to_owned());
            !text.is_empty()
        }
        [Part::Claim(name), rest @ ..] => {
            let ends = text.char_indices().map(|(at, _)| at).skip(1);
            for end in ends {
                if fits(rest, &text[end..], found) {
                    found.insert(name.clone(), text[..end].to_owned());
                    return true;
                }
            }
            false
        }
    }
}

#[test]
fn claims_are_read_out_of_a_sentence() {
    let pattern = Pattern::read("Nothing for {n} day(s)[; usually every {usual}].");
    let found = pattern
        .find("Nothing for 1,075 days; usually every 30.")
        .unwrap();
    assert_eq!((found.number("n"), found.number("usual")), (1075, 30));
    let found = pattern.find("Nothing for 1 day.").unwrap();
    assert!(found.number("n") == 1 && !found.has("usual"));
    assert!(pattern.find("Nothing for 1 day").is_none());
}
