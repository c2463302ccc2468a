//! An OpenAI-compatible server as people run it at home (llama.cpp, vLLM): the same endpoints, less care.
//! Error codes are numbers, details of usage are null, reasoning is shown. Knows nothing of the network.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::{
    chat::Chat,
    directive::Stop,
    openai,
    record::Recorded,
    refusal::{Complaint, Reason, Refusal},
    script::{Step, Usage},
    sse::{self, Frame},
    wire::{Door, Endpoint, Headers, Turn, Wire},
};

const CREATED: u64 = 1_761_000_000;
const MODELS: [&str; 2] = ["sim-small", "sim-large"];

/// The wire format of the custom endpoints.
pub(crate) struct Compatible;

impl Wire for Compatible {
    fn key<'r>(&self, request: &'r Recorded) -> Result<&'r str, Reason> {
        request.bearer().ok_or(Reason::MissingKey)
    }

    fn models(&self, _request: &Recorded) -> Result<Value, Reason> {
        Ok(json!({"object": "list", "data": MODELS.map(entry)}))
    }

    fn model(&self, id: &str) -> Result<Value, Reason> {
        let known = MODELS.into_iter().find(|model| *model == id);
        known
            .map(entry)
            .ok_or_else(|| Reason::UnknownModel(id.to_owned()))
    }

    fn read(&self, request: &Recorded, _door: &Door) -> Result<Chat, Reason> {
        let fields = request
            .body
            .as_object()
            .ok_or_else(|| Complaint::new("the body must be a JSON object"))?;
        let model = fields.get("model").and_then(Value::as_str).unwrap_or_default();
        self.model(model)?;
        let messages = openai::messages(fields)?;
        let usage = request
            .body
            .pointer("/stream_options/include_usage")
            .and_then(Value::as_bool);
        Ok(Chat {
            model: model.to_owned(),
            texts: messages.texts,
            last_user: messages.last_user,
            stream: fields.get("stream").and_then(Value::as_bool).unwrap_or(false),
            include_usage: usage.unwrap_or(false),
        })
    }

    fn stream(&self, turn: &Turn<'_>) -> Vec<Frame> {
        let text = |word: &str| sse::data(&chunk(turn, &json!({"content": word}), None));
        let opening = json!({"role": "assistant", "content": null});
        let mut frames = vec![Frame::Now(sse::data(&chunk(turn, &opening, None)))];
        frames.extend(turn.script.steps.iter().map(|step| match step {
            Step::Reasoning(word) => {
                Frame::Word(sse::data(&chunk(turn, &json!({"reasoning_content": word}), None)))
            }
            Step::Text(word) => Frame::Word(text(word)),
            Step::Malformed => Frame::Word(sse::broken(&text("malformed"))),
            Step::Error => Frame::Word(sse::data(&refuse(&Reason::Internal.into()).1)),
            Step::Stall => Frame::Stall,
            Step::Cut => Frame::Cut(sse::cut(&text(sse::CUT_WORD))),
            Step::Finish(stop) => Frame::Now(sse::data(&chunk(turn, &json!({}), Some(*stop)))),
        }));
        if turn.script.finish().is_some() {
            if let Some(usage) = turn.script.usage.filter(|_| turn.chat.include_usage) {
                let mut last = envelope(turn, "chat.completion.chunk");
                last["choices"] = json!([]);
                last["usage"] = counts(usage);
                frames.push(Frame::Now(sse::data(&last)));
            }
            frames.push(Frame::Now("data: [DONE]\n\n".to_owned()));
        }
        frames
    }

    fn whole(&self, turn: &Turn<'_>) -> Value {
        let mut completion = envelope(turn, "chat.completion");
        let mut message = json!({"role": "assistant", "content": turn.script.text()});
        if !turn.script.reasoning().is_empty() {
            message["reasoning_content"] = json!(turn.script.reasoning());
        }
        let reason = turn.script.finish().map(finish_reason);
        completion["choices"] = json!([{"index": 0, "message": message, "finish_reason": reason}]);
        if let Some(usage) = turn.script.usage {
            completion["usage"] = counts(usage);
        }
        completion
    }

    fn refuse(&self, refusal: &Refusal, _id: u64) -> (u16, Value) {
        refuse(refusal)
    }

    fn headers(&self, _id: u64, _endpoint: Option<&Endpoint>) -> Headers {
        vec![("server", "llama.cpp".to_owned())]
    }
}

fn entry(id: &str) -> Value {
    json!({"id": id, "object": "model", "created": CREATED, "owned_by": "simulator", "meta": null})
}

fn chunk(turn: &Turn<'_>, delta: &Value, stop: Option<Stop>) -> Value {
    let mut chunk = envelope(turn, "chat.completion.chunk");
    chunk["choices"] = json!([{"finish_reason": stop.map(finish_reason), "index": 0, "delta": delta}]);
    chunk
}

fn envelope(turn: &Turn<'_>, object: &str) -> Value {
    json!({
        "id": format!("chatcmpl-{}", turn.id),
        "object": object,
        "created": CREATED,
        "model": turn.chat.model,
        "system_fingerprint": "b6700-simulator",
    })
}

fn finish_reason(stop: Stop) -> &'static str {
    match stop {
        Stop::Length => "length",
        Stop::ContentFilter => "content_filter",
        Stop::Complete | Stop::Silent => "stop",
    }
}

fn counts(usage: Usage) -> Value {
    let output = usage.answer + usage.reasoning;
    json!({
        "prompt_tokens": usage.input,
        "completion_tokens": output,
        "total_tokens": usage.input + output,
        "prompt_tokens_details": null,
        "completion_tokens_details": null,
    })
}

fn refuse(refusal: &Refusal) -> (u16, Value) {
    let (status, kind, message) = match &refusal.reason {
        Reason::MissingKey | Reason::InvalidKey(_) => {
            (401, "authentication_error", "Invalid API Key".to_owned())
        }
        Reason::EchoedKey(key) => (401, "authentication_error", format!("Invalid API Key: {key}")),
        Reason::ExpiredKey => (401, "authentication_error", "API key expired".to_owned()),
        Reason::ManagementKey
        | Reason::Restricted
        | Reason::RestrictedPlain
        | Reason::Forbidden
        | Reason::Region => (403, "permission_error", "This key may not do that".to_owned()),
        Reason::NoCredit | Reason::PaymentRequired => (402, "billing_error", "No credit left".to_owned()),
        Reason::SpendCap => (402, "billing_error", "Budget has been exceeded".to_owned()),
        Reason::RateLimited => (429, "rate_limit_error", "Too many requests".to_owned()),
        Reason::Internal => (500, "server_error", "Internal server error".to_owned()),
        Reason::Unavailable | Reason::Overloaded => (503, "unavailable_error", "Loading model".to_owned()),
        Reason::UnknownModel(model) | Reason::NotAChatModel(model) => (
            404,
            "not_found_error",
            format!("The model `{model}` does not exist."),
        ),
        Reason::Bad(complaint) => (400, "invalid_request_error", complaint.message.clone()),
        Reason::NoSuchPath(_) => (404, "not_found_error", "File Not Found".to_owned()),
    };
    let status = refusal.status.unwrap_or(status);
    (
        status,
        json!({"error": {"code": status, "message": message, "type": kind}}),
    )
}
