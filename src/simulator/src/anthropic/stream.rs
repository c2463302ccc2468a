//! Anthropic's answers: the named events of a stream, and the whole message. Knows no request and no refusal.

use serde_json::{Value, json};

use crate::{
    directive::Stop,
    script::{Step, Usage},
    sse::{self, Frame},
    wire::Turn,
};

use super::errors;

/// After how many words the connection is kept alive by a ping.
const PING_EVERY: u64 = 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Thinking,
    Text,
}

/// A stream under way: which block is open, and what has been said.
struct Writer<'t> {
    turn: &'t Turn<'t>,
    frames: Vec<Frame>,
    open: Option<Block>,
    blocks: usize,
    said: u64,
}

/// The answer as events.
pub(super) fn stream(turn: &Turn<'_>) -> Vec<Frame> {
    let mut writer = Writer {
        turn,
        frames: Vec::new(),
        open: None,
        blocks: 0,
        said: 0,
    };
    writer.now(
        "message_start",
        &json!({"type": "message_start", "message": opening(turn)}),
    );
    for step in &turn.script.steps {
        writer.write(step);
    }
    writer.frames
}

impl Writer<'_> {
    fn write(&mut self, step: &Step) {
        match step {
            Step::Reasoning(word) => {
                self.switch_to(Block::Thinking);
                let delta = self.delta(&json!({"type": "thinking_delta", "thinking": word}));
                self.say(delta);
            }
            Step::Text(word) => {
                self.switch_to(Block::Text);
                let delta = self.text(word);
                self.say(delta);
            }
            Step::Malformed => {
                self.switch_to(Block::Text);
                let broken = sse::broken(&self.text("malformed"));
                self.frames.push(Frame::Word(broken));
            }
            Step::Error => {
                let error = errors::body("overloaded_error", "Overloaded", self.turn.id);
                self.frames.push(Frame::Word(sse::named("error", &error)));
            }
            Step::Stall => self.frames.push(Frame::Stall),
            Step::Cut => {
                self.switch_to(Block::Text);
                let cut = sse::cut(&self.text(sse::CUT_WORD));
                self.frames.push(Frame::Cut(cut));
            }
            Step::Finish(stop) => self.finish(*stop),
        }
    }

    fn switch_to(&mut self, block: Block) {
        if self.open == Some(block) {
            return;
        }
        self.close();
        let content = match block {
            Block::Thinking => json!({"type": "thinking", "thinking": "", "signature": ""}),
            Block::Text => json!({"type": "text", "text": ""}),
        };
        let start = json!({"type": "content_block_start", "index": self.blocks, "content_block": content});
        self.now("content_block_start", &start);
        if self.blocks == 0 {
            self.ping();
        }
        self.open = Some(block);
    }

    fn close(&mut self) {
        let Some(block) = self.open.take() else { return };
        if block == Block::Thinking {
            let signature = self.delta(&json!({"type": "signature_delta", "signature": signature()}));
            self.frames.push(Frame::Now(signature));
        }
        self.now(
            "content_block_stop",
            &json!({"type": "content_block_stop", "index": self.blocks}),
        );
        self.blocks += 1;
    }

    fn finish(&mut self, stop: Stop) {
        self.close();
        let usage = self.turn.script.usage;
        // Counts are cumulative: a reader who adds them up gets too many.
        if let Some(usage) = usage {
            let mut early = counts(usage);
            early["output_tokens"] = json!((usage.answer + usage.reasoning) / 2);
            self.now("message_delta", &message_delta(None, Some(&early)));
        }
        self.now(
            "message_delta",
            &message_delta(Some(stop), usage.map(counts).as_ref()),
        );
        self.now("message_stop", &json!({"type": "message_stop"}));
    }

    fn text(&self, word: &str) -> String {
        self.delta(&json!({"type": "text_delta", "text": word}))
    }

    fn delta(&self, delta: &Value) -> String {
        let event = json!({"type": "content_block_delta", "index": self.blocks, "delta": delta});
        sse::named("content_block_delta", &event)
    }

    fn say(&mut self, event: String) {
        self.frames.push(Frame::Word(event));
        self.said += 1;
        if self.said.is_multiple_of(PING_EVERY) {
            self.ping();
        }
    }

    fn ping(&mut self) {
        self.now("ping", &json!({"type": "ping"}));
    }

    fn now(&mut self, name: &str, event: &Value) {
        self.frames.push(Frame::Now(sse::named(name, event)));
    }
}

/// The answer as one object.
pub(super) fn whole(turn: &Turn<'_>) -> Value {
    let mut content = Vec::new();
    if !turn.script.reasoning().is_empty() {
        content
            .push(json!({"type": "thinking", "thinking": turn.script.reasoning(), "signature": signature()}));
    }
    if !turn.script.text().is_empty() {
        content.push(json!({"type": "text", "text": turn.script.text()}));
    }
    let mut message = envelope(turn);
    message["content"] = json!(content);
    message["stop_reason"] = json!(turn.script.finish().map(stop_reason));
    if let Some(usage) = turn.script.usage {
        message["usage"] = counts(usage);
    }
    message
}

fn opening(turn: &Turn<'_>) -> Value {
    let mut message = envelope(turn);
    if let Some(usage) = turn.script.usage {
        let mut counts = counts(usage);
        // The first word is already there when the count is made.
        counts["output_tokens"] = json!(1);
        message["usage"] = counts;
    }
    message
}

fn envelope(turn: &Turn<'_>) -> Value {
    json!({
        "id": format!("msg_sim{:020}", turn.id),
        "type": "message",
        "role": "assistant",
        "model": turn.chat.model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
    })
}

fn message_delta(stop: Option<Stop>, usage: Option<&Value>) -> Value {
    let delta = json!({"stop_reason": stop.map(stop_reason), "stop_sequence": null});
    let mut event = json!({"type": "message_delta", "delta": delta});
    if let Some(usage) = usage {
        event["usage"] = usage.clone();
    }
    event
}

fn counts(usage: Usage) -> Value {
    json!({
        // What came out of the cache is counted beside it, not within it.
        "input_tokens": usage.input - usage.cached,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": usage.cached,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": usage.answer + usage.reasoning,
        "service_tier": "standard",
    })
}

fn stop_reason(stop: Stop) -> &'static str {
    match stop {
        Stop::Length => "max_tokens",
        Stop::ContentFilter => "refusal",
        Stop::Complete | Stop::Silent => "end_turn",
    }
}

fn signature() -> &'static str {
    "EqQBCgIYAhIkc2ltdWxhdGVkIHNpZ25hdHVyZQ=="
}
