//! The files of a site that lies in a folder, by what stands in them.

use super::tab::Tab;
use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    ops::RangeInclusive,
};

/// A name of a file is not longer, in bytes, before its ending.
const LONGEST: usize = 100;

/// Which files there are.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The years that have a page.
    pub years: Option<RangeInclusive<i32>>,
    pub has_people: bool,
    pub has_health: bool,
    /// By urlname, without the ending.
    groups: HashMap<String, String>,
}

impl Files {
    /// Names a file for each group.
    pub(super) fn of<'a>(urlnames: impl Iterator<Item = &'a str>) -> Self {
        let mut groups = HashMap::new();
        // Not every file system tells small letters from capitals.
        let mut taken = HashSet::new();
        for urlname in urlnames {
            let stem = stem(urlname);
            let mut name = stem.clone();
            let mut nth = 1;
            while !taken.insert(name.to_lowercase()) {
                nth += 1;
                name = format!("{stem}~{nth}");
            }
            groups.insert(urlname.to_owned(), name);
        }
        Self {
            groups,
            ..Self::default()
        }
    }

    /// A page's file, where it has one.
    pub(super) fn tab(&self, tab: Tab) -> Option<String> {
        let name = match tab {
            Tab::Monday => "index",
            Tab::Groups => "groups",
            Tab::Calendar => "calendar",
            Tab::Map => "map",
            Tab::Trust => "trust",
            Tab::People if self.has_people => "people",
            Tab::Health if self.has_health => "health",
            Tab::Year => {
                let year = self.years.as_ref().map(RangeInclusive::end)?;
                return Some(format!("year-{year}.html"));
            }
            Tab::People | Tab::Health | Tab::Other => return None,
        };
        Some(format!("{name}.html"))
    }

    /// A file of a group.
    pub(super) fn group(&self, urlname: &str, ending: &str) -> Option<String> {
        let name = self.groups.get(urlname)?;
        Some(format!("groups/{name}.{ending}"))
    }
}

/// A urlname as a name that every file system takes and no address has to spell out.
fn stem(urlname: &str) -> String {
    let mut name = String::new();
    for byte in urlname.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            name.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(name, "~{byte:02x}");
        }
        if name.len() > LONGEST {
            break;
        }
    }
    // Some names mean a device to some systems.
    if name.len() < 5 {
        name.push('~');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_group_is_called_its_file_has_a_name_of_its_own_in_the_folder() {
        let long = "x".repeat(4_000);
        let all = [
            "acme-berlin",
            "Acme-Berlin",
            "../../etc/passwd",
            "..",
            "con",
            "",
            "a b",
            "a%20b",
            "é",
            &long,
        ];
        let files = Files::of(all.into_iter());
        let mut names = HashSet::new();
        for urlname in all {
            let name = files.group(urlname, "html").unwrap();
            let stem = name.strip_prefix("groups/").unwrap();
            let stem = stem.strip_suffix(".html").unwrap();
            assert!(stem.len() < 120 && !stem.is_empty(), "{name}");
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_~".contains(c);
            assert!(stem.chars().all(is_plain), "{name}");
            assert!(names.insert(name.to_lowercase()), "{name} twice");
        }
        assert_eq!(
            files.group("acme-berlin", "html").unwrap(),
            "groups/acme-berlin.html"
        );
    }
}
