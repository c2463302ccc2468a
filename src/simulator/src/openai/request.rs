//! Checks chat requests the way OpenAI does, with its words. Knows no answer.

use serde_json::{Map, Value};

use crate::{
    chat::{Chat, text_of},
    refusal::{Complaint, Reason},
};

use super::models;

const PARAMETERS: [&str; 33] = [
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "metadata",
    "modalities",
    "model",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_retention",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_p",
    "user",
    "verbosity",
];
const ROLES: [&str; 6] = ["system", "assistant", "user", "function", "tool", "developer"];

/// The texts of all messages, and that of the user's last one.
pub(crate) struct Messages {
    pub texts: Vec<String>,
    pub last_user: String,
}

/// Reads the body of a chat request.
pub(super) fn read(body: &Value) -> Result<Chat, Reason> {
    let Some(fields) = body.as_object() else {
        return Err(Complaint::new(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP \
             library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
        )
        .into());
    };
    let id = fields
        .get("model")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Complaint::new("you must provide a model parameter"))?;
    if let Some(name) = fields.keys().find(|name| !PARAMETERS.contains(&name.as_str())) {
        return Err(
            Complaint::about(format!("Unknown parameter: '{name}'."), name, "unknown_parameter").into(),
        );
    }
    let model = models::chat_model(id)?;
    let messages = messages(fields)?;
    if model.reasons {
        check_reasoning(fields)?;
    }
    let stream = fields.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let options = fields.get("stream_options").filter(|options| !options.is_null());
    if options.is_some() && !stream {
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        return Err(Complaint::about(message, "stream_options", "invalid_request").into());
    }
    Ok(Chat {
        model: model.dated.to_owned(),
        texts: messages.texts,
        last_user: messages.last_user,
        stream,
        include_usage: options
            .and_then(|options| options.get("include_usage")?.as_bool())
            .unwrap_or(false),
    })
}

/// Reads the messages of a request in the shape of chat completions.
pub(crate) fn messages(fields: &Map<String, Value>) -> Result<Messages, Complaint> {
    let list = fields
        .get("messages")
        .filter(|list| !list.is_null())
        .ok_or_else(|| {
            Complaint::about(
                "Missing required parameter: 'messages'.",
                "messages",
                "missing_required_parameter",
            )
        })?;
    let list = list.as_array().ok_or_else(|| {
        let message = "Invalid type for 'messages': expected an array of objects.";
        Complaint::about(message, "messages", "invalid_type")
    })?;
    if list.is_empty() {
        let message = "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty \
                       array instead.";
        return Err(Complaint::about(message, "messages", "empty_array"));
    }
    let mut messages = Messages {
        texts: Vec::new(),
        last_user: String::new(),
    };
    for (index, message) in list.iter().enumerate() {
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        if !ROLES.contains(&role) {
            let supported = ROLES.map(|role| format!("'{role}'")).join(", ");
            let complaint = format!("Invalid value: '{role}'. Supported values are: {supported}.");
            return Err(Complaint::about(
                complaint,
                format!("messages[{index}].role"),
                "invalid_value",
            ));
        }
        let text = text_of(message.get("content").unwrap_or(&Value::Null));
        let Some(text) = text else {
            // An assistant that called a tool said nothing.
            if role == "assistant" && message.get("tool_calls").is_some() {
                continue;
            }
            let complaint = "Invalid value for 'content': expected a string, got null.";
            return Err(Complaint::about(
                complaint,
                format!("messages.[{index}].content"),
                "invalid_type",
            ));
        };
        if role == "user" {
            messages.last_user.clone_from(&text);
        }
        messages.texts.push(text);
    }
    Ok(messages)
}

fn check_reasoning(fields: &Map<String, Value>) -> Result<(), Complaint> {
    if fields.get("max_tokens").is_some_and(|limit| !limit.is_null()) {
        let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                       'max_completion_tokens' instead.";
        return Err(Complaint::about(message, "max_tokens", "unsupported_parameter"));
    }
    let temperature = fields.get("temperature").and_then(Value::as_f64);
    if let Some(temperature) = temperature.filter(|temperature| (temperature - 1.0).abs() > f64::EPSILON) {
        let message = format!(
            "Unsupported value: 'temperature' does not support {temperature} with this model. Only the default (1) \
             value is supported."
        );
        return Err(Complaint::about(message, "temperature", "unsupported_value"));
    }
    Ok(())
}
