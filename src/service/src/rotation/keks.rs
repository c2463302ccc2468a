//! The KEKs that a change of the root secret needs: each derived once, several at a time, off the async threads.
//! It refuses to keep those of former root secrets longer than a batch.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use marshmallow_core::UserId;
use marshmallow_store::SealedRow;
use marshmallow_vault::{RootSecret, UserKek};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{ServiceError, roots::Roots};

type Known = HashMap<(UserId, String), Arc<UserKek>>;

pub struct Keks {
    known: Mutex<Known>,
    threads: Arc<Semaphore>,
}

impl Keks {
    /// Derives on so many threads at once, one at least.
    pub fn new(threads: usize) -> Self {
        Self {
            known: Mutex::default(),
            threads: Arc::new(Semaphore::new(threads.max(1))),
        }
    }

    /// Derives what these rows need: for each owner the KEK of the row's root secret, and that of `target`.
    pub async fn derive(
        &self,
        roots: &Roots,
        target: &Arc<RootSecret>,
        rows: &[SealedRow],
    ) -> Result<(), ServiceError> {
        let mut wanted = HashMap::new();
        for row in rows {
            let own = roots.get(&row.sealed.kek_id);
            for root in own.into_iter().chain([target.clone()]) {
                let place = (row.user, root.kek_id().to_string());
                if !self.known().contains_key(&place) {
                    wanted.insert(place, (root, row.kek_salt));
                }
            }
        }
        let mut tasks = JoinSet::new();
        for ((user, kek_id), (root, salt)) in wanted {
            let threads = self.threads.clone();
            tasks.spawn(async move {
                let _permit = threads.acquire_owned().await.ok()?;
                let derived = tokio::task::spawn_blocking(move || root.derive_user_kek(user, &salt)).await;
                Some(((user, kek_id), Arc::new(derived.ok()?)))
            });
        }
        while let Some(task) = tasks.join_next().await {
            let (place, kek) = task
                .ok()
                .flatten()
                .ok_or(ServiceError::Internal("key derivation"))?;
            self.known().insert(place, kek);
        }
        Ok(())
    }

    /// A derived KEK.
    pub fn get(&self, user: UserId, kek_id: &str) -> Option<Arc<UserKek>> {
        self.known().get(&(user, kek_id.to_owned())).cloned()
    }

    /// Drops all KEKs but those under this root secret, which the last look at everything needs again.
    pub fn drop_others(&self, kek_id: &str) {
        self.known().retain(|(_, known), _| known == kek_id);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
