//! Provider keys as sealed bytes, with all that their owner may see of them.
//! It cannot open them. Lists leave the sealed columns out; only `sealed_key` hands them to the vault's users.

pub(crate) mod order;
mod record;
pub(crate) mod rest;

use marshmallow_core::{KeyId, KeyStatus, Millis, UserId};

pub(crate) use self::record::sealed_of;
pub use self::record::{KeyRecord, NewKey, SealedKey};
use crate::{
    AuditEntry, Store, StoreError, audit,
    budgets::limits,
    db::{Sql, Tx, Value, statements, values},
};

/// Why a key was not stored.
#[derive(Debug, thiserror::Error)]
pub enum AddKeyError {
    /// The same key is stored already.
    #[error("this key is stored already")]
    Duplicate,
    /// The person has as many keys as they may have.
    #[error("there are too many keys")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

statements! {
    /// Changes nothing, and makes keys that are added at the same moment wait for each other.
    LOCK_OWNER on "users" = "UPDATE users SET preferred_model = preferred_model WHERE id = $1";
    INSERT on "provider_keys" =
        "INSERT INTO provider_keys (id, user_id, provider, endpoint, base_url, label, last_four, key_cipher, iv,
                wrapped_dek, dek_iv, kek_id, format, key_hash, is_active, validation_status, models, created_at,
                last_validated, position)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, TRUE, $15, $16, $17, $18,
                (SELECT COALESCE(MAX(position), 0) + 1 FROM provider_keys WHERE user_id = $2))
         ON CONFLICT (user_id, key_hash) DO NOTHING";
    COUNT on "provider_keys" = "SELECT COUNT(*) AS count FROM provider_keys WHERE user_id = $1";
    LIST on "provider_keys" =
        "SELECT id, provider, endpoint, base_url, label, last_four, is_active, validation_status, models, created_at,
                last_used, last_validated, failures, rest_until, rest_because
           FROM provider_keys WHERE user_id = $1 ORDER BY position, created_at, id";
    SEALED on "provider_keys" =
        "SELECT id, provider, endpoint, base_url, label, last_four, is_active, validation_status, models, created_at,
                last_used, last_validated, failures, rest_until, rest_because, key_cipher, iv, wrapped_dek, dek_iv, kek_id, format
           FROM provider_keys WHERE user_id = $1 AND id = $2";
    SET_ACTIVE on "provider_keys" = "UPDATE provider_keys SET is_active = $3 WHERE user_id = $1 AND id = $2";
    RECORD_CHECK on "provider_keys" =
        "UPDATE provider_keys SET validation_status = $3, models = COALESCE($4, models), last_validated = $5
          WHERE user_id = $1 AND id = $2";
    RENAME on "provider_keys" = "UPDATE provider_keys SET label = $3 WHERE user_id = $1 AND id = $2";
    MARK_USED on "provider_keys" = "UPDATE provider_keys SET last_used = $3 WHERE user_id = $1 AND id = $2";
    REMOVE on "provider_keys" = "DELETE FROM provider_keys WHERE user_id = $1 AND id = $2";
    KEK_IDS on "provider_keys" = "SELECT DISTINCT kek_id FROM provider_keys";
    OF_HASH on "provider_keys" = "SELECT id FROM provider_keys WHERE user_id = $1 AND key_hash = $2";
}

impl Store {
    /// Stores a key and its audit entry. Nobody gets more than `max_keys`, also not by adding many at once.
    pub async fn add_key(
        &self,
        key: &NewKey,
        max_keys: usize,
        entry: &AuditEntry,
    ) -> Result<(), AddKeyError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&LOCK_OWNER, values![key.user]).await?;
        if tx.execute(&INSERT, key.values()).await? == 0 {
            return Err(AddKeyError::Duplicate);
        }
        let count = tx.optional(&COUNT, values![key.user]).await?;
        let count: usize = count.map_or(Ok(0), |row| row.number("count"))?;
        if count > max_keys {
            return Err(AddKeyError::TooMany);
        }
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A person's keys in the order in which turns try them, without what is sealed.
    pub async fn keys(&self, user: UserId) -> Result<Vec<KeyRecord>, StoreError> {
        let rows = self.db.all(&LIST, values![user]).await?;
        rows.iter().map(record::key_of).collect()
    }

    /// One key with what is sealed.
    pub async fn sealed_key(
        &self,
        user: UserId,
        id: KeyId,
    ) -> Result<Option<(KeyRecord, SealedKey)>, StoreError> {
        let row = self.db.optional(&SEALED, values![user, id]).await?;
        row.map(|row| Ok((record::key_of(&row)?, sealed_of(&row)?)))
            .transpose()
    }

    /// Switches a key on or off. False if it is not the person's.
    pub async fn set_key_active(
        &self,
        user: UserId,
        id: KeyId,
        is_active: bool,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        self.change_key(&SET_ACTIVE, values![user, id, is_active], entry)
            .await
    }

    /// Stores the outcome of a check. `models` is the endpoint's list as JSON; where a check brought none, the
    /// list of an earlier check stays. False if the key is not the person's.
    pub async fn record_check(
        &self,
        user: UserId,
        id: KeyId,
        status: KeyStatus,
        models: Option<String>,
        at: Millis,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let change = values![user, id, status.slug(), &models, at];
        self.change_key(&RECORD_CHECK, change, entry).await
    }

    /// Gives a key another label. False if it is not the person's.
    pub async fn rename_key(
        &self,
        user: UserId,
        id: KeyId,
        label: &str,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        self.change_key(&RENAME, values![user, id, label], entry).await
    }

    /// Notes that a turn used the key. False if it is not the person's.
    pub async fn mark_key_used(&self, user: UserId, id: KeyId, at: Millis) -> Result<bool, StoreError> {
        Ok(self.db.execute(&MARK_USED, values![user, id, at]).await? == 1)
    }

    /// Deletes a key. On SQLite its sealed bytes are overwritten in the file and wiped from the log.
    /// False if it is not the person's.
    pub async fn remove_key(&self, user: UserId, id: KeyId, entry: &AuditEntry) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        if tx.execute(&REMOVE, values![user, id]).await? == 0 {
            return Ok(false);
        }
        limits::forget_key(&mut tx, user, id).await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        self.db.wipe_log().await;
        Ok(true)
    }

    /// The public ids of the root secrets under which everybody's keys are sealed: one, unless one is being
    /// replaced; none where no key is stored.
    pub async fn kek_ids(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.db.all(&KEK_IDS, values![]).await?;
        rows.iter().map(|row| row.text("kek_id")).collect()
    }

    /// The person's key of this fingerprint.
    pub async fn key_of_hash(&self, user: UserId, key_hash: &[u8; 32]) -> Result<Option<KeyId>, StoreError> {
        let row = self.db.optional(&OF_HASH, values![user, key_hash]).await?;
        row.map(|row| row.parsed("id")).transpose()
    }

    /// A change to one key together with its audit entry; neither if the key is not the person's.
    async fn change_key(
        &self,
        sql: &'static Sql,
        values: Vec<Value>,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        if tx.execute(sql, values).await? == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Notes a key's use as a part of the transaction that ends an answer. A key removed meanwhile is no error.
pub(crate) async fn mark_used(tx: &mut Tx, user: UserId, id: KeyId, at: Millis) -> Result<(), StoreError> {
    tx.execute(&MARK_USED, values![user, id, at]).await?;
    Ok(())
}
