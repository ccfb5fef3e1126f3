//! The key under which ids of persons are replaced where they leave the database. It lies in the database alone, and
//! in its copies: so the same person has the same pseudonym in every export of it, and another one elsewhere.

use rand::RngCore as _;

use super::{Result, Writing, meta};

const KEY: &str = "pseudonym_key";

/// Bytes of it.
const LENGTH: usize = 32;

impl Writing<'_> {
    /// The key, made if there is none.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn pseudonym_key(&self) -> Result<Vec<u8>> {
        if let Some(key) = meta::value::<Vec<u8>>(self, KEY)? {
            return Ok(key);
        }
        let mut key = vec![0; LENGTH];
        rand::rng().fill_bytes(&mut key);
        meta::keep(self, KEY, &key)?;
        Ok(key)
    }
}
