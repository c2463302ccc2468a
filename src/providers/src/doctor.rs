//! The diagnosis of an answer: provider, status, headers and body in, meaning out. No I/O, no clock.
//! It is put together from the same parts as the client, for whoever holds an answer and no connection.

use marshmallow_core::{Diagnosis, Provider};
use reqwest::header::HeaderMap;

use crate::{ProviderError, adapter, hints::Hints};

/// What an answer means: of a chat call, or of the free check of a key. A success is judged as an answer to
/// the check. The provider's words in it are not redacted, since the key of the call is not known here.
pub fn diagnose(provider: Provider, status: u16, headers: &HeaderMap, body: &[u8]) -> ProviderError {
    let hints = Hints::read(headers);
    if !(200..300).contains(&status) {
        return adapter::error_of_answer(provider, status, hints, body);
    }
    let found = serde_json::from_slice(body)
        .ok()
        .and_then(|body| adapter::read_check(provider, &body));
    ProviderError::ours(found.unwrap_or(Diagnosis::Garbled), "").with_hints(status, hints)
}
