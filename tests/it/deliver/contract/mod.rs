//! One contract for every kind of channel: whatever is put in, a payload obeys its service's limits,
//! mentions nobody, is cut by whole groups and says so; whatever comes back is understood.

mod answers;
mod cutting;
mod drawn;
mod edges;
mod escaping;
mod keys;
mod previews;
mod readers;
mod samples;
mod secrets;
mod services;

use serde_json::Value;

use gatherd::report::message::Message;

use super::{channel, document, payload};
use services::Service;

/// The payload of that message for that service, held to its limits.
fn posted(service: &Service, message: &Message) -> Value {
    let payload = payload(&channel(service.kind, "https://x"), message, &document());
    (service.hold)(&payload);
    payload
}

/// What a reader sees of it, line by line.
fn seen(service: &Service, message: &Message) -> String {
    (service.seen)(&posted(service, message)).text
}

/// What a reader sees of it in each chat; the payload is held to the chat's limits.
pub fn shown_by_all(message: &Message) -> Vec<(&'static str, String)> {
    let chats = services::CHATS.iter();
    chats.map(|it| (it.kind, seen(it, message))).collect()
}
