//! What failed calls leave on a key, shared by all servers: failures in a row, and until when it rests.
//! It refuses to decide how long: the caller reckons.

use marshmallow_core::{KeyId, Millis, Rest, UserId};

use crate::{
    Store, StoreError,
    db::{statements, values},
};

statements! {
    FAILED on "provider_keys" =
        "UPDATE provider_keys SET failures = failures + 1 WHERE user_id = $1 AND id = $2 RETURNING failures";
    /// A rest that another server found out about and that lasts longer stays.
    REST on "provider_keys" =
        "UPDATE provider_keys SET rest_until = $3, rest_because = $4
          WHERE user_id = $1 AND id = $2 AND (rest_until IS NULL OR rest_until < $3)";
    WAKE on "provider_keys" =
        "UPDATE provider_keys SET failures = 0, rest_until = NULL, rest_because = NULL
          WHERE user_id = $1 AND id = $2";
    TRY on "provider_keys" =
        "UPDATE provider_keys SET rest_until = $4 WHERE user_id = $1 AND id = $2 AND rest_until = $3";
}

impl Store {
    /// Counts a failed call of a key, and gives how many there are in a row; none if it is not the person's.
    pub async fn count_key_failure(&self, user: UserId, id: KeyId) -> Result<Option<u32>, StoreError> {
        let rows = self.db.returning(&FAILED, values![user, id]).await?;
        rows.first().map(|row| row.number("failures")).transpose()
    }

    /// Lets a key rest, unless it rests longer already.
    pub async fn rest_key(&self, user: UserId, id: KeyId, rest: Rest) -> Result<(), StoreError> {
        let values = values![user, id, rest.until, rest.because.slug()];
        self.db.execute(&REST, values).await?;
        Ok(())
    }

    /// Forgets a key's failures and ends its rest: a call with it worked.
    pub async fn wake_key(&self, user: UserId, id: KeyId) -> Result<(), StoreError> {
        self.db.execute(&WAKE, values![user, id]).await?;
        Ok(())
    }

    /// Takes the one try that a key has after its rest, which ended at `rested`. For everybody else it rests on
    /// until `until`. False if somebody else took it.
    pub async fn take_key_trial(
        &self,
        user: UserId,
        id: KeyId,
        rested: Millis,
        until: Millis,
    ) -> Result<bool, StoreError> {
        Ok(self.db.execute(&TRY, values![user, id, rested, until]).await? == 1)
    }
}
