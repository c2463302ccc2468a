//! Users' key-encryption keys, derived once and kept for a while; and the opening and sealing with them.
//! It refuses to derive on an async thread, and never answers "no key" where opening failed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use marshmallow_core::{ApiKey, KeyId, Millis, Provider, UserId};
use marshmallow_store::{KeyRecord, SealedKey};
use marshmallow_vault::{Envelope, KeyContext, RootSecret, UserKek};
use tokio::sync::OnceCell;

use crate::{Base, ServiceError};

/// How long a derived key is kept after its last derivation, in milliseconds.
const KEPT_MS: i64 = 15 * 60 * 1_000;

struct Kept {
    kek: Arc<OnceCell<UserKek>>,
    until: Millis,
}

pub(crate) struct Keyring {
    base: Base,
    root: Arc<RootSecret>,
    kept: Mutex<HashMap<UserId, Kept>>,
}

impl Keyring {
    pub fn new(base: Base, root: RootSecret) -> Self {
        Self {
            base,
            root: Arc::new(root),
            kept: Mutex::default(),
        }
    }

    /// Seals a new key and opens it again, so that nothing is stored that could not be read.
    pub async fn seal(
        &self,
        user: UserId,
        id: KeyId,
        provider: Provider,
        base_url: &str,
        key: &ApiKey,
    ) -> Result<Envelope, ServiceError> {
        let context = KeyContext {
            user,
            key: id,
            provider,
            origin: base_url,
        };
        let cell = self.kek(user).await?;
        let kek = cell.get().ok_or(ServiceError::Internal("keyring"))?;
        let envelope = kek
            .seal(&context, key, self.base.random.as_ref())
            .map_err(|_| ServiceError::Internal("sealing a key"))?;
        let opened = kek
            .open(&context, &envelope)
            .map_err(|_| ServiceError::KeyDoesNotOpen)?;
        if opened.expose_secret() != key.expose_secret() {
            return Err(ServiceError::KeyDoesNotOpen);
        }
        Ok(envelope)
    }

    /// Opens a stored key for its owner.
    pub async fn open(
        &self,
        user: UserId,
        record: &KeyRecord,
        sealed: &SealedKey,
    ) -> Result<ApiKey, ServiceError> {
        let envelope = to_envelope(sealed).ok_or(ServiceError::KeyDoesNotOpen)?;
        let context = KeyContext {
            user,
            key: record.id,
            provider: record.provider,
            origin: &record.base_url,
        };
        let cell = self.kek(user).await?;
        let kek = cell.get().ok_or(ServiceError::Internal("keyring"))?;
        kek.open(&context, &envelope)
            .map_err(|_| ServiceError::KeyDoesNotOpen)
    }

    /// The keyed hash that finds a key which its owner has stored already.
    pub fn fingerprint(&self, user: UserId, provider: Provider, base_url: &str, key: &ApiKey) -> [u8; 32] {
        self.root.fingerprint(user, provider, base_url, key)
    }

    /// The user's key-encryption key: kept, or derived on a blocking thread, once for all who wait.
    async fn kek(&self, user: UserId) -> Result<Arc<OnceCell<UserKek>>, ServiceError> {
        let now = self.base.clock.now();
        let cell = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.retain(|_, entry| entry.until > now);
            let entry = kept.entry(user).or_insert_with(|| Kept {
                kek: Arc::default(),
                until: now.plus(KEPT_MS),
            });
            entry.kek.clone()
        };
        cell.get_or_try_init(|| self.derive(user)).await?;
        Ok(cell)
    }

    async fn derive(&self, user: UserId) -> Result<UserKek, ServiceError> {
        let account = self
            .base
            .store
            .user(user)
            .await?
            .ok_or(ServiceError::Internal("keyring: no user"))?;
        let root = self.root.clone();
        tokio::task::spawn_blocking(move || root.derive_user_kek(user, &account.kek_salt))
            .await
            .map_err(|_| ServiceError::Internal("key derivation"))
    }
}

/// The stored columns as the vault's envelope; none when a column has an impossible length.
fn to_envelope(sealed: &SealedKey) -> Option<Envelope> {
    Some(Envelope {
        format: sealed.format.try_into().ok()?,
        key_cipher: sealed.key_cipher.clone(),
        iv: sealed.iv,
        wrapped_dek: sealed.wrapped_dek.clone(),
        dek_iv: sealed.dek_iv,
        kek_id: sealed.kek_id.parse().ok()?,
    })
}

/// The vault's envelope as the columns to store.
pub(crate) fn to_sealed(envelope: Envelope) -> SealedKey {
    SealedKey {
        format: u32::from(envelope.format),
        key_cipher: envelope.key_cipher,
        iv: envelope.iv,
        wrapped_dek: envelope.wrapped_dek,
        dek_iv: envelope.dek_iv,
        kek_id: envelope.kek_id.to_string(),
    }
}
