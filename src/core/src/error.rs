//! The error that a person sees: a stable code, what happened, and what to do next.
//! It never carries a key, a provider's body or an inner error's text.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Diagnosis, Finding, Provider};

/// What a caller can decide on. The serialised word is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Nobody is signed in.
    SignInNeeded,
    /// Signed in, but not allowed.
    Forbidden,
    /// Not there, or somebody else's: the answer is the same.
    NotFound,
    /// Something typed is not acceptable.
    InvalidInput,
    /// E-mail and password do not fit.
    WrongCredentials,
    /// Too many attempts.
    TooManyAttempts,
    /// Registration is closed, or the invitation is not valid.
    RegistrationRefused,
    /// The key was not accepted for storing.
    KeyRefused,
    /// The same key is already stored.
    KeyDuplicate,
    /// A stored key does not open. Never a reason to fall back.
    KeyDoesNotOpen,
    /// No credential can serve this model.
    NoCredential,
    /// The provider's answer to a turn; the diagnosis says which.
    Provider(Diagnosis),
    /// A budget does not hold what was asked for.
    Budget,
    /// The answer is already being written.
    Busy,
    /// The database is locked, full or gone.
    Storage,
    /// The connection between browser and server failed.
    Connection,
    /// A fault of ours.
    Internal,
}

/// The error itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct PublicError {
    /// What a caller can decide on.
    pub code: ErrorCode,
    /// What happened, in the person's words.
    pub message: String,
    /// What to do next.
    pub next_step: String,
    /// What was found about a key or a turn, where that is the reason: its link and its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
}

impl PublicError {
    /// An error in given words.
    pub fn new(code: ErrorCode, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            next_step: next_step.into(),
            finding: None,
        }
    }

    /// Something typed is not acceptable.
    pub fn invalid(message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidInput, message, next_step)
    }

    /// Not there, or somebody else's.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            ErrorCode::NotFound,
            format!("This {what} does not exist."),
            "Go back and choose another one.",
        )
    }

    /// Nobody is signed in.
    pub fn sign_in_needed() -> Self {
        Self::new(
            ErrorCode::SignInNeeded,
            "You are not signed in.",
            "Sign in and try again.",
        )
    }

    /// Signed in, but not allowed.
    pub fn forbidden() -> Self {
        Self::new(
            ErrorCode::Forbidden,
            "Your account may not do this.",
            "Ask your administrator.",
        )
    }

    /// A provider's answer, in the words of its diagnosis.
    pub fn provider(provider: Provider, diagnosis: Diagnosis) -> Self {
        Self::found(Finding::new(provider, diagnosis))
    }

    /// What was found when a turn failed.
    pub fn found(finding: Finding) -> Self {
        Self {
            finding: Some(finding),
            ..Self::new(
                ErrorCode::Provider(finding.diagnosis),
                finding.meaning(),
                finding.next_step(),
            )
        }
    }

    /// A key that was not stored for what was found about it.
    pub fn key_refused(finding: Finding) -> Self {
        Self {
            finding: Some(finding),
            ..Self::new(
                ErrorCode::KeyRefused,
                format!("{} It was not stored.", finding.meaning()),
                finding.next_step(),
            )
        }
    }

    /// The HTTP status that fits (RFC 9110, section 15).
    pub fn http_status(&self) -> u16 {
        match self.code {
            ErrorCode::SignInNeeded | ErrorCode::WrongCredentials => 401,
            ErrorCode::Forbidden | ErrorCode::RegistrationRefused => 403,
            ErrorCode::NotFound => 404,
            ErrorCode::KeyDuplicate | ErrorCode::Busy => 409,
            ErrorCode::InvalidInput | ErrorCode::KeyRefused | ErrorCode::NoCredential | ErrorCode::Budget => {
                422
            }
            ErrorCode::Provider(Diagnosis::Lapsed) => 422,
            ErrorCode::TooManyAttempts => 429,
            ErrorCode::KeyDoesNotOpen | ErrorCode::Internal => 500,
            ErrorCode::Provider(_) | ErrorCode::Connection => 502,
            ErrorCode::Storage => 503,
        }
    }
}

impl fmt::Display for PublicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.message, self.next_step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Millis;

    #[test]
    fn errors_stored_before_findings_existed_are_still_read() {
        let old = r#"{"code":{"provider":"no_credit"},"message":"m","next_step":"n"}"#;
        let error: PublicError = serde_json::from_str(old).unwrap();
        assert_eq!(error.finding, None);
        assert_eq!(serde_json::to_string(&error).unwrap(), old);
    }

    #[test]
    fn a_found_error_carries_its_time() {
        let finding = Finding::new(Provider::OpenAi, Diagnosis::RateLimited).until(Some(Millis(7)));
        let error = PublicError::found(finding);
        let again: PublicError = serde_json::from_str(&serde_json::to_string(&error).unwrap()).unwrap();
        assert_eq!(again.finding.and_then(|finding| finding.until), Some(Millis(7)));
        assert_eq!(again.message, Diagnosis::RateLimited.meaning(Provider::OpenAi));
    }
}
