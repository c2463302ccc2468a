//! The use cases of provider keys: list, add, check again, switch, remove.
//! What leaves this module is a summary; the key itself only ever goes to the vault and to its provider.

mod add;
mod check;
mod place;
mod throttle;

use std::sync::Arc;

use marshmallow_core::{
    AuditAction, AuditDetail, KeyId, KeySummary, Provider, ProviderCard, PublicError, UserId,
};
use marshmallow_providers::Client;
use marshmallow_store::{AuditEntry, KeyRecord, SealedKey};

pub use place::KeyPlace;

use crate::{Base, ServiceError, audit, keyring::Keyring, models::listed};
use throttle::Throttle;

/// The use cases of provider keys.
pub struct Keys {
    base: Base,
    keyring: Arc<Keyring>,
    client: Client,
    throttle: Throttle,
}

impl Keys {
    pub(crate) fn new(base: Base, keyring: Arc<Keyring>, client: Client) -> Self {
        Self {
            base,
            keyring,
            client,
            throttle: Throttle::new(),
        }
    }

    /// A card per provider with the person's keys.
    pub async fn cards(&self, user: UserId) -> Result<Vec<ProviderCard>, ServiceError> {
        let mut summaries: Vec<KeySummary> = self
            .base
            .store
            .keys(user)
            .await?
            .into_iter()
            .map(summary)
            .collect();
        Ok(Provider::ALL
            .into_iter()
            .map(|provider| ProviderCard {
                provider,
                base_url: self.base.config.base_url(provider).map(str::to_owned),
                keys: summaries.extract_if(.., |key| key.provider == provider).collect(),
            })
            .collect())
    }

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
        let (record, _) = self.found(user, id).await?;
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

    async fn summary_of(&self, user: UserId, id: KeyId) -> Result<KeySummary, ServiceError> {
        let (record, _) = self.found(user, id).await?;
        Ok(summary(record))
    }

    /// The person's key with what is sealed of it.
    async fn found(&self, user: UserId, id: KeyId) -> Result<(KeyRecord, SealedKey), ServiceError> {
        let found = self.base.store.sealed_key(user, id).await?;
        Ok(found.ok_or_else(|| PublicError::not_found("key"))?)
    }

    /// An audit entry about a key.
    fn entry(&self, user: UserId, action: AuditAction, id: KeyId, detail: AuditDetail) -> AuditEntry {
        AuditEntry {
            at: self.base.clock.now(),
            user: Some(user),
            action,
            subject: Some(id.to_string()),
            detail: detail.to_json(),
        }
    }
}

/// A stored key as its owner sees it.
fn summary(record: KeyRecord) -> KeySummary {
    KeySummary {
        model_count: record.models.as_deref().map(listed::count),
        id: record.id,
        provider: record.provider,
        endpoint: record.endpoint,
        base_url: record.base_url,
        label: record.label,
        last_four: record.last_four,
        is_active: record.is_active,
        status: record.status,
        created_at: record.created_at,
        last_used: record.last_used,
        last_validated: record.last_validated,
    }
}
