//! Answers that stand still until somebody chooses, or until a moment. They belong to no server, so none has to live
//! for them; whoever goes on with one takes it first.

use marshmallow_core::{MessageId, Millis, UserId};

use super::lease::{ExpiredTurn, expired_of};
use crate::{
    Store, StoreError,
    db::{statements, values},
};

statements! {
    /// A stop that came meanwhile is not slept through.
    PAUSE on "generations" =
        "UPDATE generations SET owner = 'paused', lease_until = $4, wake_at = $5, key_id = NULL
          WHERE user_id = $1 AND message_id = $2 AND owner = $3 AND NOT stop_requested";
    RESUME on "generations" =
        "UPDATE generations SET owner = $3, lease_until = $4, wake_at = NULL
          WHERE user_id = $1 AND message_id = $2 AND owner = 'paused'";
    DUE on "generations" =
        "SELECT message_id, user_id, conversation_id, owner, lease_until FROM generations
          WHERE owner = 'paused' AND (lease_until <= $1 OR wake_at <= $1) ORDER BY lease_until, message_id";
}

impl Store {
    /// Lets an answer stand still, until `until` at the longest; at `wake` it is due to go on. False if `owner` does
    /// not hold it, or somebody wants it stopped.
    pub async fn pause_turn(
        &self,
        user: UserId,
        message: MessageId,
        owner: &str,
        until: Millis,
        wake: Option<Millis>,
    ) -> Result<bool, StoreError> {
        let values = values![user, message, owner, until, wake];
        Ok(self.db.execute(&PAUSE, values).await? == 1)
    }

    /// Takes a paused answer to go on with it. False if it is not paused (any more), or not the person's: of many who
    /// try, one gets it.
    pub async fn resume_turn(
        &self,
        user: UserId,
        message: MessageId,
        owner: &str,
        lease_until: Millis,
    ) -> Result<bool, StoreError> {
        let values = values![user, message, owner, lease_until];
        Ok(self.db.execute(&RESUME, values).await? == 1)
    }

    /// Everybody's paused answers whose moment has come.
    pub async fn due_pauses(&self, now: Millis) -> Result<Vec<ExpiredTurn>, StoreError> {
        let rows = self.db.all(&DUE, values![now]).await?;
        rows.iter().map(expired_of).collect()
    }
}
