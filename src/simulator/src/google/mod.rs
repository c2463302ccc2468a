//! Google AI's native API: models, `generateContent` and `streamGenerateContent`.
//! Knows nothing of other providers and of the network. Shapes after <https://ai.google.dev/api/generate-content>.

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

/// The wire format of `generativelanguage.googleapis.com`.
pub(crate) struct Google;

impl Wire for Google {
    fn key<'r>(&self, request: &'r Recorded) -> Result<&'r str, Reason> {
        // The real server takes it, and so it ends up in logs: the one rule here that is stricter than the provider's.
        if request.query_value("key").is_some() {
            let message = "The simulator refuses keys in the query. Send the x-goog-api-key header.";
            return Err(Complaint::new(message).into());
        }
        let key = request
            .header("x-goog-api-key")
            .map(str::trim)
            .filter(|key| !key.is_empty());
        let key = key.ok_or(Reason::MissingKey)?;
        if request.header("authorization").is_some() {
            let message = "Multiple authentication credentials received. Please pass only one.";
            return Err(Complaint::new(message).into());
        }
        Ok(key)
    }

    fn endpoint(&self, method: &str, path: &str) -> Option<Endpoint> {
        let (model, action) = match path.strip_prefix("/models/") {
            None => return (method == "GET" && path == "/models").then_some(Endpoint::Models),
            Some(rest) => rest.split_once(':').unwrap_or((rest, "")),
        };
        let chat = |stream| {
            Endpoint::Chat(Door {
                model: Some(model.to_owned()),
                stream: Some(stream),
            })
        };
        match (method, action) {
            ("GET", "") => Some(Endpoint::Model(model.to_owned())),
            ("POST", "generateContent") => Some(chat(false)),
            ("POST", "streamGenerateContent") => Some(chat(true)),
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

    fn read(&self, request: &Recorded, door: &Door) -> Result<Chat, Reason> {
        request::read(request, door)
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

    fn headers(&self, _id: u64, _endpoint: Option<&Endpoint>) -> Headers {
        // No limits and no request id: Google sends neither.
        vec![
            ("server", "scaffolding on HTTPServer2".to_owned()),
            ("vary", "Origin, X-Origin, Referer".to_owned()),
        ]
    }

    fn uses_crlf(&self) -> bool {
        true
    }
}
