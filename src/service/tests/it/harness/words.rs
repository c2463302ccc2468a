//! What a test types: keys, addresses, models, and the texts to expect.

use marshmallow_core::{Provider, PublicError, Usage};
use marshmallow_service::{KeyPlace, ServiceError};
use marshmallow_simulator::{Simulator, directive::Directive, script};

/// A key in the form of its provider; `word` decides how it fares.
pub fn key_text(provider: Provider, word: &str) -> String {
    let front = match provider {
        Provider::OpenAi => "sk-proj-",
        Provider::Anthropic => "sk-ant-api03-",
        Provider::Google => "AQ.",
        Provider::OpenRouter => "sk-or-v1-",
        Provider::Custom => "local-",
    };
    format!("{front}{word}-0123456789abcdef")
}

/// Where the simulator stands in for a provider.
pub fn address(simulator: &Simulator, provider: Provider) -> String {
    let path = match provider {
        Provider::OpenAi => "/openai/v1",
        Provider::Anthropic => "/anthropic/v1",
        Provider::Google => "/google/v1beta",
        Provider::OpenRouter => "/openrouter/api/v1",
        Provider::Custom => "/custom/v1",
    };
    format!("{}{path}", simulator.url())
}

/// What is entered beside a key.
pub fn place(provider: Provider, custom: &str) -> KeyPlace {
    let is_custom = provider == Provider::Custom;
    KeyPlace {
        provider: provider.slug().to_owned(),
        label: "work".to_owned(),
        base_url: if is_custom {
            custom.to_owned()
        } else {
            String::new()
        },
        endpoint: if is_custom {
            "local".to_owned()
        } else {
            String::new()
        },
        ..KeyPlace::default()
    }
}

/// A model that the simulator serves.
pub fn model(provider: Provider) -> &'static str {
    match provider {
        Provider::OpenAi => "openai/gpt-4o-mini",
        Provider::Anthropic => "anthropic/claude-haiku-4-5-20251001",
        Provider::Google => "google/gemini-2.5-flash",
        Provider::OpenRouter => "openrouter/openai/gpt-5-mini",
        Provider::Custom => "local/sim-small",
    }
}

/// The answer that the simulator gives to a message when nothing fails.
pub fn said(message: &str) -> String {
    script::answer_text(&Directive::parse(message).unwrap(), message)
}

/// The tokens that the simulator counts for a message without anything before it.
pub fn usage_of(message: &str) -> Usage {
    let directive = Directive::parse(message).unwrap();
    let counted = script::usage(&directive, &[message.to_owned()], message);
    Usage {
        input: counted.input,
        cached_input: counted.cached,
        cache_write: 0,
        output: counted.answer + counted.reasoning,
        reasoning: counted.reasoning,
    }
}

/// The error that a person sees.
pub fn refusal<T>(outcome: Result<T, ServiceError>) -> PublicError {
    outcome.err().expect("it was not refused").into_public()
}
