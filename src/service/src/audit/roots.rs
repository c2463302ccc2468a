//! The job that writes root entries. Every server runs it; the database lets one of them write, once an interval.

use std::{sync::Arc, time::Duration};

use crate::Base;

/// The pause between two looks.
const LOOK: Duration = Duration::from_secs(60);
/// The least time between two root entries, in milliseconds.
const INTERVAL_MS: i64 = 60 * 60 * 1_000;

/// Looks until the service is gone.
pub fn start(base: &Arc<Base>) {
    let base = Arc::downgrade(base);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOK).await;
            let Some(base) = base.upgrade() else { return };
            write(&base).await;
        }
    });
}

async fn write(base: &Base) {
    let now = base.clock.now();
    match base.store.write_audit_root(now, INTERVAL_MS).await {
        // The log is kept elsewhere than the database: a trail that was written anew as a whole does not fit it.
        Ok(Some(root)) => tracing::info!(number = root.seq, hash = root.hash, "audit root entry"),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "no audit root entry could be written"),
    }
}
