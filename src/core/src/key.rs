//! What may be told of a stored key: label, last four characters, status and times; never more.

use serde::{Deserialize, Serialize};

use crate::{Diagnosis, EndpointName, Finding, Former, KeyId, Millis, NanoDollars, Provider, Replaced, Rest};

/// The state of a key as its last check left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "diagnosis")]
pub enum KeyStatus {
    /// Never checked since it was stored.
    Unchecked,
    /// The diagnosis of the last check.
    Checked(Diagnosis),
}

impl KeyStatus {
    /// The word stored as `validation_status`.
    pub fn slug(self) -> &'static str {
        match self {
            KeyStatus::Unchecked => "unchecked",
            KeyStatus::Checked(diagnosis) => diagnosis.slug(),
        }
    }

    /// The status of a stored word; an unknown word counts as unchecked.
    pub fn from_slug(slug: &str) -> Self {
        slug.parse().map_or(KeyStatus::Unchecked, KeyStatus::Checked)
    }

    /// A word or two for a badge.
    pub fn title(self) -> &'static str {
        match self {
            KeyStatus::Unchecked => "Unchecked",
            KeyStatus::Checked(diagnosis) => diagnosis.title(),
        }
    }

    /// Whether a turn may try the key.
    pub fn may_serve(self) -> bool {
        match self {
            KeyStatus::Unchecked => true,
            KeyStatus::Checked(diagnosis) => diagnosis.may_serve(),
        }
    }
}

/// A stored key as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySummary {
    /// Its id.
    pub id: KeyId,
    /// Whose it is a key of.
    pub provider: Provider,
    /// The word before the slash of the models that it serves.
    pub endpoint: EndpointName,
    /// The only address to which it is ever sent.
    pub base_url: String,
    /// The owner's name for it; may be empty.
    pub label: String,
    /// Its last four characters.
    pub last_four: String,
    /// Whether turns may use it, by the owner's switch.
    pub is_active: bool,
    /// What the last check said.
    pub status: KeyStatus,
    /// Until when its provider asked to wait, where the check that brought this summary heard of it.
    #[serde(default)]
    pub until: Option<Millis>,
    /// How many models the endpoint listed for this key at the last check; none when it lists none.
    pub model_count: Option<u32>,
    /// Until when turns pass it over, if they do.
    pub rest: Option<Rest>,
    /// When it was stored.
    pub created_at: Millis,
    /// When a turn last used it.
    pub last_used: Option<Millis>,
    /// When it was last checked.
    pub last_validated: Option<Millis>,
    /// When its life ends, by its owner's limit; none for never.
    #[serde(default)]
    pub expires_at: Option<Millis>,
    /// Whether that moment has passed.
    #[serde(default)]
    pub is_over: bool,
    /// When it is checked next by itself; none if it is not, or is due already.
    #[serde(default)]
    pub next_check: Option<Millis>,
    /// What was left to spend at the last check, where its provider tells.
    #[serde(default)]
    pub credit_left: Option<NanoDollars>,
    /// Since when its status is what it is; none where nobody wrote it down.
    #[serde(default)]
    pub status_since: Option<Millis>,
    /// That another key took its place, if one did.
    #[serde(default)]
    pub replaced: Option<Replaced>,
    /// The key whose place it took, once that one is dead.
    #[serde(default)]
    pub former: Option<Former>,
}

impl KeySummary {
    /// What is known about it: that its life is over, or else what its last check found; none if there was none.
    pub fn finding(&self) -> Option<Finding> {
        match self.status {
            _ if self.is_over => Some(Finding::new(self.provider, Diagnosis::Lapsed)),
            KeyStatus::Unchecked => None,
            KeyStatus::Checked(diagnosis) => Some(Finding::new(self.provider, diagnosis).until(self.until)),
        }
    }
}

/// One provider's card on the keys page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderCard {
    /// The provider.
    pub provider: Provider,
    /// The address that its keys are sent to in this deployment; none for custom endpoints.
    pub base_url: Option<String>,
    /// The person's keys, in the order in which turns try them.
    pub keys: Vec<KeySummary>,
}
