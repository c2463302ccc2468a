//! Keys that were revoked while the simulator runs, as their owner would at the provider's page.
//! Knows no HTTP, and not what a revoked key is told.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// The revoked keys. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Revoked(Arc<Mutex<HashSet<String>>>);

impl Revoked {
    /// From now on every call with this key, as plain or as JSON text, is refused; answers under way go on.
    pub fn add(&self, key: &str) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.trim().trim_matches('"').to_owned());
    }

    /// Whether a key was revoked.
    pub fn holds(&self, key: &str) -> bool {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.contains(key)
    }
}
