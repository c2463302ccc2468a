//! What a provider tells of a key itself. It knows no format.

use marshmallow_core::Diagnosis;

/// A provider's word on a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    /// What the key is good for.
    pub diagnosis: Diagnosis,
    /// Nano-dollars that are left to spend; none where the provider does not tell, or sets no limit.
    pub credit_left: Option<i64>,
}
