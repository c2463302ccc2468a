//! Conversations: listing, opening, renaming, deleting. Ownership is the store's `WHERE`; what is somebody
//! else's looks like what does not exist.

use marshmallow_core::{
    ConversationId, ConversationPage, ConversationSummary, ConversationView, LIMITS, MessageStatus,
    MessageView, PublicError, UserId,
};
use marshmallow_store::MessageRecord;

use super::{Chat, Inner, recovery::Found};
use crate::ServiceError;

impl Chat {
    /// A page of the person's conversations, newest first, after `before`.
    pub async fn conversations(
        &self,
        user: UserId,
        before: Option<ConversationId>,
    ) -> Result<ConversationPage, ServiceError> {
        let store = &self.0.base.store;
        let before = match before {
            None => None,
            Some(id) => {
                let record = store
                    .conversation(user, id)
                    .await?
                    .ok_or_else(|| PublicError::not_found("conversation"))?;
                Some((record.updated_at, id))
            }
        };
        let limit = LIMITS.conversations_per_page;
        let mut records = store.conversations(user, before, limit + 1).await?;
        let has_more = records.len() > limit;
        records.truncate(limit);
        let conversations = records
            .into_iter()
            .map(|record| ConversationSummary {
                id: record.id,
                title: record.title,
                updated_at: record.updated_at,
            })
            .collect();
        Ok(ConversationPage {
            conversations,
            has_more,
        })
    }

    /// One of the person's conversations, with the branch that it shows.
    pub async fn conversation(
        &self,
        user: UserId,
        id: ConversationId,
    ) -> Result<ConversationView, ServiceError> {
        let store = &self.0.base.store;
        let record = store
            .conversation(user, id)
            .await?
            .ok_or_else(|| PublicError::not_found("conversation"))?;
        let mut messages = Vec::new();
        for message in store.branch(user, id).await? {
            messages.push(view(&self.0, user, message).await?);
        }
        let model = record.model.and_then(|model| model.parse().ok());
        Ok(ConversationView {
            id,
            title: record.title,
            model,
            messages,
        })
    }

    /// Gives a conversation another title.
    pub async fn rename(&self, user: UserId, id: ConversationId, title: &str) -> Result<(), ServiceError> {
        let title = title.trim();
        let length = title.chars().count();
        if length == 0 || length > LIMITS.title_max_chars || title.chars().any(char::is_control) {
            return Err(PublicError::invalid(
                "This title cannot be used.",
                format!("Type 1 to {} characters on one line.", LIMITS.title_max_chars),
            )
            .into());
        }
        if self.0.base.store.rename_conversation(user, id, title).await? {
            Ok(())
        } else {
            Err(PublicError::not_found("conversation").into())
        }
    }

    /// Deletes a conversation with all its messages; an answer being written in it ends.
    pub async fn delete(&self, user: UserId, id: ConversationId) -> Result<(), ServiceError> {
        let store = &self.0.base.store;
        let branch = store.branch(user, id).await?;
        if !store.delete_conversation(user, id).await? {
            return Err(PublicError::not_found("conversation").into());
        }
        for message in branch {
            self.0.hub.end(message.id, MessageStatus::Stopped);
        }
        Ok(())
    }
}

/// A stored message as the browser sees it; a running answer with what its journal holds.
async fn view(inner: &Inner, user: UserId, message: MessageRecord) -> Result<MessageView, ServiceError> {
    if message.status != MessageStatus::Streaming {
        return Ok(shown(message));
    }
    let found = Found::of(inner, user, message.id).await?;
    if found.last_seq.is_none()
        && let Some(now) = inner.base.store.message(user, message.id).await?
        && now.status != MessageStatus::Streaming
    {
        // It has ended since it was read, and its journal went with that.
        return Ok(shown(now));
    }
    Ok(MessageView {
        text: found.text,
        reasoning: found.reasoning,
        pause: found.pause,
        last_seq: found.last_seq,
        ..shown(message)
    })
}

/// A message as it is stored.
fn shown(message: MessageRecord) -> MessageView {
    MessageView {
        id: message.id,
        parent: message.parent,
        author: message.author,
        status: message.status,
        text: message.text,
        reasoning: message.reasoning,
        model: message.model.and_then(|model| model.parse().ok()),
        receipt: message
            .receipt
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok()),
        error: message
            .error
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok()),
        pause: None,
        last_seq: None,
        created_at: message.created_at,
    }
}
