//! Whoever watches for the heartbeat: whether they are there. Nothing is told.

use super::sheet::Sheet;
use crate::{app::exit::Exit, client::reach, config::Config};
use secrecy::ExposeSecret;

const ABOUT: &str = "heartbeat";
const REMEDY: &str = "compare heartbeat.url with the address that your watching service shows";

pub(super) async fn check(config: &Config, sheet: &mut Sheet) {
    let Some(watcher) = &config.heartbeat else {
        return;
    };
    // The address is a secret, so no part of it is shown.
    let Ok(url) = url::Url::parse(watcher.url.expose_secret()) else {
        let said = format!("its address is none\n{REMEDY}");
        return sheet.error(ABOUT, &said, Exit::Failed);
    };
    match reach(&url, &config.network_access).await {
        Ok(_) => sheet.ok(ABOUT, "its service answers; each pass tells it how it went"),
        Err(unreached) => {
            let remedy = unreached.remedy();
            let said = format!("its service cannot be reached: {unreached}\n{remedy}; {REMEDY}");
            sheet.error(ABOUT, &said, Exit::Failed);
        }
    }
}
