//! Ids of persons, replaced: the same one everywhere for the same person, and nothing else of them.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::cell::{Cell, Kind};

/// Bytes of a pseudonym, of which each becomes two letters.
const LENGTH: usize = 16;

/// Makes pseudonyms under a database's key.
pub(super) struct Pseudonyms(Hmac<Sha256>);

impl Pseudonyms {
    pub(super) fn under(key: &[u8]) -> Self {
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(key)
            .unwrap_or_else(|_| unreachable!("a key of any length will do"));
        Self(mac)
    }

    /// What stands for an id. Persons and their answers have ids of their own, so a number of one says nothing of the
    /// other.
    pub(super) fn of(&self, kind: Kind, cell: Cell) -> Cell {
        let whose: &[u8] = match kind {
            Kind::Answer(_) => b"answer ",
            _ => b"person ",
        };
        let Cell::Text(id) = cell else { return cell };
        let mut mac = self.0.clone();
        mac.update(whose);
        mac.update(id.as_bytes());
        let digest = mac.finalize().into_bytes();
        let mut text = String::with_capacity(2 * LENGTH);
        for byte in &digest[..LENGTH] {
            for half in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
            }
        }
        Cell::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_one_persons_under_one_key() {
        let (one, other) = (Pseudonyms::under(b"one"), Pseudonyms::under(b"other"));
        let of = |by: &Pseudonyms, kind, id: &str| by.of(kind, Cell::Text(id.to_owned()));
        let (person, answer) = (Kind::Person(""), Kind::Answer(""));
        assert_eq!(of(&one, person, "7"), of(&one, person, "7"));
        assert_ne!(of(&one, person, "7"), of(&one, person, "8"));
        assert_ne!(of(&one, person, "7"), of(&other, person, "7"));
        assert_ne!(of(&one, person, "7"), of(&one, answer, "7"));
        assert_eq!(one.of(person, Cell::Null), Cell::Null);
        let Cell::Text(text) = of(&one, person, "7") else {
            panic!("no text")
        };
        assert_eq!(text.len(), 32);
        assert!(text.chars().all(|c| c.is_ascii_hexdigit()));
    }
}
