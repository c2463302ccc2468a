//! Who writes a running answer, and what becomes of it when that server is gone.
//! A lease is a promise to come back before a moment; only time decides, never a guess about the other server.

use marshmallow_core::{ConversationId, MessageId, Millis, UserId};

use crate::{
    Store, StoreError,
    db::{Row, statements, values},
};

/// An answer being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerationRecord {
    /// The answer.
    pub message: MessageId,
    /// The conversation that it stands in.
    pub conversation: ConversationId,
    /// The server that writes it.
    pub owner: String,
    /// When its lease ends.
    pub lease_until: Millis,
    /// Whether the person asked to stop it.
    pub stop_requested: bool,
}

/// An answer whose writer is gone, as it was when it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredTurn {
    /// The answer.
    pub message: MessageId,
    /// Whose it is.
    pub user: UserId,
    /// The conversation that it stands in.
    pub conversation: ConversationId,
    /// The server that wrote it.
    pub owner: String,
    /// When its lease ended, or was to end.
    pub lease_until: Millis,
}

statements! {
    EXTEND on "generations" =
        "UPDATE generations SET lease_until = $2 WHERE owner = $1 RETURNING message_id, stop_requested";
    REQUEST_STOP on "generations" =
        "UPDATE generations SET stop_requested = TRUE WHERE user_id = $1 AND message_id = $2";
    EXPIRED on "generations" =
        "SELECT message_id, user_id, conversation_id, owner, lease_until FROM generations
          WHERE lease_until <= $1 AND owner <> 'paused' ORDER BY lease_until, message_id";
    OF_OTHERS on "generations" =
        "SELECT message_id, user_id, conversation_id, owner, lease_until FROM generations
          WHERE owner <> $1 AND owner <> 'paused' ORDER BY lease_until, message_id";
    CLAIM on "generations" =
        "UPDATE generations SET owner = $4, lease_until = $5
          WHERE message_id = $1 AND owner = $2 AND lease_until = $3";
    BY_ID on "generations" =
        "SELECT message_id, conversation_id, owner, lease_until, stop_requested FROM generations
          WHERE user_id = $1 AND message_id = $2";
}

impl Store {
    /// Extends all leases of a server, and returns the answers that their people asked to stop.
    pub async fn extend_leases(&self, owner: &str, until: Millis) -> Result<Vec<MessageId>, StoreError> {
        let rows = self.db.returning(&EXTEND, values![owner, until]).await?;
        let mut stopped = Vec::new();
        for row in &rows {
            if row.flag("stop_requested")? {
                stopped.push(row.parsed("message_id")?);
            }
        }
        Ok(stopped)
    }

    /// Asks the writer of an answer to stop. False if it is not being written, or not the person's.
    pub async fn request_stop(&self, user: UserId, message: MessageId) -> Result<bool, StoreError> {
        Ok(self.db.execute(&REQUEST_STOP, values![user, message]).await? == 1)
    }

    /// Everybody's answers whose lease is over, longest first; paused ones have none.
    pub async fn expired_turns(&self, now: Millis) -> Result<Vec<ExpiredTurn>, StoreError> {
        let rows = self.db.all(&EXPIRED, values![now]).await?;
        rows.iter().map(expired_of).collect()
    }

    /// Everybody's answers that other servers wrote. Where there can be only one server, as on SQLite, these are
    /// what a killed one left, whatever their leases say; paused ones are nobody's.
    pub async fn turns_of_other_owners(&self, owner: &str) -> Result<Vec<ExpiredTurn>, StoreError> {
        let rows = self.db.all(&OF_OTHERS, values![owner]).await?;
        rows.iter().map(expired_of).collect()
    }

    /// Takes an answer over, unless its lease was extended or claimed since it was found. The journal comes
    /// along, and the former owner can neither add to it nor end the turn.
    pub async fn claim_turn(
        &self,
        turn: &ExpiredTurn,
        owner: &str,
        until: Millis,
    ) -> Result<bool, StoreError> {
        let values = values![turn.message, &turn.owner, turn.lease_until, owner, until];
        Ok(self.db.execute(&CLAIM, values).await? == 1)
    }

    /// The running generation of a person's answer.
    pub async fn generation(
        &self,
        user: UserId,
        message: MessageId,
    ) -> Result<Option<GenerationRecord>, StoreError> {
        let row = self.db.optional(&BY_ID, values![user, message]).await?;
        row.as_ref().map(generation_of).transpose()
    }
}

pub(super) fn expired_of(row: &Row) -> Result<ExpiredTurn, StoreError> {
    Ok(ExpiredTurn {
        message: row.parsed("message_id")?,
        user: row.parsed("user_id")?,
        conversation: row.parsed("conversation_id")?,
        owner: row.text("owner")?,
        lease_until: row.millis("lease_until")?,
    })
}

fn generation_of(row: &Row) -> Result<GenerationRecord, StoreError> {
    Ok(GenerationRecord {
        message: row.parsed("message_id")?,
        conversation: row.parsed("conversation_id")?,
        owner: row.text("owner")?,
        lease_until: row.millis("lease_until")?,
        stop_requested: row.flag("stop_requested")?,
    })
}
