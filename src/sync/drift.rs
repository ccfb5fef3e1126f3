//! How Meetup's API has drifted: looked at on its own, and noted with each pass.

use super::{Syncer, run::SyncError};
use crate::{
    meetup::{Finding, Listing, SchemaSeen, Weight},
    mirror::{self, DriftFinding, DriftSource, DriftWeight},
};

/// The listings whose page caps are known by these names.
pub(super) const PAGE_ROWS: [(&str, Listing); 5] = [
    ("page_rows.groups", Listing::Groups),
    ("page_rows.events", Listing::Events),
    ("page_rows.group_events", Listing::GroupEvents),
    ("page_rows.memberships", Listing::Memberships),
    ("page_rows.rsvps", Listing::Rsvps),
];

impl Syncer {
    /// Compares the API's schema with what we use of it, keeps what was found, and answers it, the
    /// worst first. Fields that are new since an earlier look are among it.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked any further, the mirror cannot be used, or a signal came.
    pub async fn check_schema(&self) -> Result<Vec<DriftFinding>, SyncError> {
        let seen = self.meetup.check_schema().await.map_err(SyncError::Ask)?;
        self.record(move |w| {
            let mut findings: Vec<DriftFinding> = seen.findings.into_iter().map(kept).collect();
            for (place, _) in w.note_schema_fields(&seen.fields)? {
                findings.push(DriftFinding {
                    weight: DriftWeight::Note,
                    place,
                    operations: String::new(),
                    what: "is new in Meetup's API; gatherd does not ask for it".to_owned(),
                    found_at: w.now(),
                });
            }
            w.record_drift(DriftSource::Check, &findings)?;
            findings.sort();
            Ok(findings)
        })
        .await
    }

    /// Keeps which fields the questions of a pass had to do without; answers them in words.
    pub(super) async fn note_cuts(&self) -> Result<Vec<String>, SyncError> {
        let cut: Vec<DriftFinding> = self.meetup.cut_fields().into_iter().map(kept).collect();
        let told = cut
            .iter()
            .map(|it| format!("{} {} (used by {})", it.place, it.what, it.operations))
            .collect();
        self.record(move |w| w.record_drift(DriftSource::Pass, &cut))
            .await?;
        Ok(told)
    }

    /// Takes up what the probe found, as long as it is fresh.
    ///
    /// Of a listing with a known cap no page is asked larger. That is safe if the finding is wrong: with
    /// a cap that is higher by now there are more pages than needed, with a lower one pages come
    /// short, as they did without any finding.
    pub(super) async fn take_capabilities(&self) -> Result<(), SyncError> {
        let now = self.now().timestamp();
        let rows = self
            .read(move |conn| {
                let mut known = Vec::new();
                for (name, listing) in PAGE_ROWS {
                    let value = mirror::capability(conn, name, now)?;
                    known.extend(value.and_then(|it| Some((listing, it.parse().ok()?))));
                }
                Ok(known)
            })
            .await?;
        self.meetup.know_page_rows(&rows);
        Ok(())
    }
}

/// What a look at the schema found, where there is no mirror to keep it.
pub fn drift_of(seen: SchemaSeen) -> Vec<DriftFinding> {
    seen.findings.into_iter().map(kept).collect()
}

fn kept(found: Finding) -> DriftFinding {
    DriftFinding {
        weight: match found.weight {
            Weight::Error => DriftWeight::Error,
            Weight::Warning => DriftWeight::Warning,
            Weight::Note => DriftWeight::Note,
        },
        place: found.place,
        operations: found.operations.join(", "),
        what: found.what,
        found_at: 0, // the mirror knows since when
    }
}
