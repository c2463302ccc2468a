//! Gemini's whole responses, one an event, as ours
//! (<https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse>).

use marshmallow_core::{Diagnosis, Provider, StopReason, Usage};
use serde_json::Value;

use crate::{
    Event, ProviderError, adapter,
    decoder::{Told, push_text},
};

/// The state of one answer.
#[derive(Debug, Default)]
pub(crate) struct Decode {
    told: Told,
}

impl Decode {
    /// Reads one response.
    pub(crate) fn read(&mut self, response: &Value, out: &mut Vec<Event>) {
        if response["error"].is_object() {
            out.push(Event::Failed(adapter::error_in_stream(
                Provider::Google,
                response,
            )));
            return;
        }
        self.told.id(&response["responseId"], out);
        self.told.model(&response["modelVersion"], out);
        let candidate = &response["candidates"][0];
        for part in candidate["content"]["parts"].as_array().into_iter().flatten() {
            let kind = if part["thought"] == true {
                Event::Reasoning
            } else {
                Event::Text
            };
            push_text(&part["text"], kind, out);
        }
        if response["usageMetadata"].is_object() {
            out.push(Event::Usage {
                usage: read_usage(&response["usageMetadata"]),
                cost: None,
            });
        }
        if let Some(reason) = response["promptFeedback"]["blockReason"].as_str() {
            // A blocked question has no answer at all, not even an empty one.
            let detail = format!("the question was blocked: {reason}");
            out.push(Event::Failed(ProviderError::ours(Diagnosis::Filtered, &detail)));
            return;
        }
        if let Some(reason) = candidate["finishReason"].as_str() {
            out.push(Event::Finish(read_reason(reason)));
        }
    }
}

/// `promptTokenCount` holds cached tokens; thoughts stand beside the candidates and are billed as output.
fn read_usage(usage: &Value) -> Usage {
    let count = |name: &str| usage[name].as_u64().unwrap_or(0);
    let reasoning = count("thoughtsTokenCount");
    Usage {
        input: count("promptTokenCount"),
        cached_input: count("cachedContentTokenCount"),
        cache_write: 0,
        output: count("candidatesTokenCount").saturating_add(reasoning),
        reasoning,
    }
}

fn read_reason(reason: &str) -> StopReason {
    match reason {
        "STOP" => StopReason::End,
        "MAX_TOKENS" => StopReason::Length,
        "SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII"
        | "IMAGE_SAFETY" => StopReason::Filtered,
        _ => StopReason::Other,
    }
}
