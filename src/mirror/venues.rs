//! Venues: recorded with the events that name them.

use rusqlite::{OptionalExtension, Row, params};

use super::recall::Of;
use super::touched::Whose;
use super::{Result, Writing};
use crate::community::Venue;

#[derive(PartialEq)]
struct Kept {
    name: Option<String>,
    city: Option<String>,
    country: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    is_online: bool,
}

impl Kept {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            name: row.get(2)?,
            city: row.get(3)?,
            country: row.get(4)?,
            lat: row.get(5)?,
            lon: row.get(6)?,
            is_online: row.get(7)?,
        })
    }
}

impl Writing<'_> {
    /// The key of a venue, which is recorded if new or changed, and whether it is the online room.
    pub(super) fn venue(&self, venue: &Venue, asked: i64) -> Result<(i64, bool)> {
        let found = self
            .prepare_cached("SELECT key, asked, name, city, country, lat, lon, is_online FROM venue_row WHERE id = ?1")?
            .query_row([venue.id.as_str()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, Kept::read(row)?))
            })
            .optional()?;
        let Some((key, written, kept)) = found else {
            self.prepare_cached(
                "INSERT INTO venue_row (id, name, city, country, lat, lon, is_online, asked)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                venue.id.as_str(),
                venue.name,
                venue.city,
                venue.country,
                venue.lat,
                venue.lon,
                venue.is_online,
                asked
            ])?;
            self.count(1, Whose::Nobody);
            return Ok((self.last_insert_rowid(), venue.is_online));
        };
        let mut given = Kept {
            name: venue.name.clone(),
            city: venue.city.clone(),
            country: venue.country.clone(),
            lat: venue.lat,
            lon: venue.lon,
            is_online: venue.is_online,
        };
        self.keep(&["Venue.name"], &mut given.name, &kept.name);
        self.keep(&["Venue.city"], &mut given.city, &kept.city);
        self.keep(&["Venue.country"], &mut given.country, &kept.country);
        let is_online = kept.is_online;
        self.keep(&["Venue.venueType"], &mut given.is_online, &is_online);
        self.keep(&["Venue.lat"], &mut given.lat, &kept.lat);
        self.keep(&["Venue.lon"], &mut given.lon, &kept.lon);
        if given.is_online {
            (given.lat, given.lon) = (None, None);
        }
        if self.is_news((Of::Venue, key, 0), written, asked, kept == given) {
            self.prepare_cached(
                "UPDATE venue_row SET name = ?2, city = ?3, country = ?4, lat = ?5, lon = ?6, is_online = ?7, asked = ?8
                 WHERE key = ?1",
            )?
            .execute(params![
                key, given.name, given.city, given.country,
                given.lat, given.lon, given.is_online, asked
            ])?;
            self.count(1, Whose::Nobody);
        }
        Ok((key, given.is_online))
    }
}
