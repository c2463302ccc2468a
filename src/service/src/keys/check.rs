//! Checking a stored key again at its provider: on demand, and by the schedule. Only the provider's own word makes a key
//! invalid; an answer that proves nothing is shown, and the key stays in service, or out of it.

use marshmallow_core::{
    AuditAction, Diagnosis, Fault, Finding, KeyId, KeyStatus, KeySummary, Proof, PublicError, UserId,
    next_watch,
};
use marshmallow_providers::{ProbeReport, Target};
use marshmallow_store::{CheckOutcome, KeyRecord};

use super::{Keys, schedule};
use crate::{
    ServiceError,
    audit::detail_of,
    error::{key_does_not_open, moment_after},
    models::listed,
};

impl Keys {
    /// Asks the provider again and keeps what it says.
    pub async fn recheck(&self, user: UserId, id: KeyId) -> Result<KeySummary, ServiceError> {
        self.in_use(user, id).await?;
        self.throttle.check(user)?;
        let (before, report) = self.check(user, id, AuditAction::KeyChecked).await?;
        if !before.status.may_serve() && !report.diagnosis.is_answer() {
            // The row goes on telling what is known, so the person reads here that nothing was found out.
            let now = self.base.clock.now();
            let until = report.retry_after.map(|wait| moment_after(now, wait));
            let finding = Finding::new(before.provider, report.diagnosis).until(until);
            return Err(PublicError::found(finding).into());
        }
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
                if let Some((_, replaced_at)) = record.replaced {
                    // Nobody can ask about it any more; its watch only runs out.
                    let next = next_watch(replaced_at, self.base.clock.now(), Proof::Nothing);
                    self.base.store.schedule_check(user, id, next).await?;
                    return Err(key_does_not_open().into());
                }
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
        let detail = detail_of(&record, report.diagnosis.slug());
        let entry = self.entry(user, action, id, detail);
        let now = self.base.clock.now();
        let failures = schedule::failures_after(report.diagnosis, record.check_failures);
        let outcome = CheckOutcome {
            status: status_after(record.status, report.diagnosis),
            models: report.models.as_deref().map(listed::to_json),
            credit_left: report.credit_left,
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

/// The status of a key after a check. What proves nothing does not take the provider's word back that a key is invalid:
/// chats would try it again.
fn status_after(before: KeyStatus, found: Diagnosis) -> KeyStatus {
    if found.is_answer() || before.may_serve() {
        KeyStatus::Checked(found)
    } else {
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_check_puts_no_refused_key_back_into_service() {
        use Diagnosis::{Expired, Invalid, NoCredit, ProviderDown, Unreachable, Valid};
        for (before, found, after) in [
            (Valid, Unreachable, Unreachable),
            (Valid, Invalid, Invalid),
            (Unreachable, ProviderDown, ProviderDown),
            (Invalid, Unreachable, Invalid),
            (Expired, ProviderDown, Expired),
            (Invalid, Valid, Valid),
            (Invalid, NoCredit, NoCredit),
        ] {
            let status = status_after(KeyStatus::Checked(before), found);
            assert_eq!(status, KeyStatus::Checked(after), "{before:?} {found:?}");
        }
    }
}
