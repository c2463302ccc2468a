//! The stream as it is, event by event, and every refusal in Anthropic's words.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};

use crate::{answer::Answer, testing::answer_to};

const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

fn chat_with(key: &str, body: Value) -> Answer {
    answer_to(
        "POST",
        "/anthropic/v1/messages",
        &[("x-api-key", key), VERSION],
        body,
    )
}

fn chat(message: &str) -> Answer {
    let messages = json!([{"role": "user", "content": message}]);
    let model = "claude-sonnet-4-5-20250929";
    chat_with(
        "simvalid",
        json!({"model": model, "max_tokens": 1024, "stream": true, "messages": messages}),
    )
}

fn models(key: &str, query: &str) -> Answer {
    answer_to(
        "GET",
        &format!("/anthropic/v1/models{query}"),
        &[("x-api-key", key), VERSION],
        Value::Null,
    )
}

fn named(event: Value) -> Value {
    json!([format!("event: {}", event["type"].as_str().unwrap()), event])
}

fn usage(output: u64) -> Value {
    json!({
        "input_tokens": 9,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 8,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output,
        "service_tier": "standard",
    })
}

fn delta(index: u64, delta: Value) -> Value {
    named(json!({"type": "content_block_delta", "index": index, "delta": delta}))
}

#[test]
fn a_stream_is_a_sequence_of_named_events_with_cumulative_usage() {
    let message = json!({
        "id": "msg_sim00000000000000000007", "type": "message", "role": "assistant",
        "model": "claude-sonnet-4-5-20250929", "content": [], "stop_reason": null, "stop_sequence": null,
        "usage": usage(1),
    });
    let thinking = json!({"type": "thinking", "thinking": "", "signature": ""});
    let text = json!({"type": "text", "text": ""});
    let end = |reason: Value| json!({"stop_reason": reason, "stop_sequence": null});
    let signature = "EqQBCgIYAhIkc2ltdWxhdGVkIHNpZ25hdHVyZQ==";
    let expected = [
        named(json!({"type": "message_start", "message": message})),
        named(json!({"type": "content_block_start", "index": 0, "content_block": thinking})),
        named(json!({"type": "ping"})),
        delta(0, json!({"type": "thinking_delta", "thinking": "First "})),
        delta(0, json!({"type": "thinking_delta", "thinking": "I"})),
        delta(0, json!({"type": "signature_delta", "signature": signature})),
        named(json!({"type": "content_block_stop", "index": 0})),
        named(json!({"type": "content_block_start", "index": 1, "content_block": text})),
        delta(1, json!({"type": "text_delta", "text": "Hello "})),
        delta(1, json!({"type": "text_delta", "text": "world"})),
        named(json!({"type": "content_block_stop", "index": 1})),
        named(json!({"type": "message_delta", "delta": end(Value::Null), "usage": usage(2)})),
        named(json!({"type": "message_delta", "delta": end(json!("end_turn")), "usage": usage(4)})),
        named(json!({"type": "message_stop"})),
    ];
    assert_eq!(
        chat("#sim reasoning=2 cached=8 text=Hello world").events(),
        expected
    );
}

#[test]
fn pings_come_all_along() {
    let pings = chat("#sim words=60").text().matches("event: ping").count();
    assert_eq!(pings, 4, "one at the start, and one every twenty words");
}

#[test]
fn a_stream_ends_for_the_reason_it_was_told() {
    for (stop, reason) in [("length", "max_tokens"), ("content_filter", "refusal")] {
        let events = chat(&format!("#sim stop={stop} text=a")).events();
        assert_eq!(events[events.len() - 2][1]["delta"]["stop_reason"], json!(reason));
    }
    let silent = chat("#sim stop=none text=a").text();
    assert!(
        !silent.contains("message_delta") && !silent.contains("message_stop"),
        "{silent}"
    );
    let uncounted = chat("#sim nousage text=a").text();
    assert!(
        !uncounted.contains("usage") && uncounted.contains("message_stop"),
        "{uncounted}"
    );
}

#[test]
fn a_stream_fails_as_it_was_told() {
    let error = chat("#sim fail=error@1 text=a b").events();
    let last = &error[error.len() - 1];
    assert_eq!(
        (&last[0], &last[1]["error"]["type"]),
        (&json!("event: error"), &json!("overloaded_error"))
    );
    assert!(chat("#sim fail=stall@1 text=a b").text().ends_with("<silence>"));
    assert!(chat("#sim fail=cut@1 text=a b").text().ends_with("\u{FFFD}<cut>"));
    let malformed = chat("#sim fail=malformed@0 text=a").events();
    assert_eq!(malformed[3][0], json!("event: content_block_delta"));
    assert!(malformed[3][1].is_string(), "no JSON: {}", malformed[3]);
    assert_eq!(malformed[4][1]["delta"]["text"], json!("a"));
}

#[test]
fn an_answer_that_is_not_streamed_is_one_message() {
    let messages =
        json!([{"role": "user", "content": [{"type": "text", "text": "#sim reasoning=1 text=Hello"}]}]);
    let answer = chat_with(
        "simvalid",
        json!({"model": "claude-haiku-4-5", "max_tokens": 5, "messages": messages}),
    )
    .json();
    assert_eq!(answer["model"], json!("claude-haiku-4-5-20251001"));
    assert_eq!(answer["content"][0]["type"], json!("thinking"));
    assert_eq!(answer["content"][1], json!({"type": "text", "text": "Hello"}));
    assert_eq!(answer["stop_reason"], json!("end_turn"));
    assert_eq!(answer["usage"]["output_tokens"], json!(2));
}

#[test]
fn models_come_in_pages() {
    let all = models("simvalid", "").json();
    assert_eq!(all["has_more"], json!(false));
    assert_eq!(all["data"][1]["id"], json!("claude-sonnet-4-5-20250929"));
    assert_eq!(all["data"][1]["display_name"], json!("Claude Sonnet 4.5"));
    let mut seen = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page = models("simvalid", &query).json();
        seen.extend(page["data"].as_array().unwrap().clone());
        if page["has_more"] == json!(false) {
            break;
        }
        query = format!("?limit=3&after_id={}", page["last_id"].as_str().unwrap());
    }
    assert_eq!(json!(seen), all["data"]);
    assert_eq!(models("simvalid", "?limit=0").status, 400);
}

#[test]
fn keys_fare_as_at_anthropic() {
    let of = |answer: Answer| {
        let (status, body) = answer.refusal();
        assert_eq!(body["type"], json!("error"));
        assert_eq!(body["request_id"].as_str(), answer.header("request-id"));
        (status, body["error"]["type"].as_str().unwrap().to_owned())
    };
    let owned = |status: u16, kind: &str| (status, kind.to_owned());
    assert_eq!(of(models("wrong", "")), owned(401, "authentication_error"));
    assert_eq!(of(models("simexpired", "")), owned(401, "authentication_error"));
    assert_eq!(of(models("simrestricted", "")), owned(403, "permission_error"));
    assert_eq!(of(models("simspendcap", "")), owned(400, "invalid_request_error"));
    assert_eq!(of(models("simpayment402", "")), owned(402, "billing_error"));
    assert_eq!(of(models("simoverloaded529", "")), owned(529, "overloaded_error"));
    assert_eq!(models("simnocredit", "").status, 200);
    let body =
        json!({"model": "claude-haiku-4-5", "max_tokens": 5, "messages": [{"role": "user", "content": "a"}]});
    assert!(
        chat_with("simnocredit", body)
            .text()
            .contains("Your credit balance is too low")
    );
}

#[test]
fn key_and_version_are_read_where_anthropic_reads_them() {
    let get =
        |headers: &[(&str, &str)]| answer_to("GET", "/anthropic/v1/models", headers, Value::Null).refusal();
    let (status, body) = get(&[("authorization", "Bearer simvalid"), VERSION]);
    assert_eq!(
        (status, &body["error"]["message"]),
        (401, &json!("x-api-key header is required"))
    );
    let (status, body) = get(&[("x-api-key", "simvalid")]);
    assert_eq!(
        (status, &body["error"]["message"]),
        (400, &json!("anthropic-version: header is required"))
    );
}

#[test]
fn malformed_requests_are_refused_in_anthropics_words() {
    let user = json!({"role": "user", "content": "a"});
    let with = |name: &str, value: Value| {
        let mut body = json!({"model": "claude-haiku-4-5", "max_tokens": 5, "messages": [user]});
        body[name] = value;
        body
    };
    for (body, message) in [
        (json!([]), "The request body is not valid JSON"),
        (with("model", json!(null)), "model: Field required"),
        (
            with("model", json!("")),
            "model: String should have at least 1 character",
        ),
        (with("max_tokens", json!(null)), "max_tokens: Field required"),
        (
            with("max_tokens", json!(0)),
            "max_tokens: must be greater than or equal to 1",
        ),
        (
            with("max_tokens", json!(64_001)),
            "max_tokens: 64001 > 64000, which is the maximum",
        ),
        (with("temperature", json!(1.5)), "temperature: range: 0..1"),
        (
            with("stream_options", json!({})),
            "stream_options: Extra inputs are not permitted",
        ),
        (
            with("messages", json!([])),
            "messages: at least one message is required",
        ),
        (
            with("messages", json!([{"role": "assistant", "content": "a"}])),
            "messages: first message must use",
        ),
        (
            with("messages", json!([{"role": "system", "content": "a"}])),
            "messages: Unexpected role \"system\".",
        ),
        (
            with("messages", json!([{"role": "model", "content": "a"}])),
            "messages.0.role: Input should be",
        ),
        (
            with("messages", json!([user, user])),
            "messages: roles must alternate",
        ),
        (
            with("messages", json!([{"role": "user", "content": ""}])),
            "messages.0: all messages must have non-empty",
        ),
        (
            with("messages", json!([{"role": "user", "content": " "}])),
            "messages: text content blocks must contain",
        ),
        (
            with(
                "messages",
                json!([{"role": "user", "content": [{"type": "text", "text": ""}]}]),
            ),
            "messages: text content blocks must contain",
        ),
    ] {
        let (status, answer) = chat_with("simvalid", body.clone()).refusal();
        assert_eq!(
            (status, &answer["error"]["type"]),
            (400, &json!("invalid_request_error")),
            "{body}"
        );
        assert!(
            answer["error"]["message"].as_str().unwrap().starts_with(message),
            "{body} {answer}"
        );
    }
    let (status, answer) = chat_with("simvalid", with("model", json!("no-such-model"))).refusal();
    assert_eq!(
        (status, &answer["error"]["message"]),
        (404, &json!("model: no-such-model"))
    );
}
