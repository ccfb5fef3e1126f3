//! What people paste: the address of a page at Meetup, or the urlname in it.

/// Pages of Meetup's own, which no group has for its urlname.
const PAGES: [&str; 8] = [
    "account", "cities", "events", "find", "home", "login", "members", "topics",
];
/// What stands before the urlname of a network.
const NETWORKS: &str = "pro";

/// The urlname in what somebody wrote: a urlname, or the address of a page of a group or a network, with
/// or without its scheme. None where there is none in it.
pub fn urlname_of(written: &str) -> Option<String> {
    let written = written.trim().trim_matches(['<', '>', '"', '\'']);
    if is_urlname(written) {
        return Some(written.to_owned());
    }
    let (scheme, rest) = match written.split_once("//") {
        Some((scheme, rest)) => (Some(scheme.trim_end_matches(':')), rest),
        None => (None, written),
    };
    let is_web = |scheme: &str| ["", "http", "https"].contains(&scheme.to_lowercase().as_str());
    if !scheme.is_none_or(is_web) {
        return None;
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let has_host = scheme.is_some() || parts.first().is_some_and(|first| first.contains('.'));
    if has_host && !parts.is_empty() {
        parts.remove(0);
    }
    let is_page = |part: &&str| PAGES.contains(&part.to_lowercase().as_str());
    let is_of_a_network = |part: &&str| part.eq_ignore_ascii_case(NETWORKS);
    let after = parts.get(1);
    if parts.first().is_some_and(|first| is_language(first))
        && after.is_some_and(|it| is_of_a_network(it) || !is_page(it))
    {
        parts.remove(0);
    }
    if parts.first().is_some_and(is_of_a_network) {
        parts.remove(0);
    }
    let first = parts.first().filter(|first| !is_page(first))?;
    let urlname = decoded(first);
    is_urlname(&urlname).then_some(urlname)
}

/// Letters, digits and dashes: a urlname, rather than an address or a display name.
fn is_urlname(text: &str) -> bool {
    let is_sign = |c: char| c.is_whitespace() || "/:?#.@%\\".contains(c);
    !text.is_empty() && !text.contains(is_sign)
}

/// "de-DE": the language a page is shown in.
fn is_language(part: &str) -> bool {
    let mut halves = part.split('-');
    let of_two = |half: Option<&str>| {
        half.is_some_and(|half| half.len() == 2 && half.chars().all(|c| c.is_ascii_alphabetic()))
    };
    of_two(halves.next()) && of_two(halves.next()) && halves.next().is_none()
}

/// Without percent signs; what is no text stays as it was.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| part.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_urlname_is_found_in_every_address_that_has_one() {
        for (written, urlname) in [
            ("acme-berlin", "acme-berlin"),
            (" ACME_Berlin ", "ACME_Berlin"),
            ("https://www.meetup.com/pro/acme/", "acme"),
            ("https://www.meetup.com/pro/acme?page=2", "acme"),
            ("https://www.meetup.com/de-DE/pro/acme/", "acme"),
            ("https://www.meetup.com/acme-berlin/", "acme-berlin"),
            (
                "https://www.meetup.com/de-DE/acme-berlin/events/123/?x#y",
                "acme-berlin",
            ),
            ("https://www.meetup.com/ab-cd/events/", "ab-cd"),
            ("https://www.meetup.com/ab-cd/", "ab-cd"),
            ("HTTPS://meetup.com/acme-berlin#about", "acme-berlin"),
            ("//www.meetup.com/acme-berlin", "acme-berlin"),
            ("www.meetup.com/acme-berlin/members/7", "acme-berlin"),
            ("meetup.com/acme-berlin", "acme-berlin"),
            ("<https://meetup.com/acme-berlin>", "acme-berlin"),
            ("/acme-berlin/", "acme-berlin"),
            ("acme-berlin/", "acme-berlin"),
            ("acme-berlin/events/?a=b", "acme-berlin"),
            ("pro/acme", "acme"),
            ("https://www.meetup.com/caf%C3%A9-paris/", "café-paris"),
            ("東京-user-group", "東京-user-group"),
        ] {
            assert_eq!(urlname_of(written).as_deref(), Some(urlname), "{written}");
        }
    }

    #[test]
    fn where_there_is_none_none_is_made_up() {
        for written in [
            "",
            " ",
            "/",
            "https://www.meetup.com/",
            "https://www.meetup.com/pro/",
            "https://www.meetup.com/find/?keywords=acme",
            "https://www.meetup.com/events/123/",
            "https://www.meetup.com/members/7/",
            "www.meetup.com",
            "ACME Berlin",
            "ana@example.org",
            "mailto:ana@example.org",
            "ftp://meetup.com/acme-berlin",
            "https://",
            "https:///",
            "a:b",
        ] {
            assert_eq!(urlname_of(written), None, "{written}");
        }
    }
}
