//! Checks messages requests the way Anthropic does, with its words. Knows no answer.

use serde_json::{Map, Value};

use crate::{
    chat::{Chat, text_of},
    refusal::{Complaint, Reason},
};

use super::models;

const PARAMETERS: [&str; 21] = [
    "cache_control",
    "container",
    "context_management",
    "inference_geo",
    "max_tokens",
    "mcp_servers",
    "messages",
    "metadata",
    "model",
    "output_config",
    "output_format",
    "service_tier",
    "stop_sequences",
    "stream",
    "system",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
];

/// Reads the body of a messages request.
pub(super) fn read(body: &Value) -> Result<Chat, Reason> {
    let fields = body
        .as_object()
        .ok_or_else(|| Complaint::new("The request body is not valid JSON"))?;
    let unknown = fields.keys().find(|name| !PARAMETERS.contains(&name.as_str()));
    if let Some(name) = unknown {
        return Err(Complaint::new(format!("{name}: Extra inputs are not permitted")).into());
    }
    for name in ["model", "max_tokens", "messages"] {
        if fields.get(name).is_none_or(Value::is_null) {
            return Err(Complaint::new(format!("{name}: Field required")).into());
        }
    }
    let id = fields["model"]
        .as_str()
        .ok_or_else(|| Complaint::new("model: Input should be a valid string"))?;
    if id.is_empty() {
        return Err(Complaint::new("model: String should have at least 1 character").into());
    }
    let model = models::find(id).ok_or_else(|| Reason::UnknownModel(id.to_owned()))?;
    check_limits(fields, id, model.max_output)?;
    let mut texts: Vec<String> = fields.get("system").and_then(text_of).into_iter().collect();
    let list = fields["messages"].as_array();
    let list = list.ok_or_else(|| Complaint::new("messages: Input should be a valid list"))?;
    let last_user = read_messages(list, &mut texts)?;
    Ok(Chat {
        model: model.id.to_owned(),
        texts,
        last_user,
        stream: fields.get("stream").and_then(Value::as_bool).unwrap_or(false),
        // Anthropic always reports them.
        include_usage: true,
    })
}

fn check_limits(fields: &Map<String, Value>, model: &str, max_output: u64) -> Result<(), Complaint> {
    let Some(limit) = fields["max_tokens"].as_u64() else {
        return Err(Complaint::new("max_tokens: Input should be a valid integer"));
    };
    if limit == 0 {
        return Err(Complaint::new("max_tokens: must be greater than or equal to 1"));
    }
    if limit > max_output {
        return Err(Complaint::new(format!(
            "max_tokens: {limit} > {max_output}, which is the maximum allowed number of output tokens for {model}"
        )));
    }
    let temperature = fields.get("temperature").and_then(Value::as_f64);
    if temperature.is_some_and(|temperature| !(0.0..=1.0).contains(&temperature)) {
        return Err(Complaint::new("temperature: range: 0..1"));
    }
    Ok(())
}

/// Adds the texts of the messages, and returns that of the user's last one.
fn read_messages(list: &[Value], texts: &mut Vec<String>) -> Result<String, Complaint> {
    if list.is_empty() {
        return Err(Complaint::new("messages: at least one message is required"));
    }
    let mut last_user = String::new();
    let mut previous = "";
    for (index, message) in list.iter().enumerate() {
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        match role {
            "user" | "assistant" => {}
            "system" => {
                return Err(Complaint::new(
                    "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, \
                     not \"system\" as an input message role.",
                ));
            }
            _ => {
                return Err(Complaint::new(format!(
                    "messages.{index}.role: Input should be 'user' or 'assistant'"
                )));
            }
        }
        if index == 0 && role != "user" {
            return Err(Complaint::new(
                "messages: first message must use the \"user\" role",
            ));
        }
        if role == previous {
            return Err(Complaint::new(format!(
                "messages: roles must alternate between \"user\" and \"assistant\", but found multiple \"{role}\" \
                 roles in a row"
            )));
        }
        previous = role;
        let text = read_content(index, message.get("content").unwrap_or(&Value::Null))?;
        if role == "user" {
            last_user.clone_from(&text);
        }
        texts.push(text);
    }
    Ok(last_user)
}

fn read_content(index: usize, content: &Value) -> Result<String, Complaint> {
    let text = text_of(content).ok_or_else(|| {
        Complaint::new(format!(
            "messages.{index}.content: Input should be a valid string"
        ))
    })?;
    let blocks = content.as_array();
    if content.as_str().is_some_and(str::is_empty) || blocks.is_some_and(Vec::is_empty) {
        return Err(Complaint::new(format!(
            "messages.{index}: all messages must have non-empty content except for the optional final assistant \
             message"
        )));
    }
    let blank = |block: &Value| {
        block
            .get("text")
            .and_then(Value::as_str)
            .is_some_and(|text| text.trim().is_empty())
    };
    if blocks.is_some_and(|blocks| blocks.iter().any(blank))
        || content.as_str().is_some_and(|t| t.trim().is_empty())
    {
        return Err(Complaint::new(
            "messages: text content blocks must contain non-whitespace text",
        ));
    }
    Ok(text)
}
