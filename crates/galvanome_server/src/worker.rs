//! The background worker: one job after the other, from the table that every process shares.

use std::sync::Arc;
use std::time::Duration;

use galvanome::{Galvanome, jobs};
use tokio::sync::watch;

/// How long the worker rests when nothing is ready.
const REST: Duration = Duration::from_millis(500);

/// Runs jobs until told to halt. The job at hand is finished first.
pub(crate) async fn run(galvanome: Arc<Galvanome>, mut halted: watch::Receiver<bool>) {
    let name = format!("server-{}", std::process::id());
    loop {
        if *halted.borrow() {
            return;
        }
        match jobs::run_next(&galvanome, &name).await {
            Ok(Some(ran)) => {
                if let Some(why) = ran.failed {
                    tracing::warn!("{} failed: {why}", ran.what);
                }
            }
            Ok(None) => {
                let _ = tokio::time::timeout(REST, halted.changed()).await;
            }
            Err(error) => {
                tracing::error!("the job table: {error}");
                let _ = tokio::time::timeout(REST * 10, halted.changed()).await;
            }
        }
    }
}
