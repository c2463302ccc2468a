//! The end of a turn: the journal folds into the message, and what it used is noted, all or nothing.
//! Only the holder of the lease can end a turn, and only once.

use marshmallow_core::{KeyId, MessageId, MessageStatus, Millis, UserId};

use crate::{
    AuditEntry, Store, StoreError, UsageRow, audit,
    budgets::settle,
    db::{statements, values},
    keys, usage,
};

/// An answer as it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedTurn {
    /// The answer.
    pub message: MessageId,
    /// Whose it is.
    pub user: UserId,
    /// The server that holds the lease.
    pub owner: String,
    /// How it ended.
    pub status: MessageStatus,
    /// Its text.
    pub text: String,
    /// The model's reasoning.
    pub reasoning: String,
    /// Its receipt, as JSON; none when no provider was reached.
    pub receipt: Option<String>,
    /// What went wrong, as JSON.
    pub error: Option<String>,
    /// When it ended.
    pub completed_at: Millis,
    /// What it used; none when no provider was reached.
    pub usage: Option<UsageRow>,
    /// The stored key that served.
    pub used_key: Option<KeyId>,
    /// What the audit trail is told of the keys at work.
    pub entries: Vec<AuditEntry>,
}

statements! {
    /// Takes the journal with it.
    RELEASE on "generations" = "DELETE FROM generations WHERE user_id = $1 AND message_id = $2 AND owner = $3";
    FOLD on "messages" =
        "UPDATE messages SET status = $3, text = $4, reasoning = $5, receipt = $6, error = $7, completed_at = $8
          WHERE user_id = $1 AND id = $2";
}

impl Store {
    /// Ends a turn: stores the whole answer, drops its journal and its lease, notes usage and the
    /// key's use, and tells the audit trail.
    /// False, and nothing is changed, if `owner` does not hold the lease (any more).
    pub async fn finish_turn(&self, turn: &FinishedTurn) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        if tx
            .execute(&RELEASE, values![turn.user, turn.message, &turn.owner])
            .await?
            == 0
        {
            return Ok(false);
        }
        let answer = values![
            turn.user,
            turn.message,
            turn.status.slug(),
            &turn.text,
            &turn.reasoning,
            &turn.receipt,
            &turn.error,
            turn.completed_at,
        ];
        tx.execute(&FOLD, answer).await?;
        if let Some(row) = &turn.usage {
            usage::write(&mut tx, turn.user, turn.message, row).await?;
        }
        settle::settle(&mut tx, turn.user, turn.message, turn.usage.as_ref()).await?;
        if let Some(key) = turn.used_key {
            keys::mark_used(&mut tx, turn.user, key, turn.completed_at).await?;
        }
        for entry in &turn.entries {
            audit::write(&mut tx, entry).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}
