//! Messages as a tree: each knows its parent, and a conversation shows the branch that ends in its leaf.
//! It only reads; `turns` writes.

use marshmallow_core::{Author, ConversationId, MessageId, MessageStatus, Millis, UserId};

use crate::{
    Store, StoreError,
    db::{Row, statements, values},
};

/// A stored message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRecord {
    /// Its id.
    pub id: MessageId,
    /// The conversation that it stands in.
    pub conversation: ConversationId,
    /// The message that it follows.
    pub parent: Option<MessageId>,
    /// Who wrote it.
    pub author: Author,
    /// How far it has come.
    pub status: MessageStatus,
    /// Its text; empty while an answer is being written.
    pub text: String,
    /// The model's reasoning.
    pub reasoning: String,
    /// The model that was asked.
    pub model: Option<String>,
    /// Its receipt, as JSON.
    pub receipt: Option<String>,
    /// What went wrong, as JSON.
    pub error: Option<String>,
    /// When it was stored.
    pub created_at: Millis,
    /// When it ended.
    pub completed_at: Option<Millis>,
}

statements! {
    BRANCH on "messages" =
        "WITH RECURSIVE branch (id, parent_id, depth) AS (
            SELECT m.id, m.parent_id, 0
              FROM conversations c JOIN messages m ON m.id = c.leaf_id
             WHERE c.user_id = $1 AND c.id = $2 AND m.user_id = $1 AND m.conversation_id = $2
            UNION ALL
            SELECT m.id, m.parent_id, b.depth + 1
              FROM branch b JOIN messages m ON m.id = b.parent_id
             WHERE m.user_id = $1 AND m.conversation_id = $2
         )
         SELECT m.id, m.conversation_id, m.parent_id, m.author, m.status, m.text, m.reasoning, m.model, m.receipt,
                m.error, m.created_at, m.completed_at
           FROM branch b JOIN messages m ON m.id = b.id ORDER BY b.depth DESC";
    BY_ID on "messages" =
        "SELECT id, conversation_id, parent_id, author, status, text, reasoning, model, receipt, error, created_at,
                completed_at
           FROM messages WHERE user_id = $1 AND id = $2";
}

impl Store {
    /// The branch that a conversation shows, oldest message first; empty if it is not the person's.
    pub async fn branch(
        &self,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Vec<MessageRecord>, StoreError> {
        let rows = self.db.all(&BRANCH, values![user, conversation]).await?;
        rows.iter().map(message_of).collect()
    }

    /// One message.
    pub async fn message(&self, user: UserId, id: MessageId) -> Result<Option<MessageRecord>, StoreError> {
        let row = self.db.optional(&BY_ID, values![user, id]).await?;
        row.as_ref().map(message_of).transpose()
    }
}

fn message_of(row: &Row) -> Result<MessageRecord, StoreError> {
    let author = row.text("author")?;
    let author = [Author::User, Author::Assistant]
        .into_iter()
        .find(|known| known.slug() == author)
        .ok_or_else(|| row.inconsistent("author"))?;
    Ok(MessageRecord {
        id: row.parsed("id")?,
        conversation: row.parsed("conversation_id")?,
        parent: row.optional_parsed("parent_id")?,
        author,
        status: MessageStatus::from_slug(&row.text("status")?),
        text: row.text("text")?,
        reasoning: row.text("reasoning")?,
        model: row.optional_text("model")?,
        receipt: row.optional_text("receipt")?,
        error: row.optional_text("error")?,
        created_at: row.millis("created_at")?,
        completed_at: row.optional_millis("completed_at")?,
    })
}
