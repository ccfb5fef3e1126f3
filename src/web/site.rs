//! What all pages share.

use super::links::Links;
use crate::{
    app::{database::Database, gauges::Gauges, keys::Keys, showing::Showing},
    config::Config,
};
use anyhow::Result;
use axum::http::Uri;
use std::sync::Arc;

/// The site.
pub(crate) struct Site {
    pub(super) config: Arc<Config>,
    pub(super) database: Database,
    pub(super) showing: Arc<Showing>,
    pub(super) keys: Keys,
    pub(super) gauges: Gauges,
    /// What stands before every path: `/` alone, or `/gatherd/` behind a proxy.
    prefix: String,
}

impl Site {
    /// Opens it: its key is made where there is none yet.
    pub(crate) fn open(
        config: &Arc<Config>,
        database: &Database,
        showing: &Arc<Showing>,
        gauges: Gauges,
    ) -> Result<Arc<Self>> {
        let prefix = config.http.public_url.as_ref().map(|url| url.path());
        Ok(Arc::new(Self {
            gauges,
            keys: Keys::open(&config.meetup.state_dir)?,
            prefix: prefix.unwrap_or("/").to_owned(),
            config: Arc::clone(config),
            database: database.clone(),
            showing: Arc::clone(showing),
        }))
    }

    /// How its pages lead to each other.
    pub(super) fn links(&self) -> Links<'_> {
        Links::Served(&self.prefix)
    }

    /// The address of a page within the site: `path` begins with a stroke.
    pub(super) fn to(&self, path: &str) -> String {
        format!("{}{}", self.prefix, path.trim_start_matches('/'))
    }

    /// An address of the site for use elsewhere: with the public host, where there is one.
    pub(super) fn full(&self, path: &str) -> String {
        let public = self.config.http.public_url.as_ref();
        public
            .and_then(|url| url.join(path).ok())
            .map_or_else(|| path.to_owned(), |url| url.to_string())
    }

    /// The address of a page as somebody asked for it, to come back to.
    pub(super) fn back_to(&self, uri: &Uri) -> String {
        self.to(uri.path_and_query().map_or("/", |it| it.as_str()))
    }

    /// A path as it is asked for within the site. A proxy passes paths on as they are; what does not begin as those of
    /// this site do comes from nearby, such as from a health check, and is taken as it is.
    pub(super) fn within(&self, asked: &Uri) -> Option<Uri> {
        let prefix = self.prefix.trim_end_matches('/');
        let path = asked.path_and_query()?.as_str();
        let rest = path.strip_prefix(prefix).filter(|_| !prefix.is_empty())?;
        match rest.as_bytes().first() {
            None => Some(Uri::from_static("/")),
            Some(b'/') => rest.parse().ok(),
            Some(b'?') => format!("/{rest}").parse().ok(),
            _ => None,
        }
    }
}
