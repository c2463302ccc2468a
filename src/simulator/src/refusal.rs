//! Why the simulator refuses a request, before a wire format turns that into its own status and body.

use crate::directive::{Directive, Kind};

/// The reasons that providers know, whatever they call them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    MissingKey,
    InvalidKey(String),
    /// An invalid key that the error body repeats in full.
    EchoedKey(String),
    ExpiredKey,
    /// A key that administers other keys and cannot chat.
    ManagementKey,
    /// A live key that may not do this.
    Restricted,
    /// The same, told in the plainest of the shapes that the provider is known for.
    RestrictedPlain,
    Forbidden,
    NoCredit,
    SpendCap,
    RateLimited,
    Region,
    PaymentRequired,
    Internal,
    Unavailable,
    Overloaded,
    UnknownModel(String),
    /// A known model that does something else, such as embeddings.
    NotAChatModel(String),
    Bad(Complaint),
    /// Method and path that the provider does not have.
    NoSuchPath(String),
}

/// What is wrong with the shape of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    pub message: String,
    pub param: Option<String>,
    pub code: Option<&'static str>,
}

impl Complaint {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            param: None,
            code: None,
        }
    }

    pub fn about(message: impl Into<String>, param: impl Into<String>, code: &'static str) -> Self {
        Self {
            message: message.into(),
            param: Some(param.into()),
            code: Some(code),
        }
    }
}

impl From<Complaint> for Reason {
    fn from(complaint: Complaint) -> Self {
        Self::Bad(complaint)
    }
}

/// A reason with what overrides the provider's habit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub reason: Reason,
    /// Instead of the status that the provider has for this reason.
    pub status: Option<u16>,
    /// Seconds until another attempt makes sense.
    pub retry_after: Option<u64>,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            status: None,
            retry_after: None,
        }
    }
}

impl Refusal {
    /// The refusal that a directive asks for, if it asks for one.
    pub fn directed(directive: &Directive, key: Option<&str>, model: &str) -> Option<Self> {
        let status = directive.status?;
        let reason = match status {
            _ if directive.kind == Some(Kind::InsufficientQuota) => Reason::NoCredit,
            401 => Reason::InvalidKey(key.unwrap_or_default().to_owned()),
            402 => Reason::PaymentRequired,
            403 => Reason::Forbidden,
            404 => Reason::UnknownModel(model.to_owned()),
            429 => Reason::RateLimited,
            503 => Reason::Unavailable,
            529 => Reason::Overloaded,
            500.. => Reason::Internal,
            _ => Complaint::new("The request was refused as directed.").into(),
        };
        Some(Self {
            reason,
            status: Some(status),
            retry_after: directive.retry_after,
        })
    }
}
