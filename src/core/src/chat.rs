//! Conversations and messages as the browser sees them.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, MessageId, Millis, ModelId, Pause, PublicError, Receipt};

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Author {
    /// The word stored in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Author::User => "user",
            Author::Assistant => "assistant",
        }
    }
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Whole.
    Complete,
    /// Being written.
    Streaming,
    /// Ended by the person.
    Stopped,
    /// Ended by a stop of the server; what had been shown is kept.
    Interrupted,
    /// Ended by the provider without a finish reason.
    Incomplete,
    /// Ended by an error.
    Failed,
}

impl MessageStatus {
    /// The word stored in the database.
    pub fn slug(self) -> &'static str {
        match self {
            MessageStatus::Complete => "complete",
            MessageStatus::Streaming => "streaming",
            MessageStatus::Stopped => "stopped",
            MessageStatus::Interrupted => "interrupted",
            MessageStatus::Incomplete => "incomplete",
            MessageStatus::Failed => "failed",
        }
    }

    /// The status of a stored word; an unknown word counts as incomplete.
    pub fn from_slug(slug: &str) -> Self {
        [
            Self::Complete,
            Self::Streaming,
            Self::Stopped,
            Self::Interrupted,
            Self::Failed,
        ]
        .into_iter()
        .find(|status| status.slug() == slug)
        .unwrap_or(Self::Incomplete)
    }
}

/// A line of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationSummary {
    /// Its id.
    pub id: ConversationId,
    /// Its title.
    pub title: String,
    /// When something last happened in it.
    pub updated_at: Millis,
}

/// A page of the sidebar, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ConversationPage {
    /// The lines.
    pub conversations: Vec<ConversationSummary>,
    /// Whether older ones follow.
    pub has_more: bool,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// Its id.
    pub id: MessageId,
    /// The message that it follows.
    pub parent: Option<MessageId>,
    /// Who wrote it.
    pub author: Author,
    /// How far it has come.
    pub status: MessageStatus,
    /// Its text; for a running answer, what has been written so far.
    pub text: String,
    /// The model's reasoning, where it shows any.
    pub reasoning: String,
    /// The model that writes it.
    pub model: Option<ModelId>,
    /// Its receipt, when it has ended.
    pub receipt: Option<Receipt>,
    /// What went wrong, if something did.
    pub error: Option<PublicError>,
    /// For a running answer: why it stands still, if it does.
    pub pause: Option<Pause>,
    /// For a running answer: the number of the last frame that `text` holds.
    pub last_seq: Option<u32>,
    /// When it was stored.
    pub created_at: Millis,
}

/// An open conversation: the branch that it shows, oldest message first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationView {
    /// Its id.
    pub id: ConversationId,
    /// Its title.
    pub title: String,
    /// The model that its last answer was asked of.
    pub model: Option<ModelId>,
    /// The messages.
    pub messages: Vec<MessageView>,
}
