//! Sends each question to the adapter of its provider. The one place that matches over providers for
//! calls and errors, so that `client` needs to know none of them.

use marshmallow_core::{Diagnosis, Provider};
use serde_json::Value;

use crate::{
    ChatRequest, ProviderError, Target,
    account::Account,
    anthropic,
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

/// The call that asks what a provider knows of the key itself; none where it tells nothing but its list.
pub(crate) fn account(target: &Target) -> Option<Result<Call, BadBase>> {
    match target.provider {
        Provider::OpenRouter => Some(openrouter::probe::account(&target.base_url)),
        Provider::Custom => openai::account::account(&target.base_url),
        Provider::OpenAi | Provider::Anthropic | Provider::Google => None,
    }
}

/// What an account says of its key; none if the body is no account.
pub(crate) fn read_account(provider: Provider, body: &Value) -> Option<Account> {
    match provider {
        Provider::OpenRouter => openrouter::probe::read_account(body),
        Provider::Custom => openai::account::read_account(body),
        Provider::OpenAi | Provider::Anthropic | Provider::Google => None,
    }
}

/// What a successful answer to the free check says; none if it is neither an account nor a list.
/// OpenRouter's list is public and proves nothing.
pub(crate) fn read_check(provider: Provider, body: &Value) -> Option<Diagnosis> {
    match (read_account(provider, body), provider) {
        (Some(account), _) => Some(account.diagnosis),
        (None, Provider::OpenRouter) => None,
        (None, provider) => read_list(provider, body).map(|_| Diagnosis::Valid),
    }
}

/// What a failed call's answer means. Foreign text in it is not yet redacted.
pub(crate) fn error_of_answer(provider: Provider, status: u16, hints: Hints, body: &[u8]) -> ProviderError {
    if (300..400).contains(&status) {
        let detail = "the server answered with a redirect, and keys never follow one";
        return ProviderError::ours(Diagnosis::Garbled, detail).with_hints(status, hints);
    }
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
