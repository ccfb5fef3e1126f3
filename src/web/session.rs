//! Who looks.
//!
//! On loopback without configured viewers it is whoever is on this machine. Otherwise a browser shows the cookie it was given for a
//! token, and a program the token itself.

use super::site::Site;
use crate::{
    app::keys::Purpose,
    community::Access,
    config::{Right, Viewer},
};
use axum::http::{HeaderMap, header};
use chrono::Utc;
use ring::digest::{SHA256, digest};
use secrecy::ExposeSecret as _;

/// The cookie's name.
pub(super) const COOKIE: &str = "gatherd";
/// A browser stays signed in for so many seconds: 30 days.
pub(super) const STAYS: i64 = 30 * 86_400;

/// Somebody who looks, and what they may.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// How they are called; none: whoever is on this machine.
    pub name: Option<String>,
    /// Which groups they see.
    pub access: Access,
    rights: Vec<Right>,
    /// What their forms are signed for.
    mark: String,
}

impl Session {
    /// Whoever is on this machine.
    fn local() -> Self {
        Self {
            name: None,
            access: Access::default(),
            rights: Right::ALL.to_vec(),
            mark: "local".to_owned(),
        }
    }

    /// Whoever opens a written page: they see so much, and do nothing.
    pub(super) fn reading(access: Access, may_see_people: bool) -> Self {
        Self {
            name: None,
            access,
            rights: may_see_people
                .then_some(Right::People)
                .into_iter()
                .collect(),
            mark: String::new(),
        }
    }

    fn of(viewer: &Viewer) -> Self {
        Self {
            name: Some(viewer.name.clone()),
            access: viewer.access.clone(),
            rights: viewer.rights.clone(),
            mark: format!("{} {}", viewer.name, mark(viewer)),
        }
    }

    /// Whether they have a right.
    pub(super) fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// What their forms are signed for: another one's do not do, nor those of an old token.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }
}

/// What a token is known by where it must not stand itself.
fn mark(viewer: &Viewer) -> String {
    let hashed = digest(&SHA256, viewer.token.expose_secret().as_bytes());
    hashed.as_ref()[..12]
        .iter()
        .map(|it| format!("{it:02x}"))
        .collect()
}

/// The viewer who has a token. Every token is compared with all of its bytes, so that time tells nothing.
pub(super) fn with_token<'a>(site: &'a Site, token: &str) -> Option<&'a Viewer> {
    let shown = digest(&SHA256, token.as_bytes());
    let mut found = None;
    for viewer in &site.config.http.viewers {
        let known = digest(&SHA256, viewer.token.expose_secret().as_bytes());
        // Both are hashed: what a comparison of hashes takes tells nothing of what was hashed.
        if known.as_ref() == shown.as_ref() {
            found = Some(viewer);
        }
    }
    found
}

/// The cookie's value for a viewer, good until then.
pub(super) fn cookie_value(site: &Site, viewer: &Viewer, until: i64) -> String {
    let until = until.to_string();
    let signed = site
        .keys
        .sign(Purpose::Session, &[&viewer.name, &mark(viewer), &until]);
    format!("{}~{until}~{signed}", viewer.name)
}

/// Whoever a request comes from; none: nobody that is known. Where no names are kept, nobody sees lists of them.
pub(super) fn of(site: &Site, headers: &HeaderMap) -> Option<Session> {
    let mut session = known(site, headers)?;
    if !site.config.privacy.names {
        session.rights.retain(|right| *right != Right::People);
    }
    Some(session)
}

fn known(site: &Site, headers: &HeaderMap) -> Option<Session> {
    let viewers = &site.config.http.viewers;
    if viewers.is_empty() {
        return Some(Session::local());
    }
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if let Some(token) = bearer {
        return with_token(site, token.trim()).map(Session::of);
    }
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let mut cookies = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE);
    cookies.find_map(|(_, value)| signed_in(site, value))
}

fn signed_in(site: &Site, value: &str) -> Option<Session> {
    let mut parts = value.splitn(3, '~');
    let (name, until, signed) = (parts.next()?, parts.next()?, parts.next()?);
    let viewer = site.config.http.viewers.iter().find(|it| it.name == name)?;
    let is_ours = site
        .keys
        .is_signed(Purpose::Session, &[name, &mark(viewer), until], signed);
    let is_good = until.parse::<i64>().ok()? > Utc::now().timestamp();
    (is_ours && is_good).then(|| Session::of(viewer))
}

/// The viewer whose calendar's address is signed so.
pub(super) fn of_calendar(site: &Site, signature: &str) -> Option<Session> {
    let mut viewers = site.config.http.viewers.iter().map(Session::of);
    let is_theirs = |it: &Session| {
        let signed_for = [it.mark()];
        site.keys
            .is_signed(Purpose::Calendar, &signed_for, signature)
    };
    viewers.find(is_theirs)
}
