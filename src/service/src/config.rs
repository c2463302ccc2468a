//! What the operator decides: who may register, where providers are, which keys the platform lends.

use marshmallow_core::{ApiKey, EndpointName, Provider, RegistrationPolicy};

/// The operator's decisions.
#[derive(Debug)]
pub struct ServiceConfig {
    /// Who may register after the first account exists.
    pub registration: RegistrationPolicy,
    /// The address of each provider, without a slash at the end; none for custom endpoints.
    pub base_urls: Vec<(Provider, String)>,
    /// The keys that serve everyone.
    pub platform: Vec<PlatformKey>,
}

impl ServiceConfig {
    /// Where calls to `provider` go in this deployment; none for custom endpoints, whose keys know it.
    pub fn base_url(&self, provider: Provider) -> Option<&str> {
        self.base_urls
            .iter()
            .find(|(known, _)| *known == provider)
            .map(|(_, url)| url.as_str())
    }
}

/// A key that the operator configured for everyone.
#[derive(Debug)]
pub struct PlatformKey {
    /// The word before the slash of the models that it serves.
    pub endpoint: EndpointName,
    /// The only address to which it is sent.
    pub base_url: String,
    /// The key.
    pub key: ApiKey,
}

impl PlatformKey {
    /// The provider that it is a key of.
    pub fn provider(&self) -> Provider {
        self.endpoint.provider()
    }
}
