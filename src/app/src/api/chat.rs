//! Server functions for conversations and answers. `send`, `retry` and `attach` answer with the frames of
//! `marshmallow_core::Frame`, a JSON object a line.

use leptos::prelude::*;
use leptos::server_fn::codec::{ByteStream, GetUrl, Streaming};
use marshmallow_core::{ConversationId, ConversationPage, ConversationView, MessageId, ModelId};

use super::ApiError;

/// A page of the caller's conversations, newest first; `before` is the last one of the page above.
#[server(prefix = "/api", endpoint = "chat/conversations", input = GetUrl)]
pub async fn conversations(before: Option<ConversationId>) -> Result<ConversationPage, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .chat
        .conversations(signed_in.account.id, before)
        .await
        .map_err(door::refuse)
}

/// One of the caller's conversations, with the branch that it shows.
#[server(prefix = "/api", endpoint = "chat/conversation", input = GetUrl)]
pub async fn conversation(id: ConversationId) -> Result<ConversationView, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .chat
        .conversation(signed_in.account.id, id)
        .await
        .map_err(door::refuse)
}

/// Gives a conversation another title.
#[server(prefix = "/api", endpoint = "chat/rename")]
pub async fn rename_conversation(id: ConversationId, title: String) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .chat
        .rename(signed_in.account.id, id, &title)
        .await
        .map_err(door::refuse)
}

/// Deletes a conversation with all its messages.
#[server(prefix = "/api", endpoint = "chat/delete")]
pub async fn delete_conversation(id: ConversationId) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .chat
        .delete(signed_in.account.id, id)
        .await
        .map_err(door::refuse)
}

/// Stores a message and streams its answer; without a conversation, a new one begins.
#[server(name = SendMessage, prefix = "/api", endpoint = "chat/send", output = Streaming)]
pub async fn send(
    conversation: Option<ConversationId>,
    model: ModelId,
    text: String,
) -> Result<ByteStream<ApiError>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    let chat = &door::service()?.chat;
    let answer = chat
        .send(signed_in.account.id, conversation, model, text)
        .await
        .map_err(door::refuse)?;
    Ok(door::frames(answer))
}

/// Answers the question of `answer` once more, beside the first answer, with the given model.
#[server(prefix = "/api", endpoint = "chat/retry", output = Streaming)]
pub async fn retry(answer: MessageId, model: ModelId) -> Result<ByteStream<ApiError>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    let chat = &door::service()?.chat;
    let answer = chat
        .retry(signed_in.account.id, answer, model)
        .await
        .map_err(door::refuse)?;
    Ok(door::frames(answer))
}

/// Streams an answer from frame `after` on; without it, from the first frame.
#[server(prefix = "/api", endpoint = "chat/attach", output = Streaming)]
pub async fn attach(message: MessageId, after: Option<u32>) -> Result<ByteStream<ApiError>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    let answer = door::service()?
        .chat
        .attach(signed_in.account.id, message, after)
        .await
        .map_err(door::refuse)?;
    Ok(door::frames(answer))
}

/// Chooses an option of a paused answer's question by its place, from 0. The answer goes on in its own stream.
#[server(prefix = "/api", endpoint = "chat/choose")]
pub async fn choose(message: MessageId, option: usize) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .chat
        .choose(signed_in.account.id, message, option)
        .await
        .map_err(door::refuse)
}

/// Stops a running answer; what has been written stays.
#[server(prefix = "/api", endpoint = "chat/stop")]
pub async fn stop(message: MessageId) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .chat
        .stop(signed_in.account.id, message)
        .await
        .map_err(door::refuse)
}
