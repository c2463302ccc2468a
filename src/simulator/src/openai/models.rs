//! The models that OpenAI lists: those that chat, those that do something else, and what sets them apart.

use serde_json::{Value, json};

use crate::refusal::Reason;

use super::CREATED;

/// What a model is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Chat,
    /// It thinks first; it takes `max_completion_tokens` and no temperature.
    Reasoning,
    Other,
}

/// Name, the dated name that answers carry, and purpose.
const MODELS: [(&str, &str, Purpose); 13] = [
    ("gpt-5", "gpt-5-2025-08-07", Purpose::Reasoning),
    ("gpt-5-mini", "gpt-5-mini-2025-08-07", Purpose::Reasoning),
    ("text-embedding-3-small", "", Purpose::Other),
    ("o4-mini", "o4-mini-2025-04-16", Purpose::Reasoning),
    ("tts-1", "", Purpose::Other),
    ("gpt-4o", "gpt-4o-2024-08-06", Purpose::Chat),
    ("gpt-4o-mini", "gpt-4o-mini-2024-07-18", Purpose::Chat),
    ("gpt-4o-mini-tts", "", Purpose::Other),
    ("whisper-1", "", Purpose::Other),
    ("text-embedding-ada-002", "", Purpose::Other),
    ("omni-moderation-latest", "", Purpose::Other),
    ("gpt-image-1", "", Purpose::Other),
    ("gpt-3.5-turbo", "gpt-3.5-turbo-0125", Purpose::Chat),
];

/// A model that can chat.
pub(super) struct ChatModel {
    /// The name that answers carry.
    pub dated: &'static str,
    pub reasons: bool,
}

/// The list as the provider sends it: in no useful order.
pub(super) fn list() -> Value {
    let data: Vec<Value> = MODELS.iter().map(|(name, ..)| entry(name)).collect();
    json!({"object": "list", "data": data})
}

/// One entry of the list.
pub(super) fn find(id: &str) -> Option<Value> {
    MODELS
        .iter()
        .find(|(name, ..)| *name == id)
        .map(|(name, ..)| entry(name))
}

/// The model of a chat request.
pub(super) fn chat_model(id: &str) -> Result<ChatModel, Reason> {
    let found = MODELS
        .iter()
        .find(|(name, dated, _)| *name == id || (*dated == id && !id.is_empty()));
    match found {
        None => Err(Reason::UnknownModel(id.to_owned())),
        Some((.., Purpose::Other)) => Err(Reason::NotAChatModel(id.to_owned())),
        Some((_, dated, purpose)) => Ok(ChatModel {
            dated,
            reasons: *purpose == Purpose::Reasoning,
        }),
    }
}

fn entry(name: &str) -> Value {
    json!({"id": name, "object": "model", "created": CREATED, "owned_by": "system"})
}
