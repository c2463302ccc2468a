//! Adding a key: recognise, probe, seal, open again, then one transaction with its audit entry.
//! No step stores anything before the last.

use marshmallow_core::{
    ApiKey, ApiKeyError, AuditAction, AuditDetail, ErrorCode, Finding, KeyId, KeyLife, KeyStatus, KeySummary,
    LIMITS, PublicError, UserId,
};
use marshmallow_providers::{ProbeReport, Target};
use marshmallow_store::{AddKeyError, AuditEntry, NewKey, StoreError};

use super::{KeyPlace, Keys, place::CheckedPlace, schedule};
use crate::{ServiceError, models::listed};

/// A key that its provider did not refuse, sealed and ready to be stored.
pub(super) struct Checked {
    pub new: NewKey,
    pub report: ProbeReport,
    /// What the audit trail is told when it is stored.
    pub entry: AuditEntry,
}

impl Keys {
    /// Validates a key at its provider, seals it and stores it. `typed` is the outcome of reading the field.
    pub async fn add(
        &self,
        user: UserId,
        place: KeyPlace,
        typed: Result<ApiKey, ApiKeyError>,
    ) -> Result<KeySummary, ServiceError> {
        let key = typed.map_err(unreadable)?;
        let life = place.life;
        let place = place.check(key.expose_secret(), &self.base.config)?;
        self.throttle.check(user)?;
        // Judged before anything is sent, and once more from the moment at which the key is stored.
        self.end_of(life).await?;

        if self.is_stored(user, &place, &key).await? {
            return Err(duplicate().into());
        }
        let Checked {
            mut new,
            report,
            entry,
        } = self.checked(user, place, life, &key).await?;
        let mut stored = self.base.store.add_key(&new, LIMITS.keys_per_user, &entry).await;
        if let Err(AddKeyError::Store(StoreError::RootReplaced)) = stored {
            self.seal_again(&mut new, &key).await?;
            stored = self.base.store.add_key(&new, LIMITS.keys_per_user, &entry).await;
        }
        stored.map_err(|error| match error {
            AddKeyError::Duplicate => duplicate().into(),
            AddKeyError::TooMany => too_many(),
            AddKeyError::Store(inner) => ServiceError::from(inner),
        })?;
        self.summary_after(user, new.id, &report).await
    }

    /// Asks the provider about a key, and seals it unless it is refused; a refusal is on record afterwards.
    pub(super) async fn checked(
        &self,
        user: UserId,
        place: CheckedPlace,
        life: KeyLife,
        key: &ApiKey,
    ) -> Result<Checked, ServiceError> {
        let target = Target {
            provider: place.provider,
            base_url: place.base_url,
        };
        let report = self.client.probe(&target, key).await;
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
            let finding = Finding::new(place.provider, report.diagnosis);
            return Err(PublicError::key_refused(finding).into());
        }

        let sealed = self
            .keyring
            .seal(user, id, target.provider, &target.base_url, key)
            .await?;
        let expires_at = self.end_of(life).await?;
        let now = self.base.clock.now();
        let random = self.base.random.as_ref();
        let check_failures = schedule::failures_after(report.diagnosis, 0);
        let new = NewKey {
            id,
            user,
            provider: target.provider,
            endpoint: place.endpoint,
            base_url: target.base_url,
            label: place.label,
            last_four: key.last_four(),
            sealed: sealed.sealed,
            key_hash: sealed.key_hash,
            status: KeyStatus::Checked(report.diagnosis),
            models: report.models.as_deref().map(listed::to_json),
            created_at: now,
            last_validated: Some(now),
            expires_at,
            next_check: schedule::next_check(now, check_failures, random),
            check_failures,
            credit_left: report.credit_left,
        };
        let entry = self.entry(user, AuditAction::KeyAdded, id, detail);
        Ok(Checked { new, report, entry })
    }

    /// Seals a key under the present root secret: it was replaced since the key was sealed.
    pub(super) async fn seal_again(&self, new: &mut NewKey, key: &ApiKey) -> Result<(), ServiceError> {
        let sealed = self
            .keyring
            .seal(new.user, new.id, new.provider, &new.base_url, key)
            .await?;
        (new.sealed, new.key_hash) = (sealed.sealed, sealed.key_hash);
        Ok(())
    }
}

pub(super) fn unreadable(error: ApiKeyError) -> PublicError {
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

pub(super) fn too_many() -> ServiceError {
    PublicError::new(
        ErrorCode::KeyRefused,
        format!("You have stored {} keys already.", LIMITS.keys_per_user),
        "Remove one that you no longer use.",
    )
    .into()
}

pub(super) fn duplicate() -> PublicError {
    PublicError::new(
        ErrorCode::KeyDuplicate,
        "You have stored this key already.",
        "Look for it in the list; the last four characters are shown there.",
    )
}
