//! One key takes the place of another: at once, with its name, place and budget, all or nothing. The replaced row
//! stays, out of service, until its provider refuses the key or its owner removes it or takes it back.
//! It refuses to know what a check is: the caller says what one proved.

use marshmallow_core::{KeyId, Millis, UserId};

use super::{COUNT, INSERT, LOCK_OWNER, NewKey};
use crate::{
    AuditEntry, Store, StoreError, audit,
    budgets::succession,
    db::{Sql, Tx, statements, values},
};

/// A key to be put in the place of another.
pub struct Replacement<'a> {
    /// The new key. Its label and the end of its life are not stored: it gets the old one's.
    pub new: &'a NewKey,
    /// The key that it replaces.
    pub old: KeyId,
    /// When the old one is due for its first check.
    pub next_check: Millis,
    /// How many replaced keys a person may have at most.
    pub most: usize,
    /// What the audit trail is told.
    pub entries: &'a [AuditEntry],
}

/// Why a key was not replaced, or not taken back. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceKeyError {
    /// The new key is stored already.
    #[error("this key is stored already")]
    Duplicate,
    /// The person has as many keys of this kind as they may have.
    #[error("there are too many keys")]
    TooMany,
    /// There is no such key in use, or none to take back.
    #[error("there is no such key")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

statements! {
    RETIRE on "provider_keys" =
        "UPDATE provider_keys
            SET replaced_by = $3, replaced_at = $4, next_check = $5, check_failures = 0, check_claimed_until = NULL
          WHERE user_id = $1 AND id = $2 AND replaced_by IS NULL";
    INHERIT on "provider_keys" =
        "UPDATE provider_keys
            SET label = (SELECT label FROM provider_keys WHERE user_id = $1 AND id = $3),
                position = (SELECT position FROM provider_keys WHERE user_id = $1 AND id = $3),
                expires_at = (SELECT expires_at FROM provider_keys WHERE user_id = $1 AND id = $3)
          WHERE user_id = $1 AND id = $2";
    /// Whether it still works is asked also after the moment at which it would have been out of use anyway.
    HAND_OVER_LIFE on "provider_keys" = "UPDATE provider_keys SET expires_at = NULL WHERE user_id = $1 AND id = $2";
    /// Keys that the old one had replaced have the new one as their successor from here on.
    FOLLOW on "provider_keys" =
        "UPDATE provider_keys SET replaced_by = $3 WHERE user_id = $1 AND replaced_by = $2";
    COUNT_REPLACED on "provider_keys" =
        "SELECT COUNT(*) AS count FROM provider_keys WHERE user_id = $1 AND replaced_by IS NOT NULL";
    BURY on "provider_keys" =
        "DELETE FROM provider_keys WHERE user_id = $1 AND id = $2 AND replaced_by IS NOT NULL
        RETURNING replaced_by, last_four";
    REMEMBER on "provider_keys" =
        "UPDATE provider_keys SET former_last_four = $3, former_dead_at = $4 WHERE user_id = $1 AND id = $2";
    SUCCESSOR on "provider_keys" =
        "SELECT replaced_by FROM provider_keys WHERE user_id = $1 AND id = $2 AND replaced_by IS NOT NULL";
    TAKE_BACK on "provider_keys" =
        "UPDATE provider_keys
            SET replaced_by = NULL, replaced_at = NULL, is_active = TRUE, next_check = $3,
                expires_at = (SELECT expires_at FROM provider_keys WHERE user_id = $1 AND id = $4)
          WHERE user_id = $1 AND id = $2 AND replaced_by IS NOT NULL";
}

impl Store {
    /// Stores a key in the place of another, which is out of service from the commit on: the new one has its label,
    /// its place in the order, the end of its life, and its budget with all that is spent and reserved of it.
    pub async fn replace_key(&self, wanted: &Replacement<'_>) -> Result<(), ReplaceKeyError> {
        let Replacement { new, old, .. } = *wanted;
        let user = new.user;
        let mut tx = self.db.begin().await?;
        tx.execute(&LOCK_OWNER, values![user]).await?;
        succession::move_key(&mut tx, user, old, new.id).await?;
        if tx.execute(&INSERT, new.values()).await? == 0 {
            return Err(ReplaceKeyError::Duplicate);
        }
        let retired = values![user, old, new.id, new.created_at, wanted.next_check];
        if tx.execute(&RETIRE, retired).await? == 0 {
            return Err(ReplaceKeyError::NotFound);
        }
        tx.execute(&INHERIT, values![user, new.id, old]).await?;
        tx.execute(&HAND_OVER_LIFE, values![user, old]).await?;
        tx.execute(&FOLLOW, values![user, old, new.id]).await?;
        bounded(&mut tx, &COUNT_REPLACED, user, wanted.most).await?;
        commit(tx, wanted.entries).await
    }

    /// Deletes a replaced key that its provider refuses, with all that was sealed of it, and lets the key in its
    /// place tell of it. False if it is not the person's, or in use again.
    pub async fn bury_key(
        &self,
        user: UserId,
        id: KeyId,
        at: Millis,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let Some(row) = tx.optional(&BURY, values![user, id]).await? else {
            return Ok(false);
        };
        let (successor, last_four) = (row.parsed::<KeyId>("replaced_by")?, row.text("last_four")?);
        tx.execute(&REMEMBER, values![user, successor, &last_four, at])
            .await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        self.db.wipe_log().await;
        Ok(true)
    }

    /// Takes a replaced key back into use, before the one that took its place and under the same limits of money and
    /// time, and has it checked at once. Nobody gets more than `most` keys by it.
    pub async fn take_key_back(
        &self,
        user: UserId,
        id: KeyId,
        most: usize,
        now: Millis,
        entry: &AuditEntry,
    ) -> Result<(), ReplaceKeyError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&LOCK_OWNER, values![user]).await?;
        let row = tx.optional(&SUCCESSOR, values![user, id]).await?;
        let successor: KeyId = row.ok_or(ReplaceKeyError::NotFound)?.parsed("replaced_by")?;
        succession::share_limits(&mut tx, user, successor, id, now).await?;
        if tx.execute(&TAKE_BACK, values![user, id, now, successor]).await? == 0 {
            return Err(ReplaceKeyError::NotFound);
        }
        bounded(&mut tx, &COUNT, user, most).await?;
        commit(tx, std::slice::from_ref(entry)).await
    }
}

async fn bounded(tx: &mut Tx, sql: &'static Sql, user: UserId, most: usize) -> Result<(), ReplaceKeyError> {
    let count = tx.optional(sql, values![user]).await?;
    let count: usize = count.map_or(Ok(0), |row| row.number("count"))?;
    if count > most {
        return Err(ReplaceKeyError::TooMany);
    }
    Ok(())
}

async fn commit(mut tx: Tx, entries: &[AuditEntry]) -> Result<(), ReplaceKeyError> {
    for entry in entries {
        audit::write(&mut tx, entry).await?;
    }
    Ok(tx.commit().await?)
}
