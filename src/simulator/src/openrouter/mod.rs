//! OpenRouter: chat completions, the model list with prices, and what it knows about a key.
//! Knows nothing of the network. Shapes after <https://openrouter.ai/docs/api-reference/overview>.

mod errors;
mod models;
mod stream;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::{
    chat::Chat,
    keys::Behaviour,
    openai,
    record::Recorded,
    refusal::{Complaint, Reason, Refusal},
    sse::Frame,
    wire::{Door, Endpoint, Headers, Turn, Wire},
};

/// The wire format of `openrouter.ai`.
pub(crate) struct OpenRouter;

impl Wire for OpenRouter {
    fn key<'r>(&self, request: &'r Recorded) -> Result<&'r str, Reason> {
        request.bearer().ok_or(Reason::MissingKey)
    }

    fn endpoint(&self, method: &str, path: &str) -> Option<Endpoint> {
        match (method, path) {
            ("GET", "/models") => Some(Endpoint::Models),
            ("GET", "/key") => Some(Endpoint::Key),
            ("POST", "/chat/completions") => Some(Endpoint::Chat(Door::default())),
            _ => None,
        }
    }

    fn is_public(&self, endpoint: &Endpoint) -> bool {
        // So the list proves nothing about a key.
        *endpoint == Endpoint::Models
    }

    fn models(&self, _request: &Recorded) -> Result<Value, Reason> {
        Ok(models::list())
    }

    fn model(&self, id: &str) -> Result<Value, Reason> {
        Err(Reason::UnknownModel(id.to_owned()))
    }

    fn describe_key(&self, key: &str, behaviour: Behaviour) -> Option<Value> {
        Some(describe_key(key, behaviour))
    }

    fn read(&self, request: &Recorded, _door: &Door) -> Result<Chat, Reason> {
        let fields = request
            .body
            .as_object()
            .ok_or_else(|| Complaint::new("Invalid JSON in request body"))?;
        if fields.get("messages").is_none_or(Value::is_null) {
            return Err(Complaint::new("Input required: specify \"prompt\" or \"messages\"").into());
        }
        let id = fields
            .get("model")
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| Complaint::new("No models provided"))?;
        models::find(id).ok_or_else(|| Reason::UnknownModel(id.to_owned()))?;
        let messages = openai::messages(fields)?;
        let asked = |pointer| {
            request
                .body
                .pointer(pointer)
                .and_then(Value::as_bool)
                .unwrap_or(false)
        };
        Ok(Chat {
            model: id.to_owned(),
            texts: messages.texts,
            last_user: messages.last_user,
            stream: asked("/stream"),
            include_usage: asked("/usage/include") || asked("/stream_options/include_usage"),
        })
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
        let mut headers = vec![("x-request-id", format!("sim{id:010}"))];
        if matches!(endpoint, Some(Endpoint::Chat(_))) {
            headers.push(("x-generation-id", generation_id(id)));
        }
        headers
    }
}

/// The id of an answer.
fn generation_id(id: u64) -> String {
    format!("gen-1761000000-sim{id}")
}

fn describe_key(key: &str, behaviour: Behaviour) -> Value {
    // A spend cap shows here before a chat meets it; an empty account does not.
    let (limit, remaining, usage) = match behaviour {
        Behaviour::SpendCap => (json!(10), json!(0), 10.0),
        Behaviour::NoCredit => (Value::Null, Value::Null, 5.0),
        _ => (json!(100), json!(74.5), 25.5),
    };
    let characters: Vec<char> = key.chars().collect();
    let start: String = characters.iter().take(12).collect();
    let end: String = characters
        .iter()
        .skip(characters.len().saturating_sub(3))
        .collect();
    let management = behaviour == Behaviour::Admin;
    json!({"data": {
        "label": format!("{start}...{end}"),
        "limit": limit,
        "limit_remaining": remaining,
        "limit_reset": "monthly",
        "include_byok_in_limit": false,
        "usage": usage,
        "usage_daily": 0.5,
        "usage_weekly": 3.25,
        "usage_monthly": usage,
        "byok_usage": 0,
        "byok_usage_daily": 0,
        "byok_usage_weekly": 0,
        "byok_usage_monthly": 0,
        "is_free_tier": behaviour == Behaviour::NoCredit,
        "is_management_key": management,
        "is_provisioning_key": management,
        "creator_user_id": "user_simulator",
        "expires_at": "2027-12-31T23:59:59Z",
        "rate_limit": {
            "requests": -1,
            "interval": "10s",
            "note": "This field is deprecated and safe to ignore.",
        },
    }})
}
