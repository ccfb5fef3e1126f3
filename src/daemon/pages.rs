//! The lanes of the pages: one measures what they show, one serves them. Where the address is taken, that is said once
//! and tried again; nothing else waits for it.

use super::Life;
use crate::{
    app::{gauges::Gauges, health::Beat},
    web::{self, Site},
};
use anyhow::Result;
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// How often is looked whether there is something new to show.
const LOOK: Duration = Duration::from_secs(5);
/// Where pages cannot be served, they are tried again after this.
const AGAIN: Duration = Duration::from_secs(30);

/// Measures what the pages show, whenever something changed.
pub(super) async fn showing(life: Arc<Life>, beat: Beat) -> Result<()> {
    while !life.stop.is_thrown() {
        let (config, now) = (&life.config, chrono::Utc::now());
        let measured = life
            .showing
            .measure(config, &life.database, &life.snapshots, now);
        if let Err(error) = measured.await {
            tracing::error!("what the pages show could not be measured: {error:#}");
        }
        let counted = life
            .showing
            .count_asked(config, &life.database, &life.snapshots, now);
        if let Err(error) = counted.await {
            tracing::error!("what somebody asked the pages for could not be counted: {error:#}");
        }
        tokio::select! {
            () = life.rest(LOOK, &beat) => {}
            () = life.showing.asked() => {}
        }
    }
    Ok(())
}

/// Serves the pages.
pub(super) async fn serving(life: Arc<Life>, listen: SocketAddr, beat: Beat) -> Result<()> {
    let mut told = false;
    while !life.stop.is_thrown() {
        let config = Arc::clone(&life.config);
        let (database, showing) = (life.database.clone(), Arc::clone(&life.showing));
        let gauges = Gauges::of(&life.syncer);
        let opened =
            crate::off_thread::off_thread(move || Site::open(&config, &database, &showing, gauges))
                .await;
        let bound = match opened {
            Ok(site) => match life.open_door(listen).await {
                Ok(listener) => Ok((site, listener)),
                Err(error) => Err(anyhow::anyhow!(
                    "no pages at {listen}: {error}; write another address as http.listen, or \"off\""
                )),
            },
            Err(error) => Err(error),
        };
        match bound {
            Ok((site, listener)) => {
                let at = listener.local_addr().unwrap_or(listen);
                tracing::info!("pages at http://{at}/");
                let mut serving = std::pin::pin!(web::serve(site, listener, &life.stop));
                loop {
                    tokio::select! {
                        () = &mut serving => break,
                        () = life.rest(LOOK, &beat) => {}
                    }
                }
            }
            Err(error) => {
                if !told {
                    tracing::warn!(
                        "{}; tried again until it will do",
                        format!("{error:#}").replace('\n', "; ")
                    );
                    told = true;
                }
                life.rest(AGAIN, &beat).await;
            }
        }
    }
    Ok(())
}
