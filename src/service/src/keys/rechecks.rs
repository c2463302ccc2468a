//! The schedule at work: in rounds, keys that are due are claimed and checked, a few at a time, so that many that are
//! due at once (after a pause of the server, or its first start with this schedule) are spread over the hours.
//! It refuses to decide when a key is due (`schedule`), and what a check is (`check`).

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::{StreamExt, stream};
use marshmallow_core::{AuditAction, KeyId, UserId};
use tokio::{sync::watch, task::JoinHandle};

use super::{Keys, schedule};
use crate::ServiceError;

/// The pause between two rounds.
const BEAT: Duration = Duration::from_secs(10);
/// Keys that a round checks at the most: some 170 000 a day on each server.
const ROUND: usize = 20;
/// Checks that a server makes at once.
const AT_ONCE: usize = 4;
/// How long a claim holds, in milliseconds: longer than all calls of a round take together with their deadlines.
const CLAIM_MS: i64 = 10 * 60 * 1_000;

/// The task that goes through the rounds.
#[derive(Default)]
pub(crate) struct Rechecks(Mutex<Option<Running>>);

struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Rechecks {
    /// Goes through rounds until it is stopped.
    pub fn start(&self, keys: Arc<Keys>) {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let rounds = async {
                loop {
                    tokio::time::sleep(BEAT).await;
                    if let Err(error) = keys.check_due().await {
                        tracing::warn!(%error, "keys that are due could not be checked");
                    }
                }
            };
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => {}
                () = rounds => {}
            }
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Running { stop, task });
    }

    /// Stops, also in the middle of a round: what it had claimed is checked when the claims run out.
    pub async fn stop(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Running { stop, task }) = running {
            stop.send_replace(true);
            // Fails only if the task panicked, and then it has stopped, too.
            let _ = task.await;
        }
    }
}

impl Keys {
    /// One round: lives beyond the administrator's bound are cut, ends of lives noted, and keys that are due checked.
    /// Gives how many of these were claimed.
    pub async fn check_due(&self) -> Result<usize, ServiceError> {
        self.cut_lives().await?;
        self.note_ends().await?;
        let now = self.base.clock.now();
        let claimed = self
            .base
            .store
            .claim_checks(now, now.plus(CLAIM_MS), ROUND)
            .await?;
        let count = claimed.len();
        stream::iter(claimed)
            .for_each_concurrent(AT_ONCE, |(user, id)| self.check_claimed(user, id))
            .await;
        Ok(count)
    }

    async fn check_claimed(&self, user: UserId, id: KeyId) {
        let error = match self.check(user, id, AuditAction::KeyRechecked).await {
            Ok((before, report)) => {
                let (provider, diagnosis) = (before.provider.slug(), report.diagnosis.slug());
                tracing::info!(key = %id, provider, diagnosis, "a key was checked by schedule");
                return;
            }
            // Removed, or its end set to now, since it was claimed.
            Err(ServiceError::Refused(_) | ServiceError::KeyIsOver(_)) => return,
            Err(error) => error,
        };
        tracing::warn!(key = %id, %error, "a key could not be checked by schedule");
        // Without an outcome it would be due again with the end of its claim, and be on record each time.
        let next = schedule::next_check(self.base.clock.now(), 0, self.base.random.as_ref());
        if let Err(error) = self.base.store.schedule_check(user, id, next).await {
            tracing::warn!(key = %id, %error, "its next check could not be set");
        }
    }
}
