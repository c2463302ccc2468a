//! Checks generateContent requests the way Google does, with its words. Knows no answer.

use serde_json::Value;

use crate::{
    chat::{Chat, text_of},
    record::Recorded,
    refusal::{Complaint, Reason},
    wire::Door,
};

use super::models;

/// Both spellings are taken, as everywhere in Google's JSON.
const PARAMETERS: [&str; 14] = [
    "contents",
    "systemInstruction",
    "system_instruction",
    "generationConfig",
    "generation_config",
    "safetySettings",
    "safety_settings",
    "tools",
    "toolConfig",
    "tool_config",
    "cachedContent",
    "cached_content",
    "model",
    "labels",
];

/// Reads a request; the path names the model and whether to stream.
pub(super) fn read(request: &Recorded, door: &Door) -> Result<Chat, Reason> {
    let id = door.model.as_deref().unwrap_or_default();
    let model = models::find(id).ok_or_else(|| Reason::UnknownModel(id.to_owned()))?;
    if !model.chats {
        return Err(Reason::NotAChatModel(id.to_owned()));
    }
    let stream = door.stream.unwrap_or(false);
    if stream && request.query_value("alt") != Some("sse") {
        // The real server answers with one JSON array that grows; nobody here reads that.
        return Err(Complaint::new("The simulator streams with alt=sse only.").into());
    }
    let fields = request.body.as_object();
    let fields = fields.ok_or_else(|| Complaint::new("Invalid JSON payload received. Unexpected token."))?;
    if let Some(name) = fields.keys().find(|name| !PARAMETERS.contains(&name.as_str())) {
        let message = format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field.");
        return Err(Complaint::new(message).into());
    }
    let system = fields
        .get("systemInstruction")
        .or_else(|| fields.get("system_instruction"));
    let mut texts: Vec<String> = system
        .and_then(|system| text_of(system.get("parts")?))
        .into_iter()
        .collect();
    let contents = fields
        .get("contents")
        .and_then(Value::as_array)
        .filter(|contents| !contents.is_empty());
    let contents = contents
        .ok_or_else(|| Complaint::new("* GenerateContentRequest.contents: contents is not specified\n"))?;
    let last_user = read_contents(contents, &mut texts)?;
    // Google always reports token counts.
    Ok(Chat {
        model: id.to_owned(),
        texts,
        last_user,
        stream,
        include_usage: true,
    })
}

/// Adds the texts of the contents, and returns that of the user's last one.
fn read_contents(contents: &[Value], texts: &mut Vec<String>) -> Result<String, Complaint> {
    let mut last_user = String::new();
    for (index, content) in contents.iter().enumerate() {
        // A content without a role is the user's.
        let role = content
            .get("role")
            .map_or(Some("user"), Value::as_str)
            .unwrap_or_default();
        if !["user", "model"].contains(&role) {
            return Err(Complaint::new("Please use a valid role: user, model."));
        }
        let place = format!("* GenerateContentRequest.contents[{index}].parts");
        let parts = content
            .get("parts")
            .and_then(Value::as_array)
            .filter(|parts| !parts.is_empty());
        let parts =
            parts.ok_or_else(|| Complaint::new(format!("{place}: contents.parts must not be empty.\n")))?;
        if let Some(part) = parts
            .iter()
            .position(|part| part.as_object().is_none_or(serde_json::Map::is_empty))
        {
            let message = format!(
                "{place}[{part}].data: required oneof field 'data' must have one initialized field\n"
            );
            return Err(Complaint::new(message));
        }
        let text = text_of(&Value::Array(parts.clone())).unwrap_or_default();
        if role == "user" {
            last_user.clone_from(&text);
        }
        texts.push(text);
    }
    Ok(last_user)
}
