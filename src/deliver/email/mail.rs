//! What both ways of mail share: the message, and how what becomes of it is said.

use secrecy::ExposeSecret as _;

use crate::config::{Email, Login};
use crate::deliver::answer::Verdict;

/// One message on its way.
pub(super) struct Mail<'a> {
    pub(super) settings: &'a Email,
    pub(super) bytes: Vec<u8>,
    /// Whether an address that is refused for now keeps the others waiting.
    pub(super) waits_for_all: bool,
}

/// What may not show of what is said on the way: passwords, as they were said too, and people's addresses.
pub(super) fn traces(settings: &Email) -> Vec<String> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let mut traces: Vec<String> = settings.to.iter().map(|to| to.email.to_string()).collect();
    if let Some(Login { username, password }) = &settings.login {
        let password = password.expose_secret();
        traces.push(password.to_owned());
        traces.push(STANDARD.encode(password));
        traces.push(STANDARD.encode(format!("\0{username}\0{password}")));
    }
    traces
}

pub(super) fn dead(why: String) -> Verdict {
    Verdict::Dead { why }
}

pub(super) fn later(why: String) -> Verdict {
    Verdict::Later {
        after: None,
        why,
        is_global: false,
    }
}
