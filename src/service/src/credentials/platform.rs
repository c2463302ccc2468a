//! The platform's keys: what they serve, and how they are shown. Not the keys themselves.

use marshmallow_core::{CredentialKind, CredentialLabel, EndpointName, Provider};
use marshmallow_providers::Target;

use super::wallet::{Candidate, Source};
use crate::{
    PlatformKey,
    models::{CATALOGUE, listed::Listed},
};

/// A platform key without the key.
#[derive(Clone)]
pub(crate) struct PlatformCredential {
    index: usize,
    pub endpoint: EndpointName,
    pub base_url: String,
    pub listed: Vec<Listed>,
}

impl PlatformCredential {
    /// One that has not been asked for its models yet.
    pub fn new(index: usize, key: &PlatformKey) -> Self {
        Self {
            index,
            endpoint: key.endpoint.clone(),
            base_url: key.base_url.clone(),
            listed: Vec::new(),
        }
    }

    /// How it is shown.
    pub fn label(&self) -> CredentialLabel {
        CredentialLabel {
            kind: CredentialKind::Platform,
            provider: self.endpoint.provider(),
            label: String::new(),
            last_four: String::new(),
            key: None,
        }
    }

    /// The models that it serves: those listed; for a known provider that listed none, the catalogue's.
    pub fn models(&self) -> Vec<Listed> {
        models_of(self.endpoint.provider(), &self.listed)
    }

    /// It as a candidate for a model, by the endpoint's own name of it.
    pub fn candidate(&self, model: String) -> Candidate {
        let label = self.label();
        let target = Target {
            provider: label.provider,
            base_url: self.base_url.clone(),
        };
        Candidate {
            label,
            target,
            model,
            source: Source::Platform(self.index),
            failures: 0,
            rested: None,
        }
    }
}

/// The listed models; where an endpoint listed none, those that the catalogue knows of its provider.
pub(crate) fn models_of(provider: Provider, listed: &[Listed]) -> Vec<Listed> {
    if listed.is_empty() {
        CATALOGUE
            .newest_of(provider)
            .into_iter()
            .map(Listed::from)
            .collect()
    } else {
        listed.to_vec()
    }
}
