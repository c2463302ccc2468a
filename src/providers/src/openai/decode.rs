//! Chat-completion chunks as events
//! (<https://platform.openai.com/docs/api-reference/chat-streaming>), with the habits of OpenRouter,
//! Mistral, DeepSeek, Groq and xAI. Unknown fields and objects are passed over.

use marshmallow_core::{NanoDollars, Provider, StopReason, Usage};
use serde_json::Value;

use super::quirks::quirks;
use crate::{
    Event, adapter,
    amount::nano_dollars,
    decoder::{Told, push_text},
};

/// The state of one answer.
#[derive(Debug)]
pub(crate) struct Decode {
    provider: Provider,
    told: Told,
}

impl Decode {
    /// A decoder for one answer of `provider`.
    pub(crate) fn new(provider: Provider) -> Self {
        Self {
            provider,
            told: Told::default(),
        }
    }

    /// Reads one chunk.
    pub(crate) fn read(&mut self, chunk: &Value, out: &mut Vec<Event>) {
        if chunk["type"] == "keepalive" {
            out.push(Event::Alive);
            return;
        }
        if quirks(self.provider).has_id_in_body {
            self.told.id(&chunk["id"], out);
        }
        self.told.model(&chunk["model"], out);
        let choice = &chunk["choices"][0];
        read_delta(&choice["delta"], out);
        // An error in a chunk speaks through its code, since the status line said 200.
        if chunk["error"].is_object() || chunk["error"].is_string() {
            out.push(Event::Failed(adapter::error_in_stream(self.provider, chunk)));
            return;
        }
        let usage = [&chunk["usage"], &chunk["x_groq"]["usage"]];
        if let Some(usage) = usage.into_iter().find(|usage| usage.is_object()) {
            out.push(Event::Usage {
                usage: read_usage(usage),
                cost: read_cost(usage),
            });
        }
        if let Some(reason) = choice["finish_reason"].as_str() {
            out.push(Event::Finish(read_reason(reason)));
        }
    }
}

fn read_delta(delta: &Value, out: &mut Vec<Event>) {
    // OpenRouter and vLLM say `reasoning`, DeepSeek and others `reasoning_content`; some say both.
    let reasoning = [&delta["reasoning"], &delta["reasoning_content"]];
    if let Some(text) = reasoning.into_iter().find(|text| text.is_string()) {
        push_text(text, Event::Reasoning, out);
    }
    match &delta["content"] {
        // Mistral's reasoning models send typed parts instead of a string.
        Value::Array(parts) => parts.iter().for_each(|part| read_part(part, out)),
        text => push_text(text, Event::Text, out),
    }
    push_text(&delta["refusal"], Event::Text, out);
}

fn read_part(part: &Value, out: &mut Vec<Event>) {
    match (&part["type"], &part["thinking"]) {
        (kind, Value::Array(thoughts)) if kind == "thinking" => {
            for thought in thoughts {
                push_text(&thought["text"], Event::Reasoning, out);
            }
        }
        (kind, thought) if kind == "thinking" => push_text(thought, Event::Reasoning, out),
        _ => push_text(&part["text"], Event::Text, out),
    }
}

/// `prompt_tokens` holds cached tokens, `completion_tokens` holds reasoning, as in [`Usage`]. xAI counts
/// reasoning beside the completion; the total gives it away.
fn read_usage(usage: &Value) -> Usage {
    let count = |value: &Value| value.as_u64().unwrap_or(0);
    let cached = [
        &usage["prompt_tokens_details"]["cached_tokens"],
        &usage["prompt_cache_hit_tokens"],
    ];
    let input = count(&usage["prompt_tokens"]);
    let completion = count(&usage["completion_tokens"]);
    let reasoning = count(&usage["completion_tokens_details"]["reasoning_tokens"]);
    let sum_with_reasoning = input.saturating_add(completion).saturating_add(reasoning);
    let is_beside = reasoning > completion || count(&usage["total_tokens"]) == sum_with_reasoning;
    Usage {
        input,
        cached_input: cached.iter().find_map(|value| value.as_u64()).unwrap_or(0),
        cache_write: count(&usage["prompt_tokens_details"]["cache_write_tokens"]),
        output: if is_beside {
            completion.saturating_add(reasoning)
        } else {
            completion
        },
        reasoning,
    }
}

/// OpenRouter's own account in dollars: its charge, and for a call over the person's own upstream key what
/// that provider charges (<https://openrouter.ai/docs/use-cases/usage-accounting>).
fn read_cost(usage: &Value) -> Option<NanoDollars> {
    let own = usage["cost"].as_f64()?;
    let upstream = match usage["is_byok"].as_bool() {
        Some(true) => usage["cost_details"]["upstream_inference_cost"]
            .as_f64()
            .unwrap_or(0.0),
        _ => 0.0,
    };
    nano_dollars(own + upstream).map(NanoDollars)
}

fn read_reason(reason: &str) -> StopReason {
    match reason {
        "stop" => StopReason::End,
        "length" => StopReason::Length,
        "content_filter" => StopReason::Filtered,
        "tool_calls" | "function_call" => StopReason::Tool,
        _ => StopReason::Other,
    }
}
