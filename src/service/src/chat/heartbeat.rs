//! The heartbeat of running answers: it renews their leases, hears of stops that another server took, and
//! looks for answers whose server is gone.

use std::{sync::Arc, time::Duration};

use marshmallow_core::MessageStatus;

use super::{Inner, pause, recovery};

/// The pause between two beats; a lease outlasts several.
const BEAT: Duration = Duration::from_secs(3);

/// Beats until the chat is gone.
pub fn start(inner: &Arc<Inner>) {
    let inner = Arc::downgrade(inner);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(BEAT).await;
            let Some(inner) = inner.upgrade() else { return };
            beat(&inner).await;
        }
    });
}

async fn beat(inner: &Arc<Inner>) {
    let now = inner.base.clock.now();
    match inner
        .base
        .store
        .extend_leases(&inner.owner, inner.lease_until(now))
        .await
    {
        Ok(stopped) => {
            for message in stopped {
                inner.hub.end(message, MessageStatus::Stopped);
            }
        }
        Err(error) => tracing::warn!(%error, "leases could not be renewed"),
    }
    if let Err(error) = recovery::recover_expired(inner).await {
        tracing::warn!(%error, "expired answers could not be looked for");
    }
    if let Err(error) = pause::wake_due(inner).await {
        tracing::warn!(%error, "paused answers could not be looked for");
    }
    if let Err(error) = inner.base.store.settle_orphans(now).await {
        tracing::warn!(%error, "reservations of deleted answers could not be settled");
    }
    if let Err(error) = inner.base.store.sweep_sessions(now).await {
        tracing::warn!(%error, "ended sessions could not be removed");
    }
}
