//! What the owner decides about stored keys: on or off, their names, their order, their removal.
//! It opens none of them.

use marshmallow_core::{AuditAction, AuditDetail, KeyId, KeySummary, LIMITS, PublicError, UserId};
use marshmallow_store::AuditEntry;

use super::{Keys, place::checked_label};
use crate::{ServiceError, audit};

impl Keys {
    /// Switches a key on or off.
    pub async fn set_active(
        &self,
        user: UserId,
        id: KeyId,
        is_active: bool,
    ) -> Result<KeySummary, ServiceError> {
        let action = if is_active {
            AuditAction::KeySwitchedOn
        } else {
            AuditAction::KeySwitchedOff
        };
        let record = self.in_use(user, id).await?;
        let entry = self.entry(user, action, id, audit::detail_of(&record, ""));
        if !self
            .base
            .store
            .set_key_active(user, id, is_active, &entry)
            .await?
        {
            return Err(PublicError::not_found("key").into());
        }
        self.summary_of(user, id).await
    }

    /// Removes a key: its ciphertext and wrapped data key are gone afterwards, the audit entry stays.
    pub async fn remove(&self, user: UserId, id: KeyId) -> Result<(), ServiceError> {
        let (record, _) = self.found(user, id).await?;
        let entry = self.entry(user, AuditAction::KeyRemoved, id, audit::detail_of(&record, ""));
        if self.base.store.remove_key(user, id, &entry).await? {
            Ok(())
        } else {
            Err(PublicError::not_found("key").into())
        }
    }

    /// Gives a key another name, which may be empty.
    pub async fn rename(&self, user: UserId, id: KeyId, label: &str) -> Result<KeySummary, ServiceError> {
        let label = checked_label(label)?;
        let (record, _) = self.found(user, id).await?;
        let entry = self.entry(
            user,
            AuditAction::KeyRenamed,
            id,
            audit::detail_of(&record, label),
        );
        if !self.base.store.rename_key(user, id, label, &entry).await? {
            return Err(PublicError::not_found("key").into());
        }
        self.summary_of(user, id).await
    }

    /// Puts keys in the order in which turns try them. Keys that are not named keep their places.
    pub async fn reorder(&self, user: UserId, ids: &[KeyId]) -> Result<(), ServiceError> {
        if ids.len() > LIMITS.keys_per_user {
            return Err(PublicError::invalid(
                "These are more keys than anybody has.",
                "Reload the page and try again.",
            )
            .into());
        }
        let entry = AuditEntry {
            at: self.base.clock.now(),
            user: Some(user),
            action: AuditAction::KeysReordered,
            subject: ids.first().map(KeyId::to_string),
            detail: AuditDetail::saying("first").to_json(),
        };
        if self.base.store.order_keys(user, ids, &entry).await? {
            Ok(())
        } else {
            Err(PublicError::not_found("key").into())
        }
    }
}
