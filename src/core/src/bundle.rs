//! What the browser learns of a bundle of keys that was opened for review, and what its owner chooses of it.
//! No key stands in any of these.

use serde::{Deserialize, Serialize};

use crate::{Millis, Provider, PublicError};

/// What is inside a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleReview {
    /// When it was made.
    pub made_at: Millis,
    /// Its keys, in their order.
    pub keys: Vec<BundleRow>,
}

/// One key of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleRow {
    /// Its place in the bundle, from 0 on.
    pub number: usize,
    /// Whose key it is, if this version knows the provider.
    pub provider: Option<Provider>,
    /// The owner's name for it.
    pub label: String,
    /// Its last four characters; empty where it cannot be a key.
    pub last_four: String,
    /// For custom endpoints: the only address to which it is sent.
    pub base_url: Option<String>,
    /// Whether turns could use it where it comes from.
    pub is_active: bool,
    /// From when on its owner does not want it to be used any more.
    pub expires_at: Option<Millis>,
    /// Whether it can be stored.
    pub state: BundleRowState,
}

/// Whether a key of a bundle can be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BundleRowState {
    /// It is not stored yet.
    New,
    /// Its owner has stored it already, under this name and switched on or off.
    Stored {
        /// The name here.
        label: String,
        /// Whether turns use it here.
        is_active: bool,
    },
    /// It cannot be stored here, and this is why.
    Refused(PublicError),
}

/// What shall happen to one key of a bundle. A key that is not chosen is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleChoice {
    /// Its place in the bundle.
    pub number: usize,
    /// What shall happen.
    pub step: BundleStep,
}

/// What can happen to a key of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BundleStep {
    /// It is checked and stored.
    Add,
    /// The same key, which is stored already, takes its label and whether it is on from the bundle.
    TakeSettings,
}

/// What became of one key of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleOutcome<T> {
    /// Its place in the bundle.
    pub number: usize,
    /// What became of it.
    pub outcome: Result<T, PublicError>,
}
