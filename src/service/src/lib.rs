//! The use cases: accounts, keys, credential resolution, chat and metering.
//! Everything that a page, a route or a command may do goes through here. It refuses to know HTML, HTTP
//! routes and SQL; it reaches storage through `store`, providers through `providers`, ciphers through `vault`.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

pub mod accounts;
pub mod audit;
pub mod chat;
mod config;
mod credentials;
mod error;
mod keyring;
pub mod keys;
pub mod models;

use std::sync::Arc;

use marshmallow_core::{Clock, Random};
use marshmallow_store::Store;

pub use accounts::{Accounts, Caller, SignedIn};
pub use audit::{Audit, AuditQuery, AuditStream};
pub use chat::{AnswerStream, Chat};
pub use config::{PlatformKey, ServiceConfig};
pub use error::ServiceError;
pub use keys::{KeyPlace, Keys};
pub use marshmallow_providers::{Client, Deadlines, EgressPolicy, default_base_url, normalise_base_url};
pub use marshmallow_vault::RootSecret;
pub use models::Models;

use credentials::Credentials;
use keyring::Keyring;

/// What every use case stands on.
#[derive(Clone)]
pub(crate) struct Base {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub config: Arc<ServiceConfig>,
}

/// All use cases, wired together.
pub struct Service {
    /// Accounts, sessions and invitations.
    pub accounts: Accounts,
    /// Provider keys.
    pub keys: Keys,
    /// The audit trail.
    pub audit: Audit,
    /// The model selector.
    pub models: Models,
    /// Conversations and answers.
    pub chat: Chat,
    store: Store,
}

impl Service {
    /// Wires the use cases together and starts their background work: the journal's writer, the heartbeat
    /// of running answers, root entries of the audit trail, and the recovery of answers whose server is gone. Refuses a root secret that is not
    /// the one under which the stored keys were sealed.
    pub async fn start(
        config: ServiceConfig,
        store: Store,
        root: RootSecret,
        client: Client,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ServiceError> {
        let base = Base {
            store: store.clone(),
            clock,
            random,
            config: Arc::new(config),
        };
        refuse_other_root(&store, &root).await?;
        let keyring = Arc::new(Keyring::new(base.clone(), root));
        let credentials = Credentials::new(base.clone(), keyring.clone(), client.clone());
        credentials.refresh_platform_in_background();
        Ok(Self {
            accounts: Accounts::new(base.clone()),
            keys: Keys::new(base.clone(), keyring, client.clone()),
            audit: Audit::start(base.clone()),
            models: Models::new(base.clone(), credentials.clone()),
            chat: Chat::start(base, credentials, client).await?,
            store,
        })
    }

    /// Whether the database answers.
    pub async fn is_healthy(&self) -> bool {
        self.store.ping().await.is_ok()
    }

    /// Ends running answers as interrupted, stores what they have, and closes the database.
    pub async fn shut_down(&self) {
        self.chat.shut_down().await;
        self.store.close().await;
    }
}

async fn refuse_other_root(store: &Store, root: &RootSecret) -> Result<(), ServiceError> {
    let given = root.kek_id().to_string();
    match store.kek_ids().await?.into_iter().find(|stored| *stored != given) {
        Some(stored) => Err(ServiceError::OtherRootSecret { stored, given }),
        None => Ok(()),
    }
}
