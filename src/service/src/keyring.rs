//! Users' key-encryption keys, derived once and kept for a while; and the opening and sealing with them.
//! Each row says which root secret it needs, so both work while one replaces the other.
//! It refuses to derive on an async thread, and never answers "no key" where opening failed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use marshmallow_core::{ApiKey, KeyId, Millis, Provider, UserId};
use marshmallow_store::{KeyRecord, SealedKey};
use marshmallow_vault::{Envelope, KekId, KeyContext, RootSecret, UserKek};
use tokio::sync::OnceCell;

use crate::{Base, ServiceError, roots::Roots};

/// How long a derived key is kept after its last derivation, in milliseconds.
const KEPT_MS: i64 = 15 * 60 * 1_000;

struct Kept {
    kek: Arc<OnceCell<UserKek>>,
    until: Millis,
}

pub(crate) struct Keyring {
    base: Base,
    roots: Arc<Roots>,
    /// By root secret too: after a change of it, nobody gets the key of the former one.
    kept: Mutex<HashMap<(UserId, KekId), Kept>>,
}

/// A key as it is stored: sealed, and as a keyed hash that finds it again.
pub(crate) struct SealedNow {
    pub sealed: SealedKey,
    pub key_hash: [u8; 32],
}

impl Keyring {
    pub fn new(base: Base, roots: Arc<Roots>) -> Self {
        Self {
            base,
            roots,
            kept: Mutex::default(),
        }
    }

    /// Seals a new key under the present root secret and opens it again, so that nothing is stored that could not
    /// be read.
    pub async fn seal(
        &self,
        user: UserId,
        id: KeyId,
        provider: Provider,
        base_url: &str,
        key: &ApiKey,
    ) -> Result<SealedNow, ServiceError> {
        let context = KeyContext {
            user,
            key: id,
            provider,
            origin: base_url,
        };
        let root = self.roots.present(&self.base.store).await?;
        let cell = self.kek(user, &root).await?;
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
        Ok(SealedNow {
            sealed: to_sealed(envelope),
            key_hash: root.fingerprint(user, provider, base_url, key),
        })
    }

    /// Opens a stored key for its owner, unless the time limit that they set for it has passed.
    pub async fn open(
        &self,
        user: UserId,
        record: &KeyRecord,
        sealed: &SealedKey,
    ) -> Result<ApiKey, ServiceError> {
        if record.is_over(self.base.clock.now()) {
            return Err(ServiceError::KeyIsOver(record.provider));
        }
        let envelope = to_envelope(sealed).ok_or(ServiceError::KeyDoesNotOpen)?;
        let context = KeyContext {
            user,
            key: record.id,
            provider: record.provider,
            origin: &record.base_url,
        };
        let root = self
            .roots
            .get(envelope.kek_id.as_str())
            .ok_or(ServiceError::KeyDoesNotOpen)?;
        let cell = self.kek(user, &root).await?;
        let kek = cell.get().ok_or(ServiceError::Internal("keyring"))?;
        kek.open(&context, &envelope)
            .map_err(|_| ServiceError::KeyDoesNotOpen)
    }

    /// The keyed hashes under which its owner may have stored this key already: one for each root secret.
    pub fn fingerprints(
        &self,
        user: UserId,
        provider: Provider,
        base_url: &str,
        key: &ApiKey,
    ) -> Vec<[u8; 32]> {
        self.roots
            .all()
            .iter()
            .map(|root| root.fingerprint(user, provider, base_url, key))
            .collect()
    }

    /// Drops what is kept of somebody.
    pub fn forget(&self, user: UserId) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(owner, _), _| *owner != user);
    }

    /// The user's key-encryption key under a root secret: kept, or derived on a blocking thread, once for all who
    /// wait.
    async fn kek(
        &self,
        user: UserId,
        root: &Arc<RootSecret>,
    ) -> Result<Arc<OnceCell<UserKek>>, ServiceError> {
        let now = self.base.clock.now();
        let cell = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.retain(|_, entry| entry.until > now);
            let entry = kept.entry((user, root.kek_id())).or_insert_with(|| Kept {
                kek: Arc::default(),
                until: now.plus(KEPT_MS),
            });
            entry.kek.clone()
        };
        cell.get_or_try_init(|| self.derive(user, root.clone())).await?;
        Ok(cell)
    }

    async fn derive(&self, user: UserId, root: Arc<RootSecret>) -> Result<UserKek, ServiceError> {
        let account = self
            .base
            .store
            .user(user)
            .await?
            .ok_or(ServiceError::Internal("keyring: no user"))?;
        tokio::task::spawn_blocking(move || root.derive_user_kek(user, &account.kek_salt))
            .await
            .map_err(|_| ServiceError::Internal("key derivation"))
    }
}

/// The stored columns as the vault's envelope; none when a column has an impossible length.
pub(crate) fn to_envelope(sealed: &SealedKey) -> Option<Envelope> {
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
