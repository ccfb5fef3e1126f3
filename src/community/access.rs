//! Who may see which groups: one rule for channels and whatever else is narrowed.

use super::is_same_zone;

/// Which groups may be seen. Each list that is not empty narrows; a group must be in all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Only these groups (urlnames); empty: all.
    pub groups: Vec<String>,
    /// Only these countries (two letters, lower case); empty: all.
    pub countries: Vec<String>,
    /// Only these zones (IANA names, of which one zone may have several); empty: all.
    pub timezones: Vec<String>,
}

impl Access {
    /// Whether some groups may not be seen.
    pub fn is_narrow(&self) -> bool {
        !(self.groups.is_empty() && self.countries.is_empty() && self.timezones.is_empty())
    }

    /// Whether such a group may be seen. Who is narrowed to countries or zones does not see a group whose
    /// own is unknown.
    pub fn reaches(&self, urlname: &str, country: Option<&str>, timezone: Option<&str>) -> bool {
        let any = |list: &[String], text: Option<&str>| {
            list.is_empty()
                || text.is_some_and(|text| list.iter().any(|it| it.eq_ignore_ascii_case(text)))
        };
        let is_zone = |name: &str| self.timezones.iter().any(|zone| is_same_zone(zone, name));
        any(&self.groups, Some(urlname))
            && any(&self.countries, country)
            && (self.timezones.is_empty() || timezone.is_some_and(is_zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(groups: &[&str], countries: &[&str], timezones: &[&str]) -> Access {
        let owned = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
        Access {
            groups: owned(groups),
            countries: owned(countries),
            timezones: owned(timezones),
        }
    }

    #[test]
    fn whoever_is_not_narrowed_sees_all_even_what_says_nothing_of_itself() {
        assert!(!Access::default().is_narrow());
        assert!(Access::default().reaches("acme-berlin", None, None));
    }

    #[test]
    fn every_list_narrows_and_case_does_not_matter() {
        let narrow = access(&["acme-berlin"], &["de"], &[]);
        assert!(narrow.is_narrow());
        assert!(narrow.reaches("ACME-Berlin", Some("DE"), None));
        assert!(!narrow.reaches("acme-berlin", Some("fr"), None));
        assert!(!narrow.reaches("acme-bonn", Some("de"), None));
    }

    #[test]
    fn what_is_unknown_of_a_group_is_not_shown_to_whoever_is_narrowed_by_it() {
        assert!(!access(&[], &["de"], &[]).reaches("acme-berlin", None, Some("Europe/Berlin")));
        assert!(!access(&[], &[], &["Europe/Berlin"]).reaches("acme-berlin", Some("de"), None));
    }

    #[test]
    fn a_zone_is_known_under_each_of_its_names() {
        let narrow = access(&[], &[], &["Europe/Kyiv"]);
        assert!(narrow.reaches("acme-kyiv", None, Some("Europe/Kiev")));
        assert!(!narrow.reaches("acme-oslo", None, Some("Europe/Oslo")));
    }
}
