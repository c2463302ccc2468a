//! Conversations as lines of a list. Their messages are `messages`' business, their making is `turns`'.

use marshmallow_core::{ConversationId, MessageId, Millis, UserId};

use crate::{
    Store, StoreError,
    db::{Row, statements, values},
};

/// A stored conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRecord {
    /// Its id.
    pub id: ConversationId,
    /// Its title.
    pub title: String,
    /// The model that its last answer was asked of.
    pub model: Option<String>,
    /// The message that it shows last.
    pub leaf: Option<MessageId>,
    /// When it was begun.
    pub created_at: Millis,
    /// When its last turn began.
    pub updated_at: Millis,
}

statements! {
    PAGE on "conversations" =
        "SELECT id, title, model, leaf_id, created_at, updated_at FROM conversations
          WHERE user_id = $1 AND (updated_at, id) < ($2, $3)
          ORDER BY updated_at DESC, id DESC LIMIT $4";
    BY_ID on "conversations" =
        "SELECT id, title, model, leaf_id, created_at, updated_at FROM conversations
          WHERE user_id = $1 AND id = $2";
    RENAME on "conversations" = "UPDATE conversations SET title = $3 WHERE user_id = $1 AND id = $2";
    /// Running answers go first, in the order in which finishing one takes its locks.
    END_GENERATIONS on "generations" = "DELETE FROM generations WHERE user_id = $1 AND conversation_id = $2";
    DELETE on "conversations" = "DELETE FROM conversations WHERE user_id = $1 AND id = $2";
}

impl Store {
    /// A page of a person's conversations, newest first, behind the last line of the page before.
    pub async fn conversations(
        &self,
        user: UserId,
        before: Option<(Millis, ConversationId)>,
        limit: usize,
    ) -> Result<Vec<ConversationRecord>, StoreError> {
        let (time, id) = before.map_or((Millis(i64::MAX), String::new()), |(time, id)| {
            (time, id.to_string())
        });
        let rows = self.db.all(&PAGE, values![user, time, &id, limit]).await?;
        rows.iter().map(conversation_of).collect()
    }

    /// One conversation.
    pub async fn conversation(
        &self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<ConversationRecord>, StoreError> {
        let row = self.db.optional(&BY_ID, values![user, id]).await?;
        row.as_ref().map(conversation_of).transpose()
    }

    /// Gives a conversation another title. False if it is not the person's.
    pub async fn rename_conversation(
        &self,
        user: UserId,
        id: ConversationId,
        title: &str,
    ) -> Result<bool, StoreError> {
        Ok(self.db.execute(&RENAME, values![user, id, title]).await? == 1)
    }

    /// Deletes a conversation with its messages and its running answer; what they cost stays in `usage`.
    /// False if it is not the person's.
    pub async fn delete_conversation(&self, user: UserId, id: ConversationId) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&END_GENERATIONS, values![user, id]).await?;
        let deleted = tx.execute(&DELETE, values![user, id]).await?;
        tx.commit().await?;
        Ok(deleted == 1)
    }
}

fn conversation_of(row: &Row) -> Result<ConversationRecord, StoreError> {
    Ok(ConversationRecord {
        id: row.parsed("id")?,
        title: row.text("title")?,
        model: row.optional_text("model")?,
        leaf: row.optional_parsed("leaf_id")?,
        created_at: row.millis("created_at")?,
        updated_at: row.millis("updated_at")?,
    })
}
