//! Credential resolution: which keys may serve a turn, in which order, and the opening of the one chosen.
//! Order: the person's key for the model's provider, their OpenRouter key for the same model, the platform's.
//! It refuses to answer "none" where a key does not open: that ends the turn.

use std::sync::{Arc, PoisonError, RwLock};

use marshmallow_core::{
    ApiKey, CredentialKind, CredentialLabel, EndpointName, ErrorCode, Fallback, KeyStatus, ModelId, Provider,
    PublicError, UserId,
};
use marshmallow_providers::{Client, Target};
use marshmallow_store::KeyRecord;
use tokio::{sync::watch, time::Duration};

use crate::{
    Base, ServiceConfig, ServiceError,
    keyring::Keyring,
    models::{
        CATALOGUE,
        listed::{self, Listed},
        openrouter_name,
    },
};

/// How long a first look at the models waits for the platform's endpoints to answer.
const PLATFORM_WAIT: Duration = Duration::from_secs(2);
/// How often the platform's model lists are asked for: after a failure, and after a success.
const PLATFORM_RETRY: Duration = Duration::from_secs(15);
const PLATFORM_REFRESH: Duration = Duration::from_secs(30 * 60);

/// All credentials that a person may use now.
pub(crate) struct Wallet {
    /// Their own keys that are switched on, oldest first, with the models listed for each.
    pub own: Vec<(KeyRecord, Vec<Listed>)>,
    /// The platform's keys with the models listed for each.
    pub platform: Vec<PlatformCredential>,
}

/// A platform key without the key.
#[derive(Clone)]
pub(crate) struct PlatformCredential {
    index: usize,
    pub endpoint: EndpointName,
    base_url: String,
    pub listed: Vec<Listed>,
}

/// A credential that may serve a turn.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// As it may be shown.
    pub label: CredentialLabel,
    /// Where it is sent.
    pub target: Target,
    /// That endpoint's own name of the model.
    pub model: String,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Stored,
    Platform(usize),
}

/// The credentials for a turn, in order, and those that would come first but are known not to work.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    pub skipped: Vec<Fallback>,
    pub candidates: Vec<Candidate>,
}

/// A key opened for one call.
pub(crate) enum OpenedKey {
    Own(ApiKey),
    Platform(Arc<ServiceConfig>, usize),
}

impl OpenedKey {
    /// The key, for the HTTP client.
    pub fn key(&self) -> &ApiKey {
        match self {
            OpenedKey::Own(key) => key,
            OpenedKey::Platform(config, index) => &config.platform[*index].key,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Credentials {
    base: Base,
    keyring: Arc<Keyring>,
    client: Client,
    platform: Arc<RwLock<Vec<PlatformCredential>>>,
    is_asked: watch::Sender<bool>,
}

impl Credentials {
    pub fn new(base: Base, keyring: Arc<Keyring>, client: Client) -> Self {
        let platform = base
            .config
            .platform
            .iter()
            .enumerate()
            .map(|(index, key)| PlatformCredential {
                index,
                endpoint: key.endpoint.clone(),
                base_url: key.base_url.clone(),
                listed: Vec::new(),
            });
        let platform = Arc::new(RwLock::new(platform.collect()));
        Self {
            base,
            keyring,
            client,
            platform,
            is_asked: watch::Sender::new(false),
        }
    }

    /// Asks the platform's endpoints for their models, now and from time to time.
    pub fn refresh_platform_in_background(&self) {
        let this = self.clone();
        tokio::spawn(async move {
            loop {
                let all_answered = this.refresh_platform().await;
                this.is_asked.send_replace(true);
                tokio::time::sleep(if all_answered {
                    PLATFORM_REFRESH
                } else {
                    PLATFORM_RETRY
                })
                .await;
            }
        });
    }

    async fn refresh_platform(&self) -> bool {
        let mut all_answered = true;
        for (index, platform) in self.base.config.platform.iter().enumerate() {
            let target = Target {
                provider: platform.provider(),
                base_url: platform.base_url.clone(),
            };
            let report = self.client.probe(&target, &platform.key).await;
            match report.models {
                Some(models) => {
                    let mut credentials = self.platform.write().unwrap_or_else(PoisonError::into_inner);
                    credentials[index].listed = models.iter().map(Listed::from).collect();
                }
                None => {
                    all_answered = false;
                    let endpoint = &platform.endpoint;
                    tracing::warn!(%endpoint, diagnosis = report.diagnosis.slug(), "a platform key lists no models");
                }
            }
        }
        all_answered
    }

    /// All credentials that the person may use now.
    pub async fn wallet(&self, user: UserId) -> Result<Wallet, ServiceError> {
        let keys = self.base.store.keys(user).await?;
        let own = keys
            .into_iter()
            .filter(|record| record.is_active)
            .map(|record| {
                let listed = listed::from_json(record.models.as_deref());
                (record, listed)
            })
            .collect();
        if !self.base.config.platform.is_empty() {
            let mut asked = self.is_asked.subscribe();
            // Where an endpoint takes longer, its models appear with a later look.
            let _ = tokio::time::timeout(PLATFORM_WAIT, asked.wait_for(|asked| *asked)).await;
        }
        let platform = self
            .platform
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Ok(Wallet { own, platform })
    }

    /// Opens the key of a candidate for one call.
    pub async fn open(&self, user: UserId, candidate: &Candidate) -> Result<OpenedKey, ServiceError> {
        match (&candidate.source, candidate.label.key) {
            (Source::Platform(index), _) => Ok(OpenedKey::Platform(self.base.config.clone(), *index)),
            (Source::Stored, Some(id)) => {
                let (record, sealed) = self
                    .base
                    .store
                    .sealed_key(user, id)
                    .await?
                    .filter(|(record, _)| record.is_active)
                    .ok_or_else(withdrawn)?;
                let key = self.keyring.open(user, &record, &sealed).await?;
                Ok(OpenedKey::Own(key))
            }
            (Source::Stored, None) => Err(ServiceError::Internal("a stored credential without an id")),
        }
    }
}

/// A key that its owner took out of service after the turn had chosen it. No other takes its place.
fn withdrawn() -> PublicError {
    PublicError::new(
        ErrorCode::NoCredential,
        "The key for this answer was switched off or removed meanwhile.",
        "Send again to use another key.",
    )
}

impl Wallet {
    /// The credentials for `model`, in the order in which they are tried.
    pub fn resolve(&self, model: &ModelId) -> Resolution {
        let mut resolution = Resolution::default();
        for (record, _) in self
            .own
            .iter()
            .filter(|(record, _)| record.endpoint == model.endpoint)
        {
            resolution.offer(
                own(record, CredentialKind::Own, model.name.clone()),
                record.status,
            );
        }
        let via_openrouter = self
            .own
            .iter()
            .filter(|(record, _)| record.provider == Provider::OpenRouter);
        for (record, listed) in via_openrouter {
            if let Some(name) = openrouter_name(model, listed) {
                resolution.offer(own(record, CredentialKind::OpenRouter, name), record.status);
            }
        }
        for platform in self
            .platform
            .iter()
            .filter(|platform| self.platform_may_serve(platform, model))
        {
            resolution.candidates.push(platform.candidate(model.name.clone()));
        }
        resolution
    }

    /// The platform serves the models of its endpoints. Where a person named an endpoint of their own like
    /// one of the platform's but at another address, that name means theirs.
    fn platform_may_serve(&self, platform: &PlatformCredential, model: &ModelId) -> bool {
        platform.endpoint == model.endpoint
            && self
                .own
                .iter()
                .filter(|(record, _)| record.endpoint == model.endpoint)
                .all(|(record, _)| record.base_url == platform.base_url)
    }
}

impl Resolution {
    fn offer(&mut self, candidate: Candidate, status: KeyStatus) {
        match status {
            KeyStatus::Checked(because) if !because.may_serve() => {
                // Behind a candidate it would not have come first, so nothing was passed over.
                if self.candidates.is_empty() {
                    self.skipped.push(Fallback {
                        from: candidate.label,
                        because,
                    });
                }
            }
            _ => self.candidates.push(candidate),
        }
    }
}

impl PlatformCredential {
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

    fn candidate(&self, model: String) -> Candidate {
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

/// How an own key is shown.
fn own_label(record: &KeyRecord, kind: CredentialKind) -> CredentialLabel {
    CredentialLabel {
        kind,
        provider: record.provider,
        label: record.label.clone(),
        last_four: record.last_four.clone(),
        key: Some(record.id),
    }
}

fn own(record: &KeyRecord, kind: CredentialKind, model: String) -> Candidate {
    Candidate {
        label: own_label(record, kind),
        target: Target {
            provider: record.provider,
            base_url: record.base_url.clone(),
        },
        model,
        source: Source::Stored,
    }
}
