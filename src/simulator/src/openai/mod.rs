//! OpenAI: the models and chat completions endpoints. Knows nothing of other providers and of the network.
//! Shapes after <https://platform.openai.com/docs/api-reference>.

mod errors;
mod models;
mod request;
mod stream;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::{
    chat::Chat,
    record::Recorded,
    refusal::{Reason, Refusal},
    sse::Frame,
    wire::{Door, Endpoint, Headers, Turn, Wire},
};

pub(crate) use request::messages;

/// When everything here was made, in seconds since 1970: the same always, so that answers are.
const CREATED: u64 = 1_760_000_000;

/// The wire format of `api.openai.com`.
pub(crate) struct OpenAi;

impl Wire for OpenAi {
    fn key<'r>(&self, request: &'r Recorded) -> Result<&'r str, Reason> {
        request.bearer().ok_or(Reason::MissingKey)
    }

    fn models(&self, _request: &Recorded) -> Result<Value, Reason> {
        Ok(models::list())
    }

    fn model(&self, id: &str) -> Result<Value, Reason> {
        models::find(id).ok_or_else(|| Reason::UnknownModel(id.to_owned()))
    }

    fn read(&self, request: &Recorded, _door: &Door) -> Result<Chat, Reason> {
        request::read(&request.body)
    }

    fn stream(&self, turn: &Turn<'_>) -> Vec<Frame> {
        stream::stream(turn)
    }

    fn whole(&self, turn: &Turn<'_>) -> Value {
        stream::whole(turn)
    }

    fn refuse(&self, refusal: &Refusal, _id: u64) -> (u16, Value) {
        errors::refuse(refusal)
    }

    fn headers(&self, id: u64, endpoint: Option<&Endpoint>) -> Headers {
        let mut headers = vec![
            ("x-request-id", format!("req_sim{id:032x}")),
            ("openai-organization", "org-simulator".to_owned()),
            ("openai-processing-ms", "42".to_owned()),
            ("openai-version", "2020-10-01".to_owned()),
        ];
        if matches!(endpoint, Some(Endpoint::Chat(_))) {
            headers.extend([
                ("x-ratelimit-limit-requests", "500".to_owned()),
                ("x-ratelimit-limit-tokens", "200000".to_owned()),
                ("x-ratelimit-remaining-requests", "499".to_owned()),
                ("x-ratelimit-remaining-tokens", "199950".to_owned()),
                ("x-ratelimit-reset-requests", "120ms".to_owned()),
                ("x-ratelimit-reset-tokens", "6s".to_owned()),
            ]);
        }
        headers
    }
}
