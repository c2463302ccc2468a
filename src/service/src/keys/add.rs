//! Adding a key: recognise, probe, seal, open again, then one transaction with its audit entry.
//! No step stores anything before the last.

use marshmallow_core::{
    ApiKey, ApiKeyError, AuditAction, AuditDetail, Diagnosis, ErrorCode, KeyId, KeyStatus, KeySummary,
    LIMITS, Provider, PublicError, UserId,
};
use marshmallow_providers::{ProbeReport, Target};
use marshmallow_store::{AddKeyError, NewKey};

use super::{KeyPlace, Keys};
use crate::{ServiceError, keyring::to_sealed, models::listed};

impl Keys {
    /// Validates a key at its provider, seals it and stores it. `typed` is the outcome of reading the field.
    pub async fn add(
        &self,
        user: UserId,
        place: KeyPlace,
        typed: Result<ApiKey, ApiKeyError>,
    ) -> Result<KeySummary, ServiceError> {
        let key = typed.map_err(unreadable)?;
        let place = place.check(key.expose_secret(), &self.base.config)?;
        self.throttle.check(user)?;

        let key_hash = self
            .keyring
            .fingerprint(user, place.provider, &place.base_url, &key);
        if self.base.store.has_key_hash(user, &key_hash).await? {
            return Err(duplicate().into());
        }

        let target = Target {
            provider: place.provider,
            base_url: place.base_url,
        };
        let report = self.client.probe(&target, &key).await;
        let id = KeyId::make(self.base.clock.now(), self.base.random.as_ref());
        let detail = AuditDetail {
            provider: Some(place.provider),
            label: (!place.label.is_empty()).then(|| place.label.clone()),
            last_four: Some(key.last_four()),
            ..AuditDetail::saying(report.diagnosis.slug())
        };
        if !report.diagnosis.may_be_stored() {
            let detail = AuditDetail {
                // What was refused may be no key of this provider at all, so not even its end is kept.
                last_four: None,
                ..detail
            };
            let entry = self.entry(user, AuditAction::KeyRefused, id, detail);
            self.base.store.record(&entry).await?;
            return Err(refusal(place.provider, &report).into());
        }

        let envelope = self
            .keyring
            .seal(user, id, target.provider, &target.base_url, &key)
            .await?;
        let now = self.base.clock.now();
        let new = NewKey {
            id,
            user,
            provider: target.provider,
            endpoint: place.endpoint,
            base_url: target.base_url,
            label: place.label,
            last_four: key.last_four(),
            sealed: to_sealed(envelope),
            key_hash,
            status: KeyStatus::Checked(report.diagnosis),
            models: report.models.as_deref().map(listed::to_json),
            created_at: now,
            last_validated: Some(now),
        };
        let entry = self.entry(user, AuditAction::KeyAdded, id, detail);
        self.base
            .store
            .add_key(&new, LIMITS.keys_per_user, &entry)
            .await
            .map_err(|error| match error {
                AddKeyError::Duplicate => duplicate().into(),
                AddKeyError::TooMany => PublicError::new(
                    ErrorCode::KeyRefused,
                    format!("You have stored {} keys already.", LIMITS.keys_per_user),
                    "Remove one that you no longer use.",
                )
                .into(),
                AddKeyError::Store(inner) => ServiceError::from(inner),
            })?;
        self.summary_of(user, id).await
    }
}

fn unreadable(error: ApiKeyError) -> PublicError {
    let next_step = match error {
        ApiKeyError::Empty => "Paste the key into the field.",
        ApiKeyError::InnerSpace => "Copy the key again, in one piece and without anything around it.",
        ApiKeyError::TooShort => "Copy the whole key from the provider's page.",
        ApiKeyError::TooLong => "Copy the key alone, without other text.",
        ApiKeyError::NotAscii => "Copy the key again from the provider's page.",
    };
    let text = error.to_string();
    let mut letters = text.chars();
    let message = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect::<String>() + ".");
    PublicError::new(ErrorCode::KeyRefused, message.unwrap_or_default(), next_step)
}

fn refusal(provider: Provider, report: &ProbeReport) -> PublicError {
    let diagnosis: Diagnosis = report.diagnosis;
    PublicError::new(
        ErrorCode::KeyRefused,
        format!("{} It was not stored.", diagnosis.meaning(provider)),
        diagnosis.next_step(provider),
    )
}

fn duplicate() -> PublicError {
    PublicError::new(
        ErrorCode::KeyDuplicate,
        "You have stored this key already.",
        "Look for it in the list; the last four characters are shown there.",
    )
}
