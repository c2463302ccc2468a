//! The use cases: accounts, keys, credential resolution, chat and metering.
//! Everything that a page, a route or a command may do goes through here. It refuses to know HTML, HTTP
//! routes and SQL; it reaches storage through `store`, providers through `providers`, ciphers through `vault`.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

pub mod accounts;
pub mod audit;
pub mod budgets;
pub mod chat;
mod config;
mod credentials;
mod error;
pub mod fallback;
mod keyring;
pub mod keys;
pub mod models;
pub mod notices;
mod presence;
mod removal;
mod roots;
mod rotation;

use std::sync::Arc;

use marshmallow_core::{Clock, Random};
use marshmallow_store::{RootState, Store};

pub use accounts::{Accounts, Caller, SignedIn};
pub use audit::{Audit, AuditQuery, AuditStream};
pub use budgets::Budgets;
pub use chat::{AnswerStream, Chat};
pub use config::{PlatformKey, ServiceConfig};
pub use error::ServiceError;
pub use fallback::FallbackRules;
pub use keys::{ExportRequest, ExportedKeys, KeyPlace, Keys, SealedFile};
pub use marshmallow_providers::{Client, Deadlines, EgressPolicy, default_base_url, normalise_base_url};
pub use marshmallow_vault::RootSecret;
pub use models::Models;
pub use notices::Notices;
pub use removal::Emergency;
pub use roots::{RootSecrets, RootSecretsError};
pub use rotation::{Plan, Progress, Rotation, Verdict};

use credentials::Credentials;
use keyring::Keyring;
use keys::rechecks::Rechecks;
use presence::Presence;
use roots::Roots;

/// What every use case stands on.
#[derive(Clone)]
pub(crate) struct Base {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub config: Arc<ServiceConfig>,
}

/// Whether this server can serve requests, and what is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// The database does not answer.
    DatabaseSilent,
    /// Keys are sealed under a root secret that this server does not have.
    RootSecretMissing,
}

/// All use cases, wired together.
pub struct Service {
    /// Accounts, sessions and invitations.
    pub accounts: Accounts,
    /// Provider keys.
    pub keys: Arc<Keys>,
    /// What keys may spend.
    pub budgets: Budgets,
    /// What needs attention.
    pub notices: Notices,
    /// Who pays when own keys cannot.
    pub fallback: FallbackRules,
    /// The audit trail.
    pub audit: Audit,
    /// The model selector.
    pub models: Models,
    /// Conversations and answers.
    pub chat: Chat,
    rechecks: Rechecks,
    presence: Arc<Presence>,
    keyring: Arc<Keyring>,
    base: Base,
}

impl Service {
    /// Wires the use cases together and starts their background work: the journal's writer, the heartbeat
    /// of running answers, the recovery of answers whose server is gone, the announcement of this server, and the
    /// root entries of the audit trail. Refuses where a root secret is missing under which stored keys are sealed.
    pub async fn start(
        config: ServiceConfig,
        store: Store,
        secrets: Arc<dyn RootSecrets>,
        client: Client,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ServiceError> {
        let base = Base {
            store,
            clock,
            random,
            config: Arc::new(config),
        };
        let roots = Arc::new(Roots::read(secrets)?);
        let presence = Presence::start(base.clone(), roots.clone()).await?;
        let keyring = Arc::new(Keyring::new(base.clone(), roots));
        let credentials = Credentials::new(base.clone(), keyring.clone(), client.clone());
        credentials.refresh_platform_in_background();
        Ok(Self {
            accounts: Accounts::new(base.clone()),
            keys: Arc::new(Keys::new(base.clone(), keyring.clone(), client.clone())),
            budgets: Budgets::new(base.clone()),
            notices: Notices::new(base.clone()),
            fallback: FallbackRules::new(base.clone()),
            audit: Audit::start(base.clone()),
            models: Models::new(base.clone(), credentials.clone()),
            chat: Chat::start(base.clone(), credentials, client).await?,
            rechecks: Rechecks::default(),
            presence,
            keyring,
            base,
        })
    }

    /// Checks stored keys at their providers whenever they are due, until this server stops.
    pub fn start_rechecks(&self) {
        self.rechecks.start(self.keys.clone());
    }

    /// Whether requests can be served now.
    pub async fn readiness(&self) -> Readiness {
        match self.base.store.root_state().await {
            Err(_) => Readiness::DatabaseSilent,
            Ok(RootState {
                present: Some(present),
                ..
            }) if !self.presence.opens(&present) => Readiness::RootSecretMissing,
            Ok(_) => Readiness::Ready,
        }
    }

    /// Ends running answers as interrupted, stores what they have, and closes the database.
    pub async fn shut_down(&self) {
        self.rechecks.stop().await;
        self.chat.shut_down().await;
        self.presence.leave().await;
        self.base.store.close().await;
    }
}
