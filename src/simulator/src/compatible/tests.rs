//! What sets the custom endpoints apart: who may ask, numbers as codes, null details, reasoning in the open.

use serde_json::{Value, json};

use crate::testing::answer_to;

fn models(site: &str, key: Option<&str>) -> u16 {
    let authorization = key.map(|key| format!("Bearer {key}"));
    let headers: Vec<(&str, &str)> = authorization
        .iter()
        .map(|key| ("authorization", key.as_str()))
        .collect();
    answer_to("GET", &format!("/{site}/v1/models"), &headers, Value::Null).status
}

fn chat(message: &str) -> Vec<Value> {
    let body = json!({
        "model": "sim-small", "stream": true, "stream_options": {"include_usage": true},
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": message}],
    });
    answer_to("POST", "/open/v1/chat/completions", &[], body).events()
}

fn chunk(delta: Value, finish_reason: Value) -> Value {
    json!({
        "id": "chatcmpl-7",
        "object": "chat.completion.chunk",
        "created": 1_761_000_000,
        "model": "sim-small",
        "system_fingerprint": "b6700-simulator",
        "choices": [{"finish_reason": finish_reason, "index": 0, "delta": delta}],
    })
}

#[test]
fn the_custom_server_wants_a_valid_key_and_the_open_one_wants_none() {
    assert_eq!(models("custom", Some("my-valid-key")), 200);
    assert_eq!(models("custom", Some("my-key")), 401);
    assert_eq!(models("custom", None), 401);
    assert_eq!(models("open", Some("my-key")), 200);
    assert_eq!(models("open", None), 200);
}

#[test]
fn a_stream_shows_reasoning_and_leaves_details_null() {
    let mut usage = chunk(Value::Null, Value::Null);
    usage["choices"] = json!([]);
    usage["usage"] = json!({
        "prompt_tokens": 14, "completion_tokens": 2, "total_tokens": 16,
        "prompt_tokens_details": null, "completion_tokens_details": null,
    });
    let expected = [
        chunk(json!({"role": "assistant", "content": null}), Value::Null),
        chunk(json!({"reasoning_content": "First"}), Value::Null),
        chunk(json!({"content": "Hello"}), Value::Null),
        chunk(json!({}), json!("stop")),
        usage,
        json!("data: [DONE]"),
    ];
    assert_eq!(chat("#sim reasoning=1 words=9 text=Hello"), expected);
}

#[test]
fn an_error_has_a_number_for_a_code() {
    let body = json!({"model": "no-such-model", "messages": [{"role": "user", "content": "a"}]});
    let (status, answer) = answer_to("POST", "/open/v1/chat/completions", &[], body).refusal();
    assert_eq!((status, &answer["error"]["code"]), (404, &json!(404)));
    let failed = chat("#sim fail=error@0 text=a");
    assert_eq!(failed[1]["error"]["code"], json!(500));
}
