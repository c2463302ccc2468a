//! How long keys may be used: their owners' limits, the administrator's bound on these, and the note in the audit trail
//! that a life is over. It refuses to look at the clock: the caller says when it is.

use marshmallow_core::{KeyId, Millis, UserId};

use crate::{
    AuditEntry, Store, StoreError, audit,
    db::{Row, statements, values},
};

statements! {
    SET_EXPIRY on "provider_keys" =
        "UPDATE provider_keys SET expires_at = $3 WHERE user_id = $1 AND id = $2";
    /// Everybody's, for the audit trail.
    ENDED on "provider_keys" =
        "SELECT user_id, id FROM provider_keys
          WHERE expires_at <= $1 AND (end_noted IS NULL OR end_noted <> expires_at) ORDER BY expires_at, id LIMIT $2";
    NOTE_END on "provider_keys" =
        "UPDATE provider_keys SET end_noted = expires_at
          WHERE user_id = $1 AND id = $2 AND expires_at = $3 AND (end_noted IS NULL OR end_noted <> expires_at)";
    /// Everybody's, for the administrator's bound.
    BEYOND on "provider_keys" =
        "SELECT user_id, id FROM provider_keys
          WHERE replaced_by IS NULL AND (expires_at IS NULL OR expires_at > $1) ORDER BY id LIMIT $2";
    CUT on "provider_keys" =
        "UPDATE provider_keys SET expires_at = $3
          WHERE user_id = $1 AND id = $2 AND (expires_at IS NULL OR expires_at > $3)";
    BOUND on "platform_terms" = "SELECT longest_key_life FROM platform_terms WHERE id = 1";
    SET_BOUND on "platform_terms" = "UPDATE platform_terms SET longest_key_life = $1 WHERE id = 1";
}

impl Store {
    /// Sets when a key's life ends; none for never. False if the key is not the person's.
    pub async fn set_key_expiry(
        &self,
        user: UserId,
        id: KeyId,
        expires_at: Option<Millis>,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        self.change_key(&SET_EXPIRY, values![user, id, expires_at], entry)
            .await
    }

    /// Everybody's keys whose life is over at `now` without a note of it, oldest end first.
    pub async fn ended_keys(&self, now: Millis, limit: usize) -> Result<Vec<(UserId, KeyId)>, StoreError> {
        let rows = self.db.all(&ENDED, values![now, limit]).await?;
        rows.iter().map(whose).collect()
    }

    /// Notes that a key's life ended at `ended`. False if that is noted already, or is no longer its end: of many
    /// servers, one writes the entry.
    pub async fn note_key_end(
        &self,
        user: UserId,
        id: KeyId,
        ended: Millis,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        self.change_key(&NOTE_END, values![user, id, ended], entry).await
    }

    /// Everybody's keys that live beyond `last`, among them those without an end.
    pub async fn keys_beyond(&self, last: Millis, limit: usize) -> Result<Vec<(UserId, KeyId)>, StoreError> {
        let rows = self.db.all(&BEYOND, values![last, limit]).await?;
        rows.iter().map(whose).collect()
    }

    /// Lets a key's life end at `last`, if it would be longer. False if it would not, or is not the person's.
    pub async fn cut_key_life(
        &self,
        user: UserId,
        id: KeyId,
        last: Millis,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        self.change_key(&CUT, values![user, id, last], entry).await
    }

    /// The longest life, in milliseconds, that anybody may give a key; none for no bound.
    pub async fn longest_key_life(&self) -> Result<Option<i64>, StoreError> {
        let row = self.db.optional(&BOUND, values![]).await?;
        row.map_or(Ok(None), |row| row.optional_number("longest_key_life"))
    }

    /// Bounds the life that anybody may give a key. Keys that live longer stay as they are until they are cut.
    pub async fn set_longest_key_life(
        &self,
        millis: Option<i64>,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&SET_BOUND, values![millis]).await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await
    }
}

fn whose(row: &Row) -> Result<(UserId, KeyId), StoreError> {
    Ok((row.parsed("user_id")?, row.parsed("id")?))
}
