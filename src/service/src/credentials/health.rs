//! What calls tell about the key that made them: a success ends its rest, a limit or a fault may begin one, and
//! only the provider's own word on the key changes its status. It refuses to fail a turn over its book-keeping.

use marshmallow_core::{AuditAction, Diagnosis, KeyId, KeyStatus, Rest, TRIAL_MS, UserId};
use marshmallow_providers::ProviderError;
use marshmallow_store::{AuditEntry, StoreError};

use super::{Candidate, Credentials};
use crate::audit;

impl Credentials {
    /// Whether a candidate may be tried now. After its rest one turn tries it, on whichever server; the others pass
    /// it over as if it still rested.
    pub async fn may_try(&self, user: UserId, candidate: &Candidate) -> bool {
        let (Some(id), Some(rest)) = (candidate.label.key, candidate.rested) else {
            return true;
        };
        let now = self.base.clock.now();
        if rest.is_on(now) {
            // Nothing else can serve, which is why it is here at all.
            return true;
        }
        let until = now.plus(TRIAL_MS);
        self.base
            .store
            .take_key_trial(user, id, rest.until, until)
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "a rested key could not be taken for a try");
                true
            })
    }

    /// A call with the candidate was answered.
    pub async fn worked(&self, user: UserId, candidate: &Candidate) {
        let has_a_past = candidate.failures > 0 || candidate.rested.is_some();
        let Some(id) = candidate.label.key.filter(|_| has_a_past) else {
            return;
        };
        // The trial's own rest is over with its success.
        if let Err(error) = self.base.store.wake_key(user, id).await {
            tracing::warn!(%error, "a key's rest could not be ended");
        }
    }

    /// A call with the candidate failed before its first word.
    pub async fn failed(&self, user: UserId, candidate: &Candidate, error: &ProviderError) {
        let Some(id) = candidate.label.key else { return };
        let outcome = match error.diagnosis {
            Diagnosis::Invalid | Diagnosis::Expired => self.mark(user, id, candidate, error.diagnosis).await,
            _ => self.let_rest(user, id, error).await,
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "a failed key could not be marked");
        }
    }

    async fn mark(
        &self,
        user: UserId,
        id: KeyId,
        candidate: &Candidate,
        diagnosis: Diagnosis,
    ) -> Result<(), StoreError> {
        let now = self.base.clock.now();
        let entry = AuditEntry {
            at: now,
            user: Some(user),
            action: AuditAction::KeyFailedInChat,
            subject: Some(id.to_string()),
            detail: audit::detail_of_credential(&candidate.label, diagnosis.slug()).to_json(),
        };
        let status = KeyStatus::Checked(diagnosis);
        self.base.store.mark_key(user, id, status, now, &entry).await?;
        Ok(())
    }

    async fn let_rest(&self, user: UserId, id: KeyId, error: &ProviderError) -> Result<(), StoreError> {
        let store = &self.base.store;
        let failures = match error.diagnosis {
            Diagnosis::RateLimited => Some(0),
            _ => store.count_key_failure(user, id).await?,
        };
        let told = error
            .retry_after
            .and_then(|wait| i64::try_from(wait.as_millis()).ok());
        let now = self.base.clock.now();
        let rest = failures.and_then(|failures| Rest::after(error.diagnosis, failures, told, now));
        match rest {
            Some(rest) => store.rest_key(user, id, rest).await,
            None => Ok(()),
        }
    }
}
