//! What was found about a key that nobody has stored yet. It never holds the key.

use serde::{Deserialize, Serialize};

use crate::{Finding, Provider};

/// A key as it was found, before its owner decides whether to store it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInspection {
    /// Whose it is a key of.
    pub provider: Provider,
    /// Its last four characters.
    pub last_four: String,
    /// What its provider said; none for one that is stored already, which is not asked about again.
    pub finding: Option<Finding>,
    /// How many models its endpoint listed.
    pub model_count: Option<u32>,
}

impl KeyInspection {
    /// Whether it is worth storing: new, and not proven useless.
    pub fn may_be_stored(&self) -> bool {
        self.finding
            .is_some_and(|finding| finding.diagnosis.may_be_stored())
    }
}
