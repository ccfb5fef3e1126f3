//! A kept message as it travels: headers, both texts, and a picture inside.

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, Date, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use serde::Deserialize;

use super::form::PICTURE_HERE;
use crate::deliver::markup::{Within, html};
use crate::deliver::pictured::{self, FILE};

/// As it was kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    subject: String,
    date: DateTime<Utc>,
    text: String,
    html: String,
}

/// A picture that is drawn.
pub(super) struct Drawn {
    pub(super) png: Vec<u8>,
    /// What it shows, in words.
    pub(super) alt: String,
}

/// Who sends what to whom.
pub(super) struct Envelope<'a> {
    pub(super) channel: &'a str,
    /// The same over all attempts, and no other message's.
    pub(super) key: &'a str,
    pub(super) from: &'a Mailbox,
    pub(super) to: &'a [Mailbox],
}

/// What the picture is called within the message.
const CONTENT_ID: &str = "groups-met@gatherd";

/// The whole message, in ASCII.
pub(super) fn message(
    kept: Kept,
    envelope: &Envelope<'_>,
    drawn: Option<Drawn>,
) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let domain = envelope.from.email.domain();
    let channel = dotless(envelope.channel);
    let mut builder = lettre::Message::builder()
        .from(envelope.from.clone())
        .subject(kept.subject)
        .header(Date::new(kept.date.into()))
        .message_id(Some(format!("<{}@{domain}>", dotless(envelope.key))))
        .raw_header(raw("List-Id", format!("<{channel}.gatherd.{domain}>")))
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()));
    for to in envelope.to {
        builder = builder.to(to.clone());
    }
    let parts = MultiPart::alternative().singlepart(SinglePart::plain(kept.text));
    let message = match drawn {
        None => {
            let html = kept.html.replacen(PICTURE_HERE, "", 1);
            builder.multipart(parts.singlepart(SinglePart::html(html)))?
        }
        Some(Drawn { png, alt }) => {
            let html = kept.html.replacen(PICTURE_HERE, &image(&png, &alt), 1);
            let inside = Attachment::new_inline_with_name(CONTENT_ID.to_owned(), FILE.to_owned());
            let related = MultiPart::related()
                .singlepart(SinglePart::html(html))
                .singlepart(inside.body(png, ContentType::parse("image/png")?));
            builder.multipart(parts.multipart(related))?
        }
    };
    Ok(message.formatted())
}

/// Half its pixels across, since it is drawn for fine screens.
fn image(png: &[u8], alt: &str) -> String {
    let mut words = String::new();
    for c in alt.chars() {
        html(c, Within::Text, &mut words);
    }
    let (wide, _) = pictured::size(png).unwrap_or((1008, 0));
    format!(
        "<p style=\"margin:0 0 8px\"><img src=\"cid:{CONTENT_ID}\" alt=\"{words}\" width=\"{}\" \
         style=\"width:100%;max-width:504px;height:auto;border:0\"></p>\n",
        wide / 2
    )
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// Letters, digits, `-` and `_` alone.
fn dotless(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii_alphanumeric() || c == '_' => c,
        _ => '-',
    };
    text.chars().map(plain).collect()
}
