//! The one error of a call to a provider. Its variants are the diagnoses of `core`: they are what a
//! caller decides on. The provider's own words travel beside them, redacted, and never in `Display`.

use std::time::Duration;

use marshmallow_core::Diagnosis;

use crate::{hints::Hints, redact::Redactor};

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{diagnosis}")]
pub struct ProviderError {
    /// What the answer means.
    pub diagnosis: Diagnosis,
    /// The HTTP status, if there was an answer at all.
    pub status: Option<u16>,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
    /// The provider's own message, or ours where none arrived: redacted, at most 300 characters.
    pub detail: String,
    /// The provider's own id of the call.
    pub request_id: Option<String>,
}

impl ProviderError {
    /// An error that this crate found by itself.
    pub(crate) fn ours(diagnosis: Diagnosis, detail: &str) -> Self {
        Self {
            diagnosis,
            status: None,
            retry_after: None,
            detail: detail.to_owned(),
            request_id: None,
        }
    }

    /// Adds what the answer's status line and headers told.
    pub(crate) fn with_hints(self, status: u16, hints: Hints) -> Self {
        Self {
            status: Some(status),
            retry_after: self.retry_after.or(hints.retry_after),
            request_id: hints.request_id,
            ..self
        }
    }

    /// Takes the key, and whatever looks like one, out of all foreign text.
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        Self {
            detail: redactor.detail(&self.detail),
            request_id: self.request_id.map(|id| redactor.label(&id)),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_holds_nothing_of_the_providers_words() {
        let error = ProviderError::ours(Diagnosis::NoCredit, "sk-proj-echoed and the whole prompt");
        assert_eq!(error.to_string(), "No credit");
    }
}
