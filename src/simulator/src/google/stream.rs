//! Google's answers: every event is a whole response, and so is the answer that is not streamed.
//! Knows no request and no refusal.

use serde_json::{Value, json};

use crate::{
    directive::Stop,
    refusal::Reason,
    script::{Step, Usage},
    sse::{self, Frame},
    wire::Turn,
};

use super::errors;

/// The answer as events.
pub(super) fn stream(turn: &Turn<'_>) -> Vec<Frame> {
    let mut said = Usage {
        answer: 0,
        reasoning: 0,
        ..turn.script.usage.unwrap_or_default()
    };
    if blocked(turn) {
        return vec![Frame::Now(sse::data(&block(turn)))];
    }
    let text = |word: &str, said: Usage| sse::data(&response(turn, &json!([{"text": word}]), None, said));
    let frames = turn.script.steps.iter().map(|step| match step {
        Step::Reasoning(word) => {
            said.reasoning += 1;
            Frame::Word(sse::data(&response(
                turn,
                &json!([{"text": word, "thought": true}]),
                None,
                said,
            )))
        }
        Step::Text(word) => {
            said.answer += 1;
            Frame::Word(text(word, said))
        }
        Step::Malformed => Frame::Word(sse::broken(&text("malformed", said))),
        Step::Error => {
            let error = errors::refuse(&Reason::Unavailable.into()).1;
            // Google puts it on the wire bare, over several lines, outside of any event.
            Frame::Word(if turn.framed_error {
                sse::data(&error)
            } else {
                format!("{error:#}\n")
            })
        }
        Step::Stall => Frame::Stall,
        Step::Cut => Frame::Cut(sse::cut(&text(sse::CUT_WORD, said))),
        Step::Finish(stop) => {
            let parts = json!([{"text": "", "thoughtSignature": "c2ltdWxhdGVkIHRob3VnaHQ="}]);
            Frame::Now(sse::data(&response(turn, &parts, Some(*stop), said)))
        }
    });
    frames.collect()
}

/// The answer as one object.
pub(super) fn whole(turn: &Turn<'_>) -> Value {
    if blocked(turn) {
        return block(turn);
    }
    let mut parts = Vec::new();
    if !turn.script.reasoning().is_empty() {
        parts.push(json!({"text": turn.script.reasoning(), "thought": true}));
    }
    parts.push(json!({"text": turn.script.text()}));
    response(
        turn,
        &json!(parts),
        turn.script.finish(),
        turn.script.usage.unwrap_or_default(),
    )
}

/// Withheld before the first word: then the prompt is to blame, and there is no candidate at all.
fn blocked(turn: &Turn<'_>) -> bool {
    turn.script.steps == [Step::Finish(Stop::ContentFilter)]
}

fn block(turn: &Turn<'_>) -> Value {
    let mut response = envelope(turn, turn.script.usage.unwrap_or_default());
    response["promptFeedback"] = json!({"blockReason": "PROHIBITED_CONTENT"});
    response
}

fn response(turn: &Turn<'_>, parts: &Value, stop: Option<Stop>, said: Usage) -> Value {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
    if let Some(stop) = stop {
        candidate["finishReason"] = json!(match stop {
            Stop::Length => "MAX_TOKENS",
            Stop::ContentFilter => "SAFETY",
            Stop::Complete | Stop::Silent => "STOP",
        });
    }
    let mut response = envelope(turn, said);
    response["candidates"] = json!([candidate]);
    response
}

fn envelope(turn: &Turn<'_>, said: Usage) -> Value {
    let mut response = json!({"modelVersion": turn.chat.model, "responseId": format!("sim{:019}", turn.id)});
    if turn.script.usage.is_some() {
        response["usageMetadata"] = counts(said);
    }
    response
}

fn counts(said: Usage) -> Value {
    let mut counts = json!({
        "promptTokenCount": said.input,
        "totalTokenCount": said.input + said.answer + said.reasoning,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": said.input}],
    });
    // Counts of nothing are left out.
    let optional = [
        ("candidatesTokenCount", said.answer),
        ("thoughtsTokenCount", said.reasoning),
        ("cachedContentTokenCount", said.cached),
    ];
    for (name, count) in optional.into_iter().filter(|(_, count)| *count > 0) {
        counts[name] = json!(count);
    }
    counts
}
