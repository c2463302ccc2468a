//! Checking a stored key again at its provider. Only the provider's own word makes a key invalid;
//! an answer that proves nothing is shown, and the key stays in service.

use marshmallow_core::{AuditAction, Fault, KeyId, KeyStatus, KeySummary, UserId};
use marshmallow_providers::{ProbeReport, Target};
use marshmallow_store::{CheckOutcome, KeyRecord};

use super::{Keys, schedule};
use crate::{ServiceError, audit::detail_of, models::listed};

impl Keys {
    /// Asks the provider again and keeps what it says.
    pub async fn recheck(&self, user: UserId, id: KeyId) -> Result<KeySummary, ServiceError> {
        self.in_use(user, id).await?;
        self.throttle.check(user)?;
        let (_, report) = self.check(user, id, AuditAction::KeyChecked).await?;
        self.summary_after(user, id, &report).await
    }

    /// One check, with its entry. Gives the key as it was before, and what was found.
    pub(super) async fn check(
        &self,
        user: UserId,
        id: KeyId,
        action: AuditAction,
    ) -> Result<(KeyRecord, ProbeReport), ServiceError> {
        let (record, sealed) = self.found(user, id).await?;
        let key = match self.keyring.open(user, &record, &sealed).await {
            Err(ServiceError::KeyDoesNotOpen) => {
                let detail = detail_of(&record, "check");
                let entry = self.entry(user, AuditAction::KeyDidNotOpen, id, detail);
                self.base.store.record(&entry).await?;
                return Err(ServiceError::KeyDoesNotOpen);
            }
            opened => opened?,
        };
        let target = Target {
            provider: record.provider,
            base_url: record.base_url.clone(),
        };
        let report = self.client.probe(&target, &key).await;
        drop(key);
        if let Some((_, replaced_at)) = record.replaced {
            self.watched(user, &record, replaced_at, report.diagnosis, action)
                .await?;
            return Ok((record, report));
        }
        let models = report.models.as_deref().map(listed::to_json);
        let detail = detail_of(&record, report.diagnosis.slug());
        let entry = self.entry(user, action, id, detail);
        let now = self.base.clock.now();
        let failures = schedule::failures_after(report.diagnosis, record.check_failures);
        let outcome = CheckOutcome {
            status: KeyStatus::Checked(report.diagnosis),
            models,
            credit_left: None,
            at: now,
            next_check: schedule::next_check(now, failures, self.base.random.as_ref()),
            failures,
        };
        self.base.store.record_check(user, id, &outcome, &entry).await?;
        if report.diagnosis.fault() == Fault::None {
            self.base.store.wake_key(user, id).await?;
        }
        Ok((record, report))
    }
}
