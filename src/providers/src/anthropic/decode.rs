//! Anthropic's named events as ours (<https://platform.claude.com/docs/en/build-with-claude/streaming>).
//! Unknown events and delta types are passed over, as the page asks.

use marshmallow_core::{Provider, StopReason, Usage};
use serde_json::Value;

use crate::{
    Event, adapter,
    decoder::{Told, push_text},
};

/// The state of one answer.
#[derive(Debug, Default)]
pub(crate) struct Decode {
    told: Told,
    counts: Counts,
}

/// Anthropic counts uncached input, cache reads and cache writes apart; our input is the sum.
#[derive(Debug, Default)]
struct Counts {
    uncached: u64,
    cache_read: u64,
    cache_write: u64,
    output: u64,
}

impl Decode {
    /// Reads one event; true when it was the last.
    pub(crate) fn read(&mut self, event: &str, value: &Value, out: &mut Vec<Event>) -> bool {
        // The type stands in the data too; a proxy may drop the event's name.
        match value["type"].as_str().unwrap_or(event) {
            "ping" => out.push(Event::Alive),
            "message_start" => {
                self.told.model(&value["message"]["model"], out);
                self.read_usage(&value["message"]["usage"], out);
            }
            "content_block_start" => read_block(&value["content_block"], out),
            "content_block_delta" => read_block(&value["delta"], out),
            "message_delta" => {
                self.read_usage(&value["usage"], out);
                if let Some(reason) = value["delta"]["stop_reason"].as_str() {
                    out.push(Event::Finish(read_reason(reason)));
                }
            }
            "message_stop" => return true,
            "error" => out.push(Event::Failed(adapter::error_in_stream(
                Provider::Anthropic,
                value,
            ))),
            _ => {}
        }
        false
    }

    /// Counts are cumulative: a later one replaces the earlier, and what is not named stays.
    fn read_usage(&mut self, usage: &Value, out: &mut Vec<Event>) {
        if !usage.is_object() {
            return;
        }
        let counts = &mut self.counts;
        for (name, count) in [
            ("input_tokens", &mut counts.uncached),
            ("cache_read_input_tokens", &mut counts.cache_read),
            ("cache_creation_input_tokens", &mut counts.cache_write),
            ("output_tokens", &mut counts.output),
        ] {
            *count = usage[name].as_u64().unwrap_or(*count);
        }
        let input = counts
            .uncached
            .saturating_add(counts.cache_read)
            .saturating_add(counts.cache_write);
        out.push(Event::Usage {
            usage: Usage {
                input,
                cached_input: counts.cache_read,
                cache_write: counts.cache_write,
                output: counts.output,
                // Thinking is a part of the output; its share is not told.
                reasoning: 0,
            },
            cost: None,
        });
    }
}

/// A block's beginning can already hold text; deltas hold the rest.
fn read_block(block: &Value, out: &mut Vec<Event>) {
    match block["type"].as_str() {
        Some("text" | "text_delta") => push_text(&block["text"], Event::Text, out),
        Some("thinking" | "thinking_delta") => push_text(&block["thinking"], Event::Reasoning, out),
        _ => {}
    }
}

fn read_reason(reason: &str) -> StopReason {
    match reason {
        "end_turn" | "stop_sequence" => StopReason::End,
        "max_tokens" | "model_context_window_exceeded" => StopReason::Length,
        "refusal" => StopReason::Filtered,
        "tool_use" => StopReason::Tool,
        _ => StopReason::Other,
    }
}
