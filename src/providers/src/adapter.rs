//! Sends each question to the adapter of its provider. The one place that matches over providers for
//! calls and errors, so that `client` needs to know none of them.

use marshmallow_core::Provider;
use serde_json::Value;

use crate::{
    ChatRequest, ProviderError, Target, anthropic,
    call::{BadBase, Call},
    gemini,
    hints::Hints,
    listing::Page,
    openai, openrouter,
    refusal::Refusal,
};

/// The call that streams an answer.
pub(crate) fn chat(target: &Target, request: &ChatRequest) -> Result<Call, BadBase> {
    let base = &target.base_url;
    match target.provider {
        Provider::Anthropic => anthropic::request::chat(base, request),
        Provider::Google => gemini::request::chat(base, request),
        provider => openai::request::chat(provider, base, request),
    }
}

/// The call for a page of the list of models.
pub(crate) fn list(target: &Target, page: Option<&str>) -> Result<Call, BadBase> {
    let base = &target.base_url;
    match target.provider {
        Provider::OpenAi | Provider::Custom => openai::probe::list(base),
        Provider::OpenRouter => openrouter::probe::list(base),
        Provider::Anthropic => anthropic::probe::list(base, page),
        Provider::Google => gemini::probe::list(base, page),
    }
}

/// Reads a page of the list; none if the body is no list.
pub(crate) fn read_list(provider: Provider, body: &Value) -> Option<Page> {
    match provider {
        Provider::OpenAi | Provider::Custom => openai::probe::read_list(provider, body),
        Provider::OpenRouter => openrouter::probe::read_list(body),
        Provider::Anthropic => anthropic::probe::read_list(body),
        Provider::Google => gemini::probe::read_list(body),
    }
}

/// What a failed call's answer means. Foreign text in it is not yet redacted.
pub(crate) fn error_of_answer(provider: Provider, status: u16, hints: Hints, body: &[u8]) -> ProviderError {
    let refusal = Refusal::of_answer(status, hints.retry_after, body);
    error_of(provider, refusal).with_hints(status, hints)
}

/// What an error inside a stream means. Foreign text in it is not yet redacted.
pub(crate) fn error_in_stream(provider: Provider, event: &Value) -> ProviderError {
    error_of(provider, Refusal::of_event(event))
}

fn error_of(provider: Provider, refusal: Refusal) -> ProviderError {
    let diagnosis = match provider {
        Provider::OpenAi | Provider::Custom => openai::errors::diagnose(provider, &refusal),
        Provider::OpenRouter => openrouter::errors::diagnose(&refusal),
        Provider::Anthropic => anthropic::errors::diagnose(&refusal),
        Provider::Google => gemini::errors::diagnose(&refusal),
    };
    ProviderError {
        diagnosis,
        status: refusal.status,
        retry_after: refusal.retry_after,
        detail: refusal.message,
        request_id: None,
    }
}

#[cfg(test)]
mod tests;
