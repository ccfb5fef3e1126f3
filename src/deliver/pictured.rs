//! A message with a picture: what the outbox keeps of it, and how the picture goes out.
//!
//! The outbox keeps the figures; the picture is drawn from them when it is sent, by every attempt the same.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::courier::Body;
use crate::chart::GroupsMet;

/// How the file is called.
pub(super) const FILE: &str = "groups-met.png";

/// As it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pictured {
    /// What is posted, as far as it is text.
    pub(super) message: Value,
    /// What is drawn beside it.
    pub(super) picture: GroupsMet,
}

impl Pictured {
    /// As the outbox keeps it: a message with nothing to draw as it is posted. Without PNG nothing can be drawn.
    pub(super) fn kept(message: &Value, picture: Option<&GroupsMet>) -> String {
        match picture.filter(|_| cfg!(feature = "png")) {
            None => message.to_string(),
            Some(picture) => {
                serde_json::json!({ "message": message, "picture": picture }).to_string()
            }
        }
    }

    /// What was kept so; none: the payload is what is posted.
    pub(super) fn read(payload: &str) -> Option<Self> {
        serde_json::from_str(payload).ok()
    }
}

/// The picture as PNG, or why there is none.
#[cfg(feature = "png")]
pub(super) async fn drawn(groups_met: &GroupsMet) -> Result<Vec<u8>, String> {
    use crate::chart::{Theme, png};
    let groups_met = groups_met.clone();
    let drawing = move || png(&groups_met.chart(), Theme::Light);
    let drawn = crate::off_thread::off_thread(drawing).await;
    drawn.map_err(|error| error.to_string())
}

/// What was filed by a program with PNG may be sent by one without.
#[cfg(not(feature = "png"))]
pub(super) async fn drawn(_: &GroupsMet) -> Result<Vec<u8>, String> {
    Err("this program was built without PNG".to_owned())
}

/// How a message went whose picture did not.
pub(super) fn undrawn(why: &str) -> String {
    format!("without its picture, {why}")
}

/// Pixels across and down, as a PNG says them in its first chunk.
pub(super) fn size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| {
        let bytes = png.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    Some((number(16)?, number(20)?))
}

/// A form with the message and the file, as a browser would send it (RFC 7578).
pub(super) fn form(message: &Value, png: &[u8]) -> Body<'static> {
    let text = message.to_string();
    // No part may hold the line that parts them.
    let holds = |bytes: &[u8], line: &str| {
        bytes
            .windows(line.len())
            .any(|window| window == line.as_bytes())
    };
    let mut line = "gatherd-part".to_owned();
    while holds(text.as_bytes(), &line) || holds(png, &line) {
        line.push('x');
    }
    let head = format!(
        "--{line}\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\
         Content-Type: application/json\r\n\r\n{text}\r\n--{line}\r\n\
         Content-Disposition: form-data; name=\"files[0]\"; filename=\"{FILE}\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    let foot = format!("\r\n--{line}--\r\n");
    Body::Other {
        kind: format!("multipart/form-data; boundary={line}"),
        bytes: [head.as_bytes(), png, foot.as_bytes()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_between_the_parts_stands_in_none_of_them() {
        let message = Value::from("gatherd-part gatherd-partx");
        let Body::Other { kind, bytes } = form(&message, b"gatherd-partxx") else {
            panic!("a form");
        };
        let (_, line) = kind.split_once("boundary=").unwrap();
        assert_eq!(line, "gatherd-partxxx");
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.matches(line).count(), 3);
        assert!(text.ends_with(&format!("\r\n--{line}--\r\n")));
    }
}
