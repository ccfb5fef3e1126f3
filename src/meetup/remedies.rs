//! What a person can do about a sign-in that does not work.

use super::errors::AskError;
use crate::config::{SignIn, is_loopback};
use url::Url;

/// For a client with a refresh token.
pub(crate) const LOGIN: &str = "run `gatherd auth login`";
/// For a token file that cannot be read.
pub(crate) const DAMAGED: &str =
    "remove that file, and sign in again: where a person signs in, with `gatherd auth login`";
const CLIENT: &str = "copy the client's key and secret anew from https://www.meetup.com/api/oauth/list/ into client_id and client_secret";

/// Meetup refused what is configured or kept, with this code.
pub(crate) fn refused(sign_in: &SignIn, code: &str) -> &'static str {
    match sign_in {
        SignIn::AccessToken(_) => {
            "give a new access_token, or set up a sign-in that renews itself (client_id and client_secret for `gatherd auth login`, or [meetup.jwt])"
        }
        SignIn::Refresh { .. } if is_about_client(code) => CLIENT,
        SignIn::Refresh { .. } => {
            "run `gatherd auth login`, signed in to Meetup as the network's owner; or put a new refresh_token into the configuration"
        }
        SignIn::Jwt { .. } => {
            "check client_id, and in [meetup.jwt] signing_key_id, member_id and the private key; the member must have an active Pro subscription"
        }
    }
}

/// Meetup refused the code of the authorise page.
pub(crate) fn code_refused(code: &str, redirect_uri: &Url) -> AskError {
    let (cause, remedy) = if is_about_client(code) {
        ("Meetup does not accept the client", CLIENT.to_owned())
    } else {
        (
            "Meetup does not accept the code: it was used before, is too old, or belongs to another client or redirect_uri",
            format!("run `gatherd auth login` again; {}", redirect(redirect_uri)),
        )
    };
    AskError::NeedsSignIn {
        cause: format!("{cause} ({code})"),
        remedy,
    }
}

/// What may be wrong with a redirect_uri.
pub(crate) fn redirect(uri: &Url) -> String {
    let must = "redirect_uri must equal the one registered for the client";
    let spelled = |host: &str| {
        let mut other = uri.clone();
        other.set_host(Some(host)).ok().map(|()| other)
    };
    match (spelled("localhost"), spelled("127.0.0.1")) {
        (Some(one), Some(two)) if is_loopback(uri) => format!(
            "{must}: {one} and {two} are two to Meetup, and which of them it registers is unproven, so where one is refused, register and configure the other"
        ),
        _ => must.to_owned(),
    }
}

fn is_about_client(code: &str) -> bool {
    matches!(
        code,
        "invalid_client" | "unauthorized_client" | "HTTP401" | "HTTP 401"
    )
}
