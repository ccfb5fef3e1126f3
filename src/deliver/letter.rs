//! What is to be said, before a service gives it its form.

use chrono::{DateTime, Utc};

use crate::mirror::DeliveryKind;
use crate::report::message::Message;

/// A message about to be addressed: in words for people, and as a document for programs.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// What it is.
    pub kind: DeliveryKind,
    /// When it was composed.
    pub at: DateTime<Utc>,
    /// For people.
    pub message: &'a Message,
    /// For programs: the report's JSON.
    pub document: &'a serde_json::Value,
}
