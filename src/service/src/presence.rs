//! What this server tells the others: that it is running, and which root secrets it can open. A change of the root
//! secret waits for that. It refuses to know what is sealed.

use std::{sync::Arc, time::Duration};

use marshmallow_core::MessageId;

use crate::{Base, ServiceError, roots::Roots};

/// The pause between two announcements, which is also how soon a new root secret is noticed.
const BEAT: Duration = Duration::from_secs(2);
/// How long an announcement holds, in milliseconds.
const ALIVE_MS: i64 = 15_000;

pub(crate) struct Presence {
    base: Base,
    roots: Arc<Roots>,
    id: String,
}

impl Presence {
    /// Announces this server, and only then looks whether it may serve. A change of the root secret does the
    /// reverse (it is announced before it looks at the servers), so one of both sees the other.
    pub async fn start(base: Base, roots: Arc<Roots>) -> Result<Arc<Self>, ServiceError> {
        let id = MessageId::make(base.clock.now(), base.random.as_ref()).to_string();
        let this = Arc::new(Self { base, roots, id });
        this.announce().await?;
        if let Err(refusal) = this.roots.check(&this.base.store).await {
            this.leave().await;
            return Err(refusal);
        }
        let weak = Arc::downgrade(&this);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                let Some(this) = weak.upgrade() else { return };
                this.beat().await;
            }
        });
        Ok(this)
    }

    /// Whether this server has the root secret of this public id.
    pub fn opens(&self, kek_id: &str) -> bool {
        self.roots.get(kek_id).is_some()
    }

    /// Says that this server is gone.
    pub async fn leave(&self) {
        if let Err(error) = self.base.store.forget_server(&self.id).await {
            tracing::warn!(%error, "the other servers could not be told that this one stops");
        }
    }

    async fn announce(&self) -> Result<(), ServiceError> {
        let until = self.base.clock.now().plus(ALIVE_MS);
        self.base
            .store
            .announce_server(&self.id, &self.roots.ids(), until)
            .await?;
        Ok(())
    }

    async fn beat(&self) {
        let looked = self.roots.look_again();
        let announced = self.announce().await;
        let checked = self.roots.check(&self.base.store).await;
        for failure in [looked, announced, checked].into_iter().filter_map(Result::err) {
            tracing::error!(%failure, "the root secrets of this server need attention");
        }
    }
}
