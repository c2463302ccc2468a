//! The stream as it is, event by event, and every refusal in OpenAI's words.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};

use crate::{answer::Answer, testing::answer_to};

fn chat_with(key: &str, body: Value) -> Answer {
    let authorization = format!("Bearer {key}");
    answer_to(
        "POST",
        "/openai/v1/chat/completions",
        &[("authorization", &authorization)],
        body,
    )
}

fn chat(message: &str, more: Value) -> Answer {
    let mut body =
        json!({"model": "gpt-5-mini", "messages": [{"role": "user", "content": message}], "stream": true});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    chat_with("sk-proj-simvalid", body)
}

fn models(key: &str) -> Answer {
    answer_to(
        "GET",
        "/openai/v1/models",
        &[("authorization", &format!("Bearer {key}"))],
        Value::Null,
    )
}

fn chunk(delta: Value, finish_reason: Value) -> Value {
    json!({
        "id": "chatcmpl-sim7",
        "object": "chat.completion.chunk",
        "created": 1_760_000_000,
        "model": "gpt-5-mini-2025-08-07",
        "service_tier": "default",
        "system_fingerprint": "fp_51mu1a70r0",
        "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason}],
        "usage": null,
        "obfuscation": "x7Qp2vN",
    })
}

fn include_usage() -> Value {
    json!({"stream_options": {"include_usage": true}})
}

#[test]
fn a_stream_opens_with_nulls_and_closes_with_usage_and_done() {
    let answer = chat("#sim reasoning=1 cached=8 text=Hello world", include_usage());
    let mut usage = chunk(Value::Null, Value::Null);
    usage["choices"] = json!([]);
    usage["obfuscation"] = json!("kTl2");
    usage["usage"] = json!({
        "prompt_tokens": 17, "completion_tokens": 3, "total_tokens": 20,
        "prompt_tokens_details": {"cached_tokens": 8, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 1, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
        },
    });
    let expected = [
        chunk(
            json!({"role": "assistant", "content": null, "refusal": null}),
            Value::Null,
        ),
        json!({"type": "keepalive"}),
        chunk(json!({"content": "Hello "}), Value::Null),
        chunk(json!({"content": "world"}), Value::Null),
        chunk(json!({}), json!("stop")),
        usage,
        json!("data: [DONE]"),
    ];
    assert_eq!(answer.events(), expected);
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert_eq!(answer.header("x-ratelimit-reset-requests"), Some("120ms"));
}

#[test]
fn usage_comes_only_where_it_was_asked_for() {
    for answer in [
        chat("#sim text=a", json!({})),
        chat("#sim nousage text=a", include_usage()),
    ] {
        assert!(!answer.text().contains("prompt_tokens"));
        assert_eq!(answer.events().last(), Some(&json!("data: [DONE]")));
    }
    assert_eq!(chat("#sim text=a", json!({})).events()[0].get("usage"), None);
}

#[test]
fn a_stream_ends_for_the_reason_it_was_told() {
    for reason in ["length", "content_filter"] {
        let events = chat(&format!("#sim stop={reason} text=a"), json!({})).events();
        assert_eq!(events[2]["choices"][0]["finish_reason"], json!(reason));
    }
    let silent = chat("#sim stop=none text=a", include_usage()).events();
    assert_eq!(silent.len(), 2, "the opening and one word, and then nothing");
}

#[test]
fn a_stream_fails_as_it_was_told() {
    let text = |failure: &str| chat(&format!("#sim fail={failure}@1 text=a b"), json!({})).text();
    assert!(text("stall").ends_with("\n\n<silence>"));
    assert!(text("cut").ends_with("\u{FFFD}<cut>"));
    let malformed = chat("#sim fail=malformed@1 text=a b", json!({})).events();
    assert!(malformed[2].is_string(), "no JSON: {}", malformed[2]);
    assert_eq!(malformed[3]["choices"][0]["delta"]["content"], json!("b"));
    let error = chat("#sim fail=error@1 text=a b", json!({})).events();
    assert_eq!(error.len(), 3);
    assert_eq!(error[2]["error"]["type"], json!("server_error"));
}

#[test]
fn an_answer_that_is_not_streamed_is_one_object() {
    let answer = chat("#sim text=Hello world", json!({"stream": false})).json();
    assert_eq!(answer["object"], json!("chat.completion"));
    assert_eq!(answer["choices"][0]["message"]["content"], json!("Hello world"));
    assert_eq!(answer["choices"][0]["finish_reason"], json!("stop"));
    assert_eq!(answer["usage"]["total_tokens"], json!(9));
}

#[test]
fn models_are_listed_with_those_that_do_not_chat() {
    let list = models("sk-proj-simvalid").json();
    let ids: Vec<&str> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].as_str().unwrap())
        .collect();
    for id in [
        "gpt-5-mini",
        "gpt-4o-mini",
        "o4-mini",
        "text-embedding-3-small",
        "tts-1",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
    let one = answer_to(
        "GET",
        "/openai/v1/models/o4-mini",
        &[("authorization", "Bearer simvalid")],
        Value::Null,
    );
    assert_eq!(one.json()["object"], json!("model"));
}

#[test]
fn keys_fare_as_at_openai() {
    let code = |answer: Answer| {
        let (status, body) = answer.refusal();
        (
            status,
            body["error"]["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let owned = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(code(models("sk-proj-wrong")), owned(401, "invalid_api_key"));
    assert_eq!(code(models("sk-proj-simrestricted")), owned(403, "missing_scope"));
    assert_eq!(
        code(models("sk-proj-simregion")),
        owned(403, "unsupported_country_region_territory")
    );
    let body = json!({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "#sim text=a"}]});
    assert_eq!(
        code(chat_with("sk-proj-simnocredit", body.clone())),
        owned(429, "insufficient_quota")
    );
    assert_eq!(
        code(chat_with("sk-proj-simspendcap", body.clone())),
        owned(400, "billing_hard_limit_reached")
    );
    assert_eq!(chat_with("sk-proj-simrestricted", body).status, 200);
    let plain = models("sk-proj-simrestricted401").refusal();
    assert_eq!(plain.0, 401);
    assert!(
        plain.1["error"]
            .as_str()
            .unwrap()
            .contains("Missing scopes: api.model.read")
    );
}

#[test]
fn a_wrong_key_is_masked_unless_it_is_to_be_echoed() {
    let message = |key: &str| {
        models(key).json()["error"]["message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(
        message("sk-proj-0123456789wxyz")
            .starts_with("Incorrect API key provided: sk-proj-**********wxyz. You")
    );
    assert!(message("short").contains("provided: short."));
    assert!(message("sk-proj-simecho-0123").contains("sk-proj-simecho-0123"));
    let none = answer_to("GET", "/openai/v1/models", &[], Value::Null);
    assert!(
        none.json()["error"]["message"]
            .as_str()
            .unwrap()
            .starts_with("You didn't provide an API key.")
    );
}

#[test]
fn rate_limits_come_with_and_without_a_hint() {
    let hinted = models("sk-proj-simratelimited");
    assert_eq!((hinted.status, hinted.header("retry-after")), (429, Some("30")));
    assert!(hinted.text().contains("Please try again in 30s."));
    let bare = models("sk-proj-simratenohint");
    assert_eq!((bare.status, bare.header("retry-after")), (429, None));
    assert!(!bare.text().contains("try again"));
}

#[test]
fn malformed_requests_are_refused_in_openais_words() {
    let user = json!([{"role": "user", "content": "a"}]);
    for (body, param, code) in [
        (json!("no json"), json!(null), json!(null)),
        (json!({"messages": user}), json!(null), json!(null)),
        (
            json!({"model": "gpt-4o", "messages": user, "usage": {}}),
            json!("usage"),
            json!("unknown_parameter"),
        ),
        (
            json!({"model": "gpt-4o"}),
            json!("messages"),
            json!("missing_required_parameter"),
        ),
        (
            json!({"model": "gpt-4o", "messages": []}),
            json!("messages"),
            json!("empty_array"),
        ),
        (
            json!({"model": "gpt-4o", "messages": [{"role": "model", "content": "a"}]}),
            json!("messages[0].role"),
            json!("invalid_value"),
        ),
        (
            json!({"model": "gpt-4o", "messages": [{"role": "user"}]}),
            json!("messages.[0].content"),
            json!("invalid_type"),
        ),
        (
            json!({"model": "gpt-5", "messages": user, "max_tokens": 5}),
            json!("max_tokens"),
            json!("unsupported_parameter"),
        ),
        (
            json!({"model": "gpt-5", "messages": user, "temperature": 0.2}),
            json!("temperature"),
            json!("unsupported_value"),
        ),
        (
            json!({"model": "gpt-4o", "messages": user, "stream_options": {}}),
            json!("stream_options"),
            json!("invalid_request"),
        ),
    ] {
        let (status, answer) = chat_with("simvalid", body.clone()).refusal();
        assert_eq!(
            (status, &answer["error"]["param"], &answer["error"]["code"]),
            (400, &param, &code),
            "{body}"
        );
        assert_eq!(answer["error"]["type"], json!("invalid_request_error"));
    }
}

#[test]
fn unknown_models_paths_and_directives_are_refused() {
    let model = |model: &str| chat("#sim text=a", json!({"model": model})).refusal();
    let (status, body) = model("no-such-model");
    assert_eq!((status, &body["error"]["code"]), (404, &json!("model_not_found")));
    let (status, body) = model("text-embedding-3-small");
    assert_eq!((status, &body["error"]["param"]), (404, &json!("model")));
    assert_eq!(
        answer_to(
            "GET",
            "/openai/v1/me",
            &[("authorization", "Bearer simvalid")],
            Value::Null
        )
        .status,
        404
    );
    let (status, body) = chat("#sim wrods=3", json!({})).refusal();
    assert_eq!(
        (status, &body["error"]["message"]),
        (400, &json!("the simulator does not understand `wrods=3`"))
    );
}

#[test]
fn a_directed_status_is_the_whole_answer() {
    let limited = chat("#sim status=429 retry-after=7", json!({}));
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("7")));
    assert_eq!(limited.json()["error"]["code"], json!("rate_limit_exceeded"));
    let empty = chat("#sim status=429 kind=insufficient_quota", json!({}));
    assert_eq!(empty.json()["error"]["code"], json!("insufficient_quota"));
    for status in [401, 402, 403, 404, 500, 503, 529] {
        assert_eq!(chat(&format!("#sim status={status}"), json!({})).status, status);
    }
}
