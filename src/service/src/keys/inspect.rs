//! Looking at a key before its owner decides: recognised, searched for among the stored ones, and asked about at
//! its provider. Nothing of it is stored but the audit entry that says that it was looked at.

use marshmallow_core::{
    ApiKey, ApiKeyError, AuditAction, AuditDetail, Finding, KeyId, KeyInspection, UserId,
};
use marshmallow_providers::Target;

use super::{KeyPlace, Keys, add::unreadable};
use crate::{ServiceError, error::moment_after};

impl Keys {
    /// What is found about a key. One that is stored already is not asked about.
    pub async fn inspect(
        &self,
        user: UserId,
        place: KeyPlace,
        typed: Result<ApiKey, ApiKeyError>,
    ) -> Result<KeyInspection, ServiceError> {
        let key = typed.map_err(unreadable)?;
        let place = place.check(key.expose_secret(), &self.base.config)?;
        self.throttle.check(user)?;
        let mut inspection = KeyInspection {
            provider: place.provider,
            last_four: key.last_four(),
            finding: None,
            model_count: None,
        };
        if self.is_stored(user, &place, &key).await? {
            return Ok(inspection);
        }
        let target = Target {
            provider: place.provider,
            base_url: place.base_url,
        };
        let report = self.client.probe(&target, &key).await;
        let now = self.base.clock.now();
        let id = KeyId::make(now, self.base.random.as_ref());
        let detail = AuditDetail {
            provider: Some(place.provider),
            ..AuditDetail::saying(report.diagnosis.slug())
        };
        let entry = self.entry(user, AuditAction::KeyInspected, id, detail);
        self.base.store.record(&entry).await?;
        let until = report.retry_after.map(|wait| moment_after(now, wait));
        inspection.finding = Some(Finding::new(place.provider, report.diagnosis).until(until));
        inspection.model_count = report.models.and_then(|models| u32::try_from(models.len()).ok());
        Ok(inspection)
    }
}
