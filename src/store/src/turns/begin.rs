//! The beginning of a turn: question, empty answer, new leaf and lease, all or nothing.
//! It refuses a second running answer in a conversation.

use marshmallow_core::{Author, ConversationId, MessageId, MessageStatus, Millis, UserId};

use crate::{
    Store, StoreError,
    db::{Tx, statements, values},
};

/// A turn to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTurn {
    /// Who asks.
    pub user: UserId,
    /// Where.
    pub place: TurnPlace,
    /// What is asked.
    pub question: TurnQuestion,
    /// The id of the answer, and so of its generation.
    pub answer: MessageId,
    /// The model that is asked.
    pub model: String,
    /// The server that writes the answer.
    pub owner: String,
    /// When its lease ends unless it is extended.
    pub lease_until: Millis,
    /// The present moment.
    pub now: Millis,
}

/// The conversation of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnPlace {
    /// One that this turn begins.
    New {
        /// Its id.
        id: ConversationId,
        /// Its title.
        title: String,
    },
    /// One of the person's.
    Existing(ConversationId),
}

/// What a turn answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnQuestion {
    /// A new message, which follows the conversation's leaf.
    Send {
        /// Its id.
        id: MessageId,
        /// Its text.
        text: String,
    },
    /// An earlier message of the person's in this conversation. The new answer stands beside the old one.
    Retry(MessageId),
}

/// Why a turn did not begin. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum BeginTurnError {
    /// An answer is being written in this conversation.
    #[error("an answer is being written in this conversation")]
    Busy,
    /// The conversation or the message does not exist, or is somebody else's.
    #[error("there is no such conversation or message")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

statements! {
    CREATE on "conversations" =
        "INSERT INTO conversations (id, user_id, title, model, created_at, updated_at)
         VALUES ($2, $1, $3, $4, $5, $5)";
    /// Also makes turns of one conversation wait for each other, so that each reads the leaf of the one before.
    ENTER on "conversations" =
        "UPDATE conversations SET model = $3, updated_at = $4 WHERE user_id = $1 AND id = $2 RETURNING leaf_id";
    QUESTION on "messages" =
        "SELECT id FROM messages WHERE user_id = $1 AND conversation_id = $2 AND id = $3 AND author = 'user'";
    INSERT on "messages" =
        "INSERT INTO messages (id, conversation_id, user_id, parent_id, author, status, text, reasoning, model,
                created_at, completed_at)
         VALUES ($3, $2, $1, $4, $5, $6, $7, '', $8, $9, $10)";
    SET_LEAF on "conversations" = "UPDATE conversations SET leaf_id = $3 WHERE user_id = $1 AND id = $2";
    GENERATE on "generations" =
        "INSERT INTO generations (message_id, user_id, conversation_id, owner, lease_until, stop_requested)
         VALUES ($3, $1, $2, $4, $5, FALSE) ON CONFLICT (conversation_id) DO NOTHING";
}

impl Store {
    /// Begins a turn: makes or enters the conversation, stores the question unless it is a retry, stores the
    /// empty answer as the new leaf, and gives `owner` the lease on it.
    pub async fn begin_turn(&self, turn: &NewTurn) -> Result<(), BeginTurnError> {
        let mut tx = self.db.begin().await?;
        let (conversation, leaf) = enter(&mut tx, turn).await?;
        let question = match &turn.question {
            TurnQuestion::Send { id, text } => {
                let row = values![
                    turn.user,
                    conversation,
                    *id,
                    leaf,
                    Author::User.slug(),
                    MessageStatus::Complete.slug(),
                    text,
                    None::<&str>,
                    turn.now,
                    turn.now,
                ];
                tx.execute(&INSERT, row).await?;
                *id
            }
            TurnQuestion::Retry(id) => {
                let found = tx
                    .optional(&QUESTION, values![turn.user, conversation, *id])
                    .await?;
                found.map(|_| *id).ok_or(BeginTurnError::NotFound)?
            }
        };
        let answer = values![
            turn.user,
            conversation,
            turn.answer,
            question,
            Author::Assistant.slug(),
            MessageStatus::Streaming.slug(),
            "",
            &turn.model,
            turn.now,
            None::<Millis>,
        ];
        tx.execute(&INSERT, answer).await?;
        let generation = values![
            turn.user,
            conversation,
            turn.answer,
            &turn.owner,
            turn.lease_until
        ];
        if tx.execute(&GENERATE, generation).await? == 0 {
            return Err(BeginTurnError::Busy);
        }
        tx.execute(&SET_LEAF, values![turn.user, conversation, turn.answer])
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The conversation of the turn and the message that it showed last.
async fn enter(tx: &mut Tx, turn: &NewTurn) -> Result<(ConversationId, Option<MessageId>), BeginTurnError> {
    match &turn.place {
        TurnPlace::New { id, title } => {
            tx.execute(&CREATE, values![turn.user, *id, title, &turn.model, turn.now])
                .await?;
            Ok((*id, None))
        }
        TurnPlace::Existing(id) => {
            let row = tx
                .optional(&ENTER, values![turn.user, *id, &turn.model, turn.now])
                .await?;
            let row = row.ok_or(BeginTurnError::NotFound)?;
            Ok((*id, row.optional_parsed("leaf_id")?))
        }
    }
}
