//! Whose key serves a turn, why it was another than expected, and the receipt that says so.

use serde::{Deserialize, Serialize};

use crate::{Cost, Diagnosis, KeyId, ModelId, Provider, StopReason, Usage};

/// Whose key it is: the one idea that has one colour, icon and word everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// The person's own key for the model's provider.
    Own,
    /// The person's own OpenRouter key, serving another provider's model.
    OpenRouter,
    /// A key that the administrator configured for everyone.
    Platform,
}

impl CredentialKind {
    /// The word stored in the database.
    pub fn slug(self) -> &'static str {
        match self {
            CredentialKind::Own => "own",
            CredentialKind::OpenRouter => "openrouter",
            CredentialKind::Platform => "platform",
        }
    }

    /// The word that people read.
    pub fn title(self) -> &'static str {
        match self {
            CredentialKind::Own => "Your key",
            CredentialKind::OpenRouter => "Your OpenRouter key",
            CredentialKind::Platform => "Platform",
        }
    }
}

/// A credential as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialLabel {
    /// Whose it is.
    pub kind: CredentialKind,
    /// The provider that is called with it.
    pub provider: Provider,
    /// The owner's name for it; empty for the platform's.
    pub label: String,
    /// Its last four characters; empty for the platform's.
    pub last_four: String,
    /// The stored key; none for the platform's.
    pub key: Option<KeyId>,
}

/// Why another credential than the first choice served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// The credential that could not serve.
    pub from: CredentialLabel,
    /// What its provider said.
    pub because: Diagnosis,
}

/// The record on an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who paid.
    pub credential: CredentialLabel,
    /// The model that was asked for.
    pub model: ModelId,
    /// Tokens.
    pub usage: Usage,
    /// What it cost.
    pub cost: Cost,
    /// Credentials that failed before this one was tried, in order.
    pub fallbacks: Vec<Fallback>,
    /// Why this one, tried last, failed too; none where it served.
    #[serde(default)]
    pub failure: Option<Diagnosis>,
    /// Why the answer ended; none when it was cut.
    pub stop: Option<StopReason>,
    /// Milliseconds from the request to the first piece of text; none when there was none.
    pub ttft_ms: Option<u32>,
    /// Milliseconds from the request to the end.
    pub duration_ms: u32,
    /// The provider's own id of the call, for its support.
    pub request_id: Option<String>,
}
