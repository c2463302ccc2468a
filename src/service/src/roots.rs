//! The root secrets that this process can open: the present one and, while it is being changed, the other.
//! It refuses to know where they come from, and forgets none until the process ends: a row that was read a moment
//! ago must open whatever happened since.

use std::sync::{Arc, PoisonError, RwLock};

use marshmallow_store::Store;
use marshmallow_vault::RootSecret;

use crate::ServiceError;

/// Where root secrets come from: files, or the environment.
pub trait RootSecrets: Send + Sync {
    /// All that can be read now. The first is the one under which an installation seals that has never changed its
    /// root secret.
    fn read(&self) -> Result<Vec<RootSecret>, RootSecretsError>;
}

/// Why no root secret could be read, in words for the operator.
pub type RootSecretsError = Box<dyn std::error::Error + Send + Sync>;

/// The known root secrets.
pub(crate) struct Roots {
    source: Arc<dyn RootSecrets>,
    known: RwLock<Vec<Arc<RootSecret>>>,
}

impl Roots {
    /// Reads all root secrets that there are.
    pub fn read(source: Arc<dyn RootSecrets>) -> Result<Self, ServiceError> {
        let roots = Self {
            source,
            known: RwLock::default(),
        };
        roots.look_again()?;
        Ok(roots)
    }

    /// Reads again, and adds what is new.
    pub fn look_again(&self) -> Result<(), ServiceError> {
        let found = self.source.read().map_err(ServiceError::RootSecrets)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for root in found {
            if known.iter().all(|other| other.kek_id() != root.kek_id()) {
                known.push(Arc::new(root));
            }
        }
        Ok(())
    }

    /// All known ones.
    pub fn all(&self) -> Vec<Arc<RootSecret>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The public ids of all.
    pub fn ids(&self) -> Vec<String> {
        self.all().iter().map(|root| root.kek_id().to_string()).collect()
    }

    /// The one of this public id. An unknown one may have come since the last look.
    pub fn get(&self, kek_id: &str) -> Option<Arc<RootSecret>> {
        let find = || {
            self.all()
                .into_iter()
                .find(|root| root.kek_id().as_str() == kek_id)
        };
        find().or_else(|| {
            if let Err(error) = self.look_again() {
                tracing::error!(%error, "a root secret is asked for and cannot be read");
            }
            find()
        })
    }

    /// The one under which new keys are sealed.
    pub async fn present(&self, store: &Store) -> Result<Arc<RootSecret>, ServiceError> {
        match store.root_state().await?.present {
            Some(kek_id) => self.get(&kek_id).ok_or_else(|| self.lacks(kek_id)),
            None => self
                .all()
                .into_iter()
                .next()
                .ok_or(ServiceError::Internal("no root secret")),
        }
    }

    /// Refuses where something is sealed, or soon will be, under a root secret that is not known here.
    pub async fn check(&self, store: &Store) -> Result<(), ServiceError> {
        let state = store.root_state().await?;
        let mut needed = store.kek_ids().await?;
        needed.extend(state.present);
        needed.extend(state.next);
        self.refuse_lack_of(needed)
    }

    /// Refuses where one of these root secrets is not known here.
    pub fn refuse_lack_of(&self, needed: impl IntoIterator<Item = String>) -> Result<(), ServiceError> {
        match needed.into_iter().find(|kek_id| self.get(kek_id).is_none()) {
            Some(stored) => Err(self.lacks(stored)),
            None => Ok(()),
        }
    }

    fn lacks(&self, stored: String) -> ServiceError {
        ServiceError::OtherRootSecret {
            stored,
            given: self.ids().join(" and "),
        }
    }
}
