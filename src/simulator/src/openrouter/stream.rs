//! OpenRouter's answers: OpenAI's chunks with comments, reasoning, the name of the provider, and the cost.
//! Knows no request and no refusal.

use serde_json::{Value, json};

use crate::{
    directive::Stop,
    script::{Step, Usage},
    sse::{self, Frame},
    wire::Turn,
};

use super::{generation_id, models};

const CREATED: u64 = 1_761_000_000;
const COMMENT: &str = ": OPENROUTER PROCESSING\n\n";
/// After how many steps the comment comes again.
const COMMENT_EVERY: usize = 25;

/// The answer as events and comments, closed by `[DONE]`.
pub(super) fn stream(turn: &Turn<'_>) -> Vec<Frame> {
    let text = |word: &str| sse::data(&chunk(turn, &said(word), None));
    let mut frames = vec![Frame::Now(COMMENT.to_owned()), Frame::Now(COMMENT.to_owned())];
    for (index, step) in turn.script.steps.iter().enumerate() {
        if index > 0 && index.is_multiple_of(COMMENT_EVERY) {
            frames.push(Frame::Now(COMMENT.to_owned()));
        }
        frames.push(match step {
            Step::Reasoning(word) => Frame::Word(sse::data(&chunk(turn, &thought(word), None))),
            Step::Text(word) => Frame::Word(text(word)),
            Step::Malformed => Frame::Word(sse::broken(&text("malformed"))),
            Step::Error => Frame::Word(sse::data(&failure(turn))),
            Step::Stall => Frame::Stall,
            Step::Cut => Frame::Cut(sse::cut(&text(sse::CUT_WORD))),
            Step::Finish(stop) => Frame::Now(sse::data(&chunk(turn, &said(""), Some(*stop)))),
        });
    }
    if turn.script.finish().is_some() {
        if let Some(usage) = turn.script.usage.filter(|_| turn.chat.include_usage) {
            let mut last = envelope(turn, "chat.completion.chunk");
            last["choices"] = json!([]);
            last["usage"] = counts(turn, usage);
            frames.push(Frame::Now(sse::data(&last)));
        }
        frames.push(Frame::Now("data: [DONE]\n\n".to_owned()));
    }
    frames
}

/// The answer as one object.
pub(super) fn whole(turn: &Turn<'_>) -> Value {
    let reasoning = Some(turn.script.reasoning()).filter(|reasoning| !reasoning.is_empty());
    let message = json!({
        "role": "assistant", "content": turn.script.text(), "refusal": null, "reasoning": reasoning,
    });
    let (reason, native) = finish_reasons(turn.script.finish());
    let mut completion = envelope(turn, "chat.completion");
    completion["choices"] = json!([{
        "index": 0, "message": message, "finish_reason": reason, "native_finish_reason": native, "logprobs": null,
    }]);
    if let Some(usage) = turn.script.usage {
        completion["usage"] = counts(turn, usage);
    }
    completion
}

fn said(word: &str) -> Value {
    json!({"role": "assistant", "content": word})
}

fn thought(word: &str) -> Value {
    json!({
        "role": "assistant",
        "content": "",
        "reasoning": word,
        "reasoning_details": [{"type": "reasoning.text", "text": word, "format": null, "index": 0}],
    })
}

fn chunk(turn: &Turn<'_>, delta: &Value, stop: Option<Stop>) -> Value {
    let (reason, native) = finish_reasons(stop);
    let mut chunk = envelope(turn, "chat.completion.chunk");
    chunk["choices"] = json!([{
        "index": 0, "delta": delta, "finish_reason": reason, "native_finish_reason": native, "logprobs": null,
    }]);
    chunk
}

/// The model behind it failed after the first word: the status is 200 already, so the chunk carries the error.
fn failure(turn: &Turn<'_>) -> Value {
    let provider = provider(turn);
    let mut chunk = envelope(turn, "chat.completion.chunk");
    let metadata = json!({"provider_name": provider, "raw": "upstream connect error"});
    chunk["error"] =
        json!({"code": 502, "message": "Provider disconnected unexpectedly", "metadata": metadata});
    chunk["choices"] = json!([{"index": 0, "delta": said(""), "finish_reason": "error"}]);
    chunk
}

fn envelope(turn: &Turn<'_>, object: &str) -> Value {
    json!({
        "id": generation_id(turn.id),
        "provider": provider(turn),
        "model": turn.chat.model,
        "object": object,
        "created": CREATED,
        "system_fingerprint": null,
    })
}

fn provider(turn: &Turn<'_>) -> Option<&'static str> {
    models::find(&turn.chat.model).map(|model| model.provider)
}

/// OpenRouter's word for the end, and that of the provider behind it.
fn finish_reasons(stop: Option<Stop>) -> (Option<&'static str>, Option<&'static str>) {
    match stop {
        None => (None, None),
        Some(Stop::Length) => (Some("length"), Some("MAX_TOKENS")),
        Some(Stop::ContentFilter) => (Some("content_filter"), Some("SAFETY")),
        Some(Stop::Complete | Stop::Silent) => (Some("stop"), Some("STOP")),
    }
}

fn counts(turn: &Turn<'_>, usage: Usage) -> Value {
    let output = usage.answer + usage.reasoning;
    let cost = models::find(&turn.chat.model).map(|model| model.cost(usage.input, output));
    json!({
        "prompt_tokens": usage.input,
        "completion_tokens": output,
        "total_tokens": usage.input + output,
        "cost": cost,
        "is_byok": false,
        "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
        "cost_details": {"upstream_inference_cost": null},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    })
}
