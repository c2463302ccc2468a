//! Root secrets that a test hands to a server, and that change while it runs.

use std::sync::Mutex;

use marshmallow_service::{RootSecret, RootSecrets, RootSecretsError};

/// The root secrets that can be read now, the first being the present one.
pub struct TestRoots(Mutex<Vec<&'static str>>);

impl TestRoots {
    pub fn new<const N: usize>(texts: [&'static str; N]) -> Self {
        Self(Mutex::new(texts.to_vec()))
    }

    /// As if files had been replaced.
    pub fn set<const N: usize>(&self, texts: [&'static str; N]) {
        *self.0.lock().unwrap() = texts.to_vec();
    }
}

impl RootSecrets for TestRoots {
    fn read(&self) -> Result<Vec<RootSecret>, RootSecretsError> {
        let texts = self.0.lock().unwrap();
        texts.iter().map(|text| Ok(RootSecret::parse(text)?)).collect()
    }
}
