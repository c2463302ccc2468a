//! Anthropic: the models and messages endpoints. Knows nothing of other providers and of the network.
//! Shapes after <https://platform.claude.com/docs/en/api/messages>.

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
    refusal::{Complaint, Reason, Refusal},
    sse::Frame,
    wire::{Door, Endpoint, Headers, Turn, Wire},
};

/// The wire format of `api.anthropic.com`.
pub(crate) struct Anthropic;

impl Wire for Anthropic {
    fn key<'r>(&self, request: &'r Recorded) -> Result<&'r str, Reason> {
        let key = request
            .header("x-api-key")
            .map(str::trim)
            .filter(|key| !key.is_empty());
        let key = key.ok_or(Reason::MissingKey)?;
        if request.header("anthropic-version").is_none_or(str::is_empty) {
            return Err(Complaint::new("anthropic-version: header is required").into());
        }
        Ok(key)
    }

    fn endpoint(&self, method: &str, path: &str) -> Option<Endpoint> {
        match (method, path) {
            ("GET", "/models") => Some(Endpoint::Models),
            ("GET", _) => path
                .strip_prefix("/models/")
                .map(|id| Endpoint::Model(id.to_owned())),
            ("POST", "/messages") => Some(Endpoint::Chat(Door::default())),
            _ => None,
        }
    }

    fn models(&self, request: &Recorded) -> Result<Value, Reason> {
        models::page(request)
    }

    fn model(&self, id: &str) -> Result<Value, Reason> {
        models::find(id)
            .map(models::entry)
            .ok_or_else(|| Reason::UnknownModel(id.to_owned()))
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

    fn refuse(&self, refusal: &Refusal, id: u64) -> (u16, Value) {
        errors::refuse(refusal, id)
    }

    fn headers(&self, id: u64, endpoint: Option<&Endpoint>) -> Headers {
        let mut headers = vec![
            ("request-id", request_id(id)),
            (
                "anthropic-organization-id",
                "00000000-0000-4000-8000-000000000000".to_owned(),
            ),
        ];
        if matches!(endpoint, Some(Endpoint::Chat(_))) {
            let reset = "2027-01-01T00:00:00Z".to_owned();
            headers.extend([
                ("anthropic-ratelimit-requests-limit", "50".to_owned()),
                ("anthropic-ratelimit-requests-remaining", "49".to_owned()),
                ("anthropic-ratelimit-requests-reset", reset.clone()),
                ("anthropic-ratelimit-tokens-limit", "38000".to_owned()),
                ("anthropic-ratelimit-tokens-remaining", "37000".to_owned()),
                ("anthropic-ratelimit-tokens-reset", reset),
            ]);
        }
        headers
    }
}

/// The id that header and error body share.
fn request_id(id: u64) -> String {
    format!("req_sim{id:019}")
}
