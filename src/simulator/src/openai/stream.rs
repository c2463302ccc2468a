//! OpenAI's answers: chat completion chunks, and the whole completion. Knows no request and no error.

use serde_json::{Value, json};

use crate::{
    directive::Stop,
    refusal::Reason,
    script::{Step, Usage},
    sse::{self, Frame},
    wire::Turn,
};

use super::{CREATED, errors};

const FINGERPRINT: &str = "fp_51mu1a70r0";

/// The answer as events, closed by `[DONE]`.
pub(super) fn stream(turn: &Turn<'_>) -> Vec<Frame> {
    // The first chunk says who speaks; its content is null.
    let opening = json!({"role": "assistant", "content": null, "refusal": null});
    let text = |word: &str| sse::data(&chunk(turn, &json!({"content": word}), None));
    let mut frames = vec![Frame::Now(sse::data(&chunk(turn, &opening, None)))];
    frames.extend(turn.script.steps.iter().map(|step| match step {
        // Chat completions bill reasoning and do not show it; the connection is kept alive meanwhile.
        Step::Reasoning(_) => Frame::Word(sse::data(&json!({"type": "keepalive"}))),
        Step::Text(word) => Frame::Word(text(word)),
        Step::Malformed => Frame::Word(sse::broken(&text("malformed"))),
        Step::Error => Frame::Word(sse::data(&errors::refuse(&Reason::Internal.into()).1)),
        Step::Stall => Frame::Stall,
        Step::Cut => Frame::Cut(sse::cut(&text(sse::CUT_WORD))),
        Step::Finish(stop) => Frame::Now(sse::data(&chunk(turn, &json!({}), Some(*stop)))),
    }));
    if turn.script.finish().is_some() {
        if let Some(usage) = turn.script.usage.filter(|_| turn.chat.include_usage) {
            let mut last = envelope(turn, "chat.completion.chunk");
            last["choices"] = json!([]);
            last["usage"] = counts(usage);
            last["obfuscation"] = json!("kTl2");
            frames.push(Frame::Now(sse::data(&last)));
        }
        frames.push(Frame::Now("data: [DONE]\n\n".to_owned()));
    }
    frames
}

/// The answer as one object.
pub(super) fn whole(turn: &Turn<'_>) -> Value {
    let mut completion = envelope(turn, "chat.completion");
    let message =
        json!({"role": "assistant", "content": turn.script.text(), "refusal": null, "annotations": []});
    let reason = turn.script.finish().map(finish_reason);
    completion["choices"] =
        json!([{"index": 0, "message": message, "logprobs": null, "finish_reason": reason}]);
    if let Some(usage) = turn.script.usage {
        completion["usage"] = counts(usage);
    }
    completion
}

fn chunk(turn: &Turn<'_>, delta: &Value, stop: Option<Stop>) -> Value {
    let mut chunk = envelope(turn, "chat.completion.chunk");
    let reason = stop.map(finish_reason);
    chunk["choices"] = json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": reason}]);
    if turn.chat.include_usage {
        chunk["usage"] = Value::Null;
    }
    // It evens out the lengths of events, against listeners who count bytes.
    chunk["obfuscation"] = json!("x7Qp2vN");
    chunk
}

fn envelope(turn: &Turn<'_>, object: &str) -> Value {
    json!({
        "id": format!("chatcmpl-sim{}", turn.id),
        "object": object,
        "created": CREATED,
        "model": turn.chat.model,
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
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
        "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    })
}
