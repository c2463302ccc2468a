//! The one place that turns inner errors into the error that a person sees.

use std::time::Duration;

use marshmallow_core::{Diagnosis, ErrorCode, Finding, Millis, Provider, PublicError};
use marshmallow_providers::ProviderError;
use marshmallow_store::StoreError;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A reason that the person can act on.
    #[error("{0}")]
    Refused(#[from] PublicError),
    /// The database did not do its part.
    #[error("storage: {0}")]
    Store(#[from] StoreError),
    /// A root secret is missing under which stored keys are sealed, or to which they are being moved.
    #[error(
        "the root secret is not the one under which the stored keys were sealed, or will be (needed is the one with \
         the id {stored}, given {given}); give the server the secret that belongs to this database, and during a \
         change of the root secret both"
    )]
    OtherRootSecret {
        /// The public id of the one that is missing.
        stored: String,
        /// The public ids of those that were given.
        given: String,
    },
    /// The root secrets cannot be read; the inner error says why, to the operator.
    #[error(transparent)]
    RootSecrets(crate::RootSecretsError),
    /// A stored key does not open.
    #[error("a stored key does not open")]
    KeyDoesNotOpen,
    /// The time limit that its owner set for a key has passed.
    #[error("a key's time limit has passed")]
    KeyIsOver(Provider),
    /// A fault of ours; the text names the place, never data.
    #[error("internal fault: {0}")]
    Internal(&'static str),
}

impl ServiceError {
    /// The error that a person sees. What only operators may know goes to the log.
    pub fn into_public(self) -> PublicError {
        match self {
            ServiceError::Refused(public) => public,
            ServiceError::Store(error) => {
                tracing::error!(%error, "storage failed");
                storage_error(&error)
            }
            ServiceError::KeyDoesNotOpen => key_does_not_open(),
            ServiceError::KeyIsOver(provider) => PublicError::provider(provider, Diagnosis::Lapsed),
            fault @ (ServiceError::Internal(_)
            | ServiceError::OtherRootSecret { .. }
            | ServiceError::RootSecrets(_)) => {
                tracing::error!(%fault, "internal fault");
                PublicError::new(
                    ErrorCode::Internal,
                    "Something went wrong on this server.",
                    "Try again; if it happens again, tell your administrator.",
                )
            }
        }
    }
}

/// The moment at which a wait that begins `now` is over.
pub(crate) fn moment_after(now: Millis, wait: Duration) -> Millis {
    now.plus(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

/// What a person reads when a provider failed a call at `now`.
pub(crate) fn provider_error(provider: Provider, error: &ProviderError, now: Millis) -> PublicError {
    let until = error.retry_after.map(|wait| moment_after(now, wait));
    PublicError::found(Finding::new(provider, error.diagnosis).until(until))
}

/// What a person reads when the database does not do its part.
pub(crate) fn storage_error(error: &StoreError) -> PublicError {
    match error {
        StoreError::Full => PublicError::new(
            ErrorCode::Storage,
            "This server's disk is full, so nothing new can be stored.",
            "Your text is still here. Tell your administrator, then try again.",
        ),
        StoreError::Busy => PublicError::new(
            ErrorCode::Storage,
            "The database is busy right now.",
            "Your text is still here. Try again in a few seconds.",
        ),
        _ => PublicError::new(
            ErrorCode::Storage,
            "The database cannot be reached right now.",
            "Your text is still here. Try again in a minute, or tell your administrator.",
        ),
    }
}

/// What a person reads when a stored key does not open.
pub(crate) fn key_does_not_open() -> PublicError {
    PublicError::new(
        ErrorCode::KeyDoesNotOpen,
        "Your stored key does not open: its record was changed, or it was sealed under another root secret.",
        "Nothing was sent and no other key was used. Remove this key and add it again.",
    )
}
