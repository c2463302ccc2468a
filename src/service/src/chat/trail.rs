//! What the audit trail is told of the keys at work in one answer: which served, which were passed over, which
//! failed. Pure; the entries are stored together with the answer.

use marshmallow_core::{
    AuditAction, AuditDetail, CredentialLabel, Diagnosis, ErrorCode, Fallback, MessageId, MessageStatus,
    Millis, ModelId, PublicError, UserId,
};
use marshmallow_store::AuditEntry;

use crate::audit;

/// An answer that has ended.
pub struct Ended<'a> {
    pub user: UserId,
    pub message: MessageId,
    pub model: &'a ModelId,
    pub at: Millis,
    /// The credential that served, or was tried last.
    pub credential: Option<&'a CredentialLabel>,
    /// Whether its provider accepted the call.
    pub was_accepted: bool,
    /// The credentials that were passed over before.
    pub fallbacks: &'a [Fallback],
    pub status: MessageStatus,
    pub error: Option<&'a PublicError>,
}

impl Ended<'_> {
    /// The entries, in the order in which it happened.
    pub fn entries(&self) -> Vec<AuditEntry> {
        let mut entries: Vec<AuditEntry> = self
            .fallbacks
            .iter()
            .map(|fallback| self.entry(AuditAction::KeyFellBack, &fallback.from, fallback.because.slug()))
            .collect();
        let diagnosis = match self.error.map(|error| error.code) {
            Some(ErrorCode::Provider(diagnosis)) => Some(diagnosis),
            _ => None,
        };
        if let Some(credential) = self.credential {
            if self.was_accepted {
                let said = diagnosis.map_or(self.status.slug(), Diagnosis::slug);
                entries.push(self.entry(AuditAction::KeyUsed, credential, said));
            } else if let Some(diagnosis) = diagnosis {
                entries.push(self.entry(AuditAction::KeyUseFailed, credential, diagnosis.slug()));
            }
        }
        entries
    }

    fn entry(&self, action: AuditAction, credential: &CredentialLabel, said: &str) -> AuditEntry {
        let detail = AuditDetail {
            model: Some(self.model.clone()),
            message: Some(self.message),
            ..audit::detail_of_credential(credential, said)
        };
        AuditEntry {
            at: self.at,
            user: Some(self.user),
            action,
            subject: credential.key.map(|key| key.to_string()),
            detail: detail.to_json(),
        }
    }
}
