//! The providers, and what a person needs to know of each: its name and what its keys look like.
//! Wire formats live in `providers`, links in `help_page`; this file knows words only.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A company or server that answers chat requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// OpenAI.
    OpenAi,
    /// Anthropic.
    Anthropic,
    /// Google AI (the Gemini API).
    Google,
    /// OpenRouter, which resells other providers' models.
    OpenRouter,
    /// Any OpenAI-compatible server: Ollama, vLLM, llama.cpp, LM Studio and others.
    Custom,
}

impl Provider {
    /// All providers, in the order in which pages list them.
    pub const ALL: [Provider; 5] = [
        Provider::OpenAi,
        Provider::Anthropic,
        Provider::Google,
        Provider::OpenRouter,
        Provider::Custom,
    ];

    /// The stable word used in the database, in URLs and before a model's name.
    pub fn slug(self) -> &'static str {
        match self {
            Provider::OpenAi => "openai",
            Provider::Anthropic => "anthropic",
            Provider::Google => "google",
            Provider::OpenRouter => "openrouter",
            Provider::Custom => "custom",
        }
    }

    /// The provider of a slug.
    pub fn from_slug(slug: &str) -> Option<Provider> {
        Provider::ALL.into_iter().find(|provider| provider.slug() == slug)
    }

    /// The name people know.
    pub fn name(self) -> &'static str {
        match self {
            Provider::OpenAi => "OpenAI",
            Provider::Anthropic => "Anthropic",
            Provider::Google => "Google AI",
            Provider::OpenRouter => "OpenRouter",
            Provider::Custom => "Custom endpoint",
        }
    }

    /// What its keys look like, for a placeholder. A hint, never a gate.
    pub fn key_example(self) -> &'static str {
        match self {
            Provider::OpenAi => "sk-proj-…",
            Provider::Anthropic => "sk-ant-api03-…",
            Provider::Google => "AQ.… or AIza…",
            Provider::OpenRouter => "sk-or-v1-…",
            Provider::Custom => "whatever your server accepts",
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The word before the slash of a model's name: a provider's slug, or the name that a person gave to a
/// custom endpoint ("ollama", "local").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EndpointName(String);

/// Why a text cannot name an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("use 1 to 32 lower-case letters, digits and hyphens, starting with a letter")]
pub struct EndpointNameError;

impl EndpointName {
    /// The provider that this endpoint speaks for.
    pub fn provider(&self) -> Provider {
        Provider::from_slug(&self.0).unwrap_or(Provider::Custom)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Provider> for EndpointName {
    fn from(provider: Provider) -> Self {
        Self(provider.slug().to_owned())
    }
}

impl FromStr for EndpointName {
    type Err = EndpointNameError;

    fn from_str(text: &str) -> Result<Self, EndpointNameError> {
        let fits = (1..=32).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(EndpointNameError)
        }
    }
}

impl fmt::Display for EndpointName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slug_leads_back_to_its_provider() {
        for provider in Provider::ALL {
            assert_eq!(Provider::from_slug(provider.slug()), Some(provider));
            assert_eq!(EndpointName::from(provider).provider(), provider);
        }
    }

    #[test]
    fn endpoint_names_are_small_words() {
        assert_eq!(
            "ollama".parse::<EndpointName>().unwrap().provider(),
            Provider::Custom
        );
        for wrong in ["", "Ollama", "my ollama", "9lives", "a/b", &"x".repeat(33)] {
            assert_eq!(wrong.parse::<EndpointName>(), Err(EndpointNameError), "{wrong}");
        }
    }
}
