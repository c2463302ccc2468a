//! What checks of a replaced key come to: it is asked about until its provider refuses it, and then nothing of it is
//! kept but the record; or until the watch ends. It refuses to take silence for an answer.

use marshmallow_core::{
    AuditAction, Diagnosis, KeyId, KeyStatus, Millis, Proof, ProviderCard, PublicError, UserId, next_watch,
    told_watch,
};
use marshmallow_store::{CheckOutcome, KeyRecord};

use super::Keys;
use crate::{ServiceError, audit::detail_of};

impl Keys {
    /// Asks the provider about a replaced key now. Gives the cards as they are afterwards.
    pub async fn check_replaced(&self, user: UserId, id: KeyId) -> Result<Vec<ProviderCard>, ServiceError> {
        let (record, _) = self.found(user, id).await?;
        if record.replaced.is_none() {
            return Err(PublicError::not_found("replaced key").into());
        }
        self.throttle.check(user)?;
        self.check(user, id, AuditAction::KeyChecked).await?;
        self.cards(user).await
    }

    /// Keeps what a check of a replaced key found. `action` is what the record says where nothing is settled by it.
    pub(super) async fn watched(
        &self,
        user: UserId,
        key: &KeyRecord,
        replaced_at: Millis,
        found: Diagnosis,
        action: AuditAction,
    ) -> Result<(), ServiceError> {
        let now = self.base.clock.now();
        let proof = Proof::of(found);
        let next_check = next_watch(replaced_at, now, proof);
        let ends = told_watch(key.next_check).is_some() && told_watch(next_check).is_none();
        let action = match proof {
            Proof::Dead => AuditAction::KeyFoundDead,
            Proof::Alive if ends => AuditAction::KeyFoundAlive,
            Proof::Impossible | Proof::Nothing if ends => AuditAction::KeyFateUnknown,
            _ => action,
        };
        let entry = self.entry(user, action, key.id, detail_of(key, found.slug()));
        let store = &self.base.store;
        if proof == Proof::Dead {
            store.bury_key(user, key.id, now, &entry).await?;
            return Ok(());
        }
        let outcome = CheckOutcome {
            status: KeyStatus::Checked(found),
            models: None,
            credit_left: None,
            at: now,
            next_check,
            failures: 0,
        };
        store.record_check(user, key.id, &outcome, &entry).await?;
        Ok(())
    }
}
