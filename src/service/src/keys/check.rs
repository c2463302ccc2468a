//! Checking a stored key again at its provider. Only the provider's own word makes a key invalid;
//! an answer that proves nothing is shown, and the key stays in service.

use marshmallow_core::{Fault, KeyId, KeyStatus, KeySummary, PublicError, UserId};
use marshmallow_providers::Target;

use super::Keys;
use crate::{ServiceError, models::listed};

impl Keys {
    /// Asks the provider again and keeps what it says.
    pub async fn recheck(&self, user: UserId, id: KeyId) -> Result<KeySummary, ServiceError> {
        self.throttle.check(user)?;
        let (record, sealed) = self
            .base
            .store
            .sealed_key(user, id)
            .await?
            .ok_or_else(|| PublicError::not_found("key"))?;
        let key = match self.keyring.open(user, &record, &sealed).await {
            Err(ServiceError::KeyDoesNotOpen) => {
                self.base
                    .store
                    .record(&self.entry(user, "key.does_not_open", id, "check"))
                    .await?;
                return Err(ServiceError::KeyDoesNotOpen);
            }
            opened => opened?,
        };
        let target = Target {
            provider: record.provider,
            base_url: record.base_url,
        };
        let report = self.client.probe(&target, &key).await;
        let models = report.models.as_deref().map(listed::to_json);
        let entry = self.entry(user, "key.check", id, report.diagnosis.slug());
        let now = self.base.clock.now();
        let status = KeyStatus::Checked(report.diagnosis);
        self.base
            .store
            .record_check(user, id, status, models, now, &entry)
            .await?;
        if report.diagnosis.fault() == Fault::None {
            self.base.store.wake_key(user, id).await?;
        }
        self.summary_after(user, id, &report).await
    }
}
