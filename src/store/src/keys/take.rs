//! A key at work: taken for one answer, so that the database knows which key each running answer is written with.
//! It refuses to hand out a key that another one has replaced: from the commit of a replacement on, nobody gets it.

use marshmallow_core::{KeyId, MessageId, UserId};

use super::record::{KeyRecord, SealedKey, key_of, sealed_of};
use crate::{
    Store, StoreError,
    db::{statements, values},
};

/// What became of the wish to use a key.
pub enum Taken {
    /// The key, or the one that took its place meanwhile, with what is sealed.
    Key(Box<(KeyRecord, SealedKey)>),
    /// Its owner has switched it off or removed it.
    Withdrawn,
    /// The answer is not this server's any more.
    Lost,
}

statements! {
    ASSIGN on "generations" =
        "UPDATE generations SET key_id = $4 WHERE user_id = $1 AND message_id = $2 AND owner = $3";
    /// Changes nothing, and waits for a replacement that is being stored at this moment.
    TAKE on "provider_keys" =
        "UPDATE provider_keys SET is_active = is_active
          WHERE user_id = $1 AND id = $2 AND is_active AND replaced_by IS NULL
        RETURNING id, provider, endpoint, base_url, label, last_four, is_active, validation_status, models, created_at,
                last_used, last_validated, failures, rest_until, rest_because, expires_at, next_check, check_failures,
                credit_left, replaced_by, replaced_at, former_last_four, former_dead_at, status_since, key_cipher, iv,
                wrapped_dek, dek_iv, kek_id, format";
    SUCCESSOR on "provider_keys" =
        "SELECT replaced_by FROM provider_keys WHERE user_id = $1 AND id = $2 AND replaced_by IS NOT NULL";
    AT_WORK on "generations" =
        "SELECT DISTINCT key_id FROM generations WHERE user_id = $1 AND key_id IS NOT NULL";
}

impl Store {
    /// Takes a key for a person's running answer that `owner` writes; where another key has replaced it, that one.
    pub async fn take_key(
        &self,
        user: UserId,
        message: MessageId,
        owner: &str,
        key: KeyId,
    ) -> Result<Taken, StoreError> {
        let mut tx = self.db.begin().await?;
        let mut wanted = Some(key);
        while let Some(id) = wanted {
            // The answer first: whoever ends it locks in this order, too.
            let assigned = values![user, message, owner, id];
            if tx.execute(&ASSIGN, assigned).await? == 0 {
                return Ok(Taken::Lost);
            }
            if let Some(row) = tx.optional(&TAKE, values![user, id]).await? {
                let taken = Box::new((key_of(&row)?, sealed_of(&row)?));
                tx.commit().await?;
                return Ok(Taken::Key(taken));
            }
            let successor = tx.optional(&SUCCESSOR, values![user, id]).await?;
            wanted = successor.map(|row| row.parsed("replaced_by")).transpose()?;
        }
        Ok(Taken::Withdrawn)
    }

    /// Notes that a running answer uses none of its owner's keys.
    pub async fn leave_key(&self, user: UserId, message: MessageId, owner: &str) -> Result<(), StoreError> {
        let none = values![user, message, owner, None::<KeyId>];
        self.db.execute(&ASSIGN, none).await?;
        Ok(())
    }

    /// The keys with which answers of a person are being written.
    pub async fn keys_at_work(&self, user: UserId) -> Result<Vec<KeyId>, StoreError> {
        let rows = self.db.all(&AT_WORK, values![user]).await?;
        rows.iter().map(|row| row.parsed("key_id")).collect()
    }
}
