//! Whether Meetup's API answers at its other address, too: `gql2` beside `gql-ext`, one of which may go one
//! day as `gql` went. Asked once by `doctor --probe` and never used by itself: the address is configuration.

use serde::Serialize;
use url::Url;

use super::operations::myself;
use super::reading::{self, Reading};
use super::{AskError, Meetup, pace};
use crate::community::MemberId;

/// The two addresses that the API is known by, as the last part of their paths.
const KNOWN: [&str; 2] = ["gql-ext", "gql2"];

/// What came from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elsewhere {
    /// An answer to the question who is signed in; none where it does not say.
    Answers(Option<MemberId>),
    /// Something else, with this HTTP status.
    Other(u16),
    /// Nothing, and why.
    Nothing(String),
}

#[derive(Serialize)]
struct Body {
    #[serde(rename = "operationName")]
    operation: &'static str,
    query: &'static str,
    variables: serde_json::Map<String, serde_json::Value>,
}

/// The other address at the same host, to which alone the token may go.
fn other(endpoint: &Url) -> Url {
    let is_newer = endpoint.path().ends_with(KNOWN[1]);
    let mut other = endpoint.clone();
    let (path, _) = endpoint.path().rsplit_once('/').unwrap_or_default();
    other.set_path(&format!("{path}/{}", KNOWN[usize::from(!is_newer)]));
    other.set_query(None);
    other
}

impl Meetup {
    /// Asks once at the API's other address, and what it says.
    ///
    /// # Errors
    ///
    /// If there is no sign-in, or no points are left.
    pub async fn elsewhere(&self) -> Result<(Url, Elsewhere), AskError> {
        let url = other(&self.settings.endpoint);
        let access = self.auth.access().await?;
        let operation = myself::OPERATION_NAME;
        let waits = &self.settings.waits;
        let (asked, points) = pace::reserve(&self.ledger, operation, 1, waits, &self.room).await?;
        self.tally.asked(points);
        let body = Body {
            operation,
            query: myself::QUERY,
            variables: serde_json::Map::new(),
        };
        let token = secrecy::ExposeSecret::expose_secret(&access.token);
        let request = self.transport.post(&url).bearer_auth(token).json(&body);
        let reply = self.transport.send(request).await;
        pace::answered(&self.ledger, asked, 0).await?;
        let found = match reply {
            Err(broken) => Elsewhere::Nothing(broken.to_string()),
            Ok(reply) => match reading::read(&reply) {
                Reading::Data { data, holes } if holes.is_empty() => {
                    match serde_json::from_slice::<myself::ResponseData>(&data) {
                        Ok(data) => Elsewhere::Answers(data.self_.map(|it| MemberId(it.id))),
                        Err(_) => Elsewhere::Other(reply.status.as_u16()),
                    }
                }
                _ => Elsewhere::Other(reply.status.as_u16()),
            },
        };
        Ok((url, found))
    }
}

#[cfg(test)]
mod tests {
    use super::other;

    #[test]
    fn the_other_address_is_the_one_that_is_not_configured_at_the_same_host() {
        for (here, there) in [
            (
                "https://api.meetup.com/gql-ext",
                "https://api.meetup.com/gql2",
            ),
            (
                "https://api.meetup.com/gql2",
                "https://api.meetup.com/gql-ext",
            ),
            (
                "http://localhost:9/meetup/gql-ext?a=b",
                "http://localhost:9/meetup/gql2",
            ),
        ] {
            assert_eq!(other(&here.parse().unwrap()).as_str(), there);
        }
    }
}
