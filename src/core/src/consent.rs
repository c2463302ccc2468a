//! Consent to a fallback: who may pay when a person's own keys cannot, and the question that a paused answer asks.
//! Pure: who waits for an answer, and how, is known elsewhere.

use serde::{Deserialize, Serialize};

use crate::{CredentialLabel, Fallback, Millis, NanoDollars};

/// What happens when a person's own keys cannot serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FallbackPolicy {
    /// The answer stops and says why.
    Never,
    /// The answer pauses and asks.
    Ask,
    /// The platform takes over and says so.
    Automatic,
}

impl FallbackPolicy {
    /// All policies.
    pub const ALL: [FallbackPolicy; 3] = [
        FallbackPolicy::Never,
        FallbackPolicy::Ask,
        FallbackPolicy::Automatic,
    ];

    /// The word stored in the database.
    pub fn slug(self) -> &'static str {
        match self {
            FallbackPolicy::Never => "never",
            FallbackPolicy::Ask => "ask",
            FallbackPolicy::Automatic => "automatic",
        }
    }

    /// The policy of a stored or sent word.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.slug() == slug)
    }

    /// What it does, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            FallbackPolicy::Never => "Stop and say why",
            FallbackPolicy::Ask => "Ask me, with the price",
            FallbackPolicy::Automatic => "Let the platform take over",
        }
    }
}

/// A policy with its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FallbackRule {
    /// The policy.
    pub policy: FallbackPolicy,
    /// What may be taken over automatically in a day (UTC); none for no bound of one's own.
    pub day: Option<NanoDollars>,
}

/// The administrator's terms for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformTerms {
    /// The rule of people who set none.
    pub rule: FallbackRule,
    /// What the platform pays for each person in a day (UTC); none for no bound.
    pub grant: Option<NanoDollars>,
}

/// A person's rule, and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FallbackSettings {
    /// The rule in force.
    pub rule: FallbackRule,
    /// Whether the person set it; else it is the administrator's.
    pub is_own: bool,
    /// What the platform pays for them in a day; none for no bound.
    pub grant: Option<NanoDollars>,
}

/// The question of a paused answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The credentials that could not serve, in order.
    pub failed: Vec<Fallback>,
    /// What can be chosen.
    pub options: Vec<ConsentOption>,
    /// When the answer ends unless somebody has chosen.
    pub until: Millis,
}

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "choice", rename_all = "snake_case")]
pub enum ConsentOption {
    /// To wait until a key is free again.
    Wait {
        /// The key.
        credential: CredentialLabel,
        /// When it is.
        until: Millis,
    },
    /// To let another credential pay.
    Use {
        /// The credential.
        credential: CredentialLabel,
        /// About what it would cost; none where the price is unknown.
        about: Option<NanoDollars>,
        /// What it costs at the most.
        at_most: Option<NanoDollars>,
    },
}

/// Why an answer stands still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "pause", rename_all = "snake_case")]
pub enum Pause {
    /// It asks.
    Asking {
        /// The question.
        consent: Consent,
    },
    /// It waits until a key is free again.
    Waiting {
        /// The key.
        credential: CredentialLabel,
        /// When it is.
        until: Millis,
    },
}
