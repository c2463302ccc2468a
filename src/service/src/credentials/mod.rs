//! Credential resolution: which keys may serve a turn, in which order, and the opening of the one chosen.
//! It refuses to answer "none" where a key does not open: that ends the turn.

mod health;
mod platform;
mod take;
mod wallet;

use std::sync::{Arc, PoisonError, RwLock};

use marshmallow_core::{ApiKey, ErrorCode, PublicError, UserId};
use marshmallow_providers::{Client, Target};
use tokio::{sync::watch, time::Duration};

use self::wallet::Source;
pub(crate) use self::{
    platform::{PlatformCredential, models_of},
    wallet::{Candidate, Resolution, Wallet},
};
use crate::{
    Base, ServiceConfig, ServiceError,
    keyring::Keyring,
    models::listed::{self, Listed},
};

/// How long a first look at the models waits for the platform's endpoints to answer.
const PLATFORM_WAIT: Duration = Duration::from_secs(2);
/// How often the platform's model lists are asked for: after a failure, and after a success.
const PLATFORM_RETRY: Duration = Duration::from_secs(15);
const PLATFORM_REFRESH: Duration = Duration::from_secs(30 * 60);

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
        let platform = base.config.platform.iter().enumerate();
        let platform = platform.map(|(index, key)| PlatformCredential::new(index, key));
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
            .filter(|record| record.is_active && record.replaced.is_none())
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
        Ok(Wallet {
            own,
            platform,
            at: self.base.clock.now(),
        })
    }

    /// Opens the key of a candidate for one call, which has taken it.
    pub async fn open(&self, user: UserId, candidate: &Candidate) -> Result<OpenedKey, ServiceError> {
        match &candidate.source {
            Source::Platform(index) => Ok(OpenedKey::Platform(self.base.config.clone(), *index)),
            Source::Taken(taken) => {
                let (record, sealed) = taken.as_ref();
                let key = self.keyring.open(user, record, sealed).await?;
                Ok(OpenedKey::Own(key))
            }
            Source::Stored => Err(withdrawn().into()),
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
