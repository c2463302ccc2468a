//! A provider's list of models in our words, and the pages it comes in.

use marshmallow_core::{Abilities, Price};
use serde_json::Value;

/// A model that a key can use, as far as the provider's list tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedModel {
    /// The provider's own name.
    pub id: String,
    /// A name for people.
    pub title: Option<String>,
    /// Context length in tokens.
    pub context: Option<u64>,
    /// Its price, where the list holds prices.
    pub price: Option<Price>,
    /// What it can do, where the list tells.
    pub abilities: Option<Abilities>,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Page {
    /// Its models.
    pub(crate) models: Vec<ListedModel>,
    /// What names the next page; none on the last.
    pub(crate) next: Option<String>,
}

impl ListedModel {
    /// A model of which nothing but the name is known. None for a name that cannot stand behind the slash
    /// of a model's name.
    pub(crate) fn named(id: &Value) -> Option<Self> {
        let id = id.as_str()?;
        let fits = (1..=200).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self {
            id: id.to_owned(),
            title: None,
            context: None,
            price: None,
            abilities: None,
        })
    }

    /// Adds the name for people, shortened to what a selector can show.
    pub(crate) fn titled(mut self, title: &Value) -> Self {
        self.title = title
            .as_str()
            .map(|text| {
                text.chars()
                    .filter(|c| !c.is_control())
                    .take(120)
                    .collect::<String>()
            })
            .filter(|text| !text.trim().is_empty());
        self
    }

    /// Adds the context length: the first of `values` that is a number.
    pub(crate) fn with_context(mut self, values: &[&Value]) -> Self {
        self.context = values.iter().find_map(|value| value.as_u64()).filter(|&n| n > 0);
        self
    }
}

/// Parts of names that say that a model does not hold a conversation in text. Lists of OpenAI and Google
/// hold everything they serve, and say nothing about it (OpenAI) or too little (Google). A model that is
/// wrongly shown gives an error at the first chat; one wrongly hidden would be missed, so the parts are
/// whole words of the names.
const NOT_FOR_CHAT: [&str; 21] = [
    "aqa",
    "audio",
    "babbage",
    "codex",
    "computer",
    "dall",
    "davinci",
    "embed",
    "embedding",
    "image",
    "imagen",
    "instruct",
    "live",
    "moderation",
    "realtime",
    "research",
    "robotics",
    "sora",
    "transcribe",
    "tts",
    "whisper",
];

/// Whether a model of this name holds a conversation in text, by the words of its name.
pub(crate) fn is_for_chat(id: &str) -> bool {
    !id.to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| NOT_FOR_CHAT.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_cannot_chat() {
        for id in [
            "gpt-4o",
            "gpt-5.5",
            "gpt-5-mini-2025-08-07",
            "o3",
            "o4-mini",
            "chatgpt-4o-latest",
            "gemini-2.5-pro",
            "gemini-flash-latest",
            "gemma-4-31b-it",
            "gpt-3.5-turbo",
            "gpt-oss-20b",
        ] {
            assert!(is_for_chat(id), "{id}");
        }
        for id in [
            "text-embedding-3-large",
            "tts-1-hd",
            "gpt-4o-mini-tts",
            "whisper-1",
            "dall-e-3",
            "gpt-image-1",
            "omni-moderation-latest",
            "gpt-4o-realtime-preview",
            "gpt-audio",
            "gpt-4o-transcribe",
            "sora-2",
            "babbage-002",
            "davinci-002",
            "gpt-3.5-turbo-instruct",
            "gemini-embedding-001",
            "gemini-2.5-flash-preview-tts",
            "gemini-2.5-flash-image",
            "gemini-live-2.5-flash",
            "aqa",
        ] {
            assert!(!is_for_chat(id), "{id}");
        }
    }

    #[test]
    fn names_that_cannot_be_model_names_are_left_out() {
        for wrong in ["", "two words", "grün", &"x".repeat(201)] {
            assert_eq!(ListedModel::named(&wrong.into()), None, "{wrong}");
        }
        assert_eq!(ListedModel::named(&Value::Null), None);
        assert_eq!(ListedModel::named(&"a/b:free".into()).unwrap().id, "a/b:free");
    }
}
