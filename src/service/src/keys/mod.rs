//! The use cases of provider keys: list, add, check again, switch, name, order, replace, remove, export, import.
//! What leaves this module is a summary; the key itself only ever goes to the vault and to its provider.

mod add;
mod bundle;
mod check;
mod inspect;
mod life;
mod manage;
mod place;
mod reach;
pub(crate) mod rechecks;
mod replace;
mod schedule;
mod throttle;
mod watch;

use std::sync::Arc;

use marshmallow_core::{
    ApiKey, AuditAction, AuditDetail, KeyId, KeySummary, Millis, Provider, ProviderCard, PublicError,
    Replaced, UserId, told_watch,
};
use marshmallow_providers::{Client, ProbeReport};
use marshmallow_store::{AuditEntry, KeyRecord, SealedKey};

pub use bundle::{ExportRequest, ExportedKeys, SealedFile};
pub use place::KeyPlace;

use crate::{Base, ServiceError, error::moment_after, keyring::Keyring, models::listed};
use place::CheckedPlace;
use throttle::Throttle;

/// The use cases of provider keys.
pub struct Keys {
    base: Base,
    keyring: Arc<Keyring>,
    client: Client,
    throttle: Throttle,
    openings: Throttle,
}

impl Keys {
    pub(crate) fn new(base: Base, keyring: Arc<Keyring>, client: Client) -> Self {
        Self {
            base,
            keyring,
            client,
            throttle: Throttle::new("You checked many keys in a short time."),
            openings: Throttle::new("You opened files of keys many times in a short time."),
        }
    }

    /// A card per provider with the person's keys.
    pub async fn cards(&self, user: UserId) -> Result<Vec<ProviderCard>, ServiceError> {
        let now = self.base.clock.now();
        let keys = self.base.store.keys(user).await?;
        let at_work = self.base.store.keys_at_work(user).await?;
        let mut summaries: Vec<KeySummary> = keys.into_iter().map(|record| summary(record, now)).collect();
        for key in &mut summaries {
            if let Some(replaced) = &mut key.replaced {
                replaced.is_draining = at_work.contains(&key.id);
            }
        }
        Ok(Provider::ALL
            .into_iter()
            .map(|provider| ProviderCard {
                provider,
                base_url: self.base.config.base_url(provider).map(str::to_owned),
                keys: summaries.extract_if(.., |key| key.provider == provider).collect(),
            })
            .collect())
    }

    /// As which key its owner has stored this one already, for this address.
    async fn stored_as(
        &self,
        user: UserId,
        place: &CheckedPlace,
        key: &ApiKey,
    ) -> Result<Option<KeyId>, ServiceError> {
        let hashes = self
            .keyring
            .fingerprints(user, place.provider, &place.base_url, key);
        for key_hash in hashes {
            let stored = self.base.store.key_of_hash(user, &key_hash).await?;
            if stored.is_some() {
                return Ok(stored);
            }
        }
        Ok(None)
    }

    /// Whether its owner has stored this key already, for this address.
    async fn is_stored(
        &self,
        user: UserId,
        place: &CheckedPlace,
        key: &ApiKey,
    ) -> Result<bool, ServiceError> {
        Ok(self.stored_as(user, place, key).await?.is_some())
    }

    async fn summary_of(&self, user: UserId, id: KeyId) -> Result<KeySummary, ServiceError> {
        let (record, _) = self.found(user, id).await?;
        Ok(summary(record, self.base.clock.now()))
    }

    /// The summary of a key that has just been checked, with the time until which its provider asked to wait.
    async fn summary_after(
        &self,
        user: UserId,
        id: KeyId,
        report: &ProbeReport,
    ) -> Result<KeySummary, ServiceError> {
        let summary = self.summary_of(user, id).await?;
        let wait = summary.last_validated.zip(report.retry_after);
        Ok(KeySummary {
            until: wait.map(|(checked, wait)| moment_after(checked, wait)),
            ..summary
        })
    }

    /// The person's key with what is sealed of it.
    async fn found(&self, user: UserId, id: KeyId) -> Result<(KeyRecord, SealedKey), ServiceError> {
        let found = self.base.store.sealed_key(user, id).await?;
        Ok(found.ok_or_else(|| PublicError::not_found("key"))?)
    }

    /// A key in whose place no other one works.
    async fn in_use(&self, user: UserId, id: KeyId) -> Result<KeyRecord, ServiceError> {
        let (record, _) = self.found(user, id).await?;
        if record.replaced.is_some() {
            return Err(PublicError::invalid(
                "Another key has taken the place of this one.",
                "Look for it among the replaced keys: it can be taken back there.",
            )
            .into());
        }
        Ok(record)
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
pub(crate) fn summary(record: KeyRecord, now: Millis) -> KeySummary {
    let is_over = record.is_over(now);
    KeySummary {
        until: None,
        model_count: record.models.as_deref().map(listed::count),
        id: record.id,
        provider: record.provider,
        endpoint: record.endpoint,
        base_url: record.base_url,
        label: record.label,
        last_four: record.last_four,
        is_active: record.is_active,
        status: record.status,
        rest: record.rest.filter(|rest| rest.is_on(now)),
        created_at: record.created_at,
        last_used: record.last_used,
        last_validated: record.last_validated,
        expires_at: record.expires_at,
        is_over,
        next_check: (record.is_active && record.replaced.is_none() && !is_over && record.next_check > now)
            .then_some(record.next_check),
        credit_left: record.credit_left,
        status_since: record.status_since,
        replaced: record.replaced.map(|(by, at)| Replaced {
            by,
            at,
            next_check: told_watch(record.next_check),
            is_draining: false,
        }),
        former: record.former,
    }
}
