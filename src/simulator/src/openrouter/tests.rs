//! The stream as it is, event by event, what is told about a key, and every refusal in OpenRouter's words.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};

use crate::{answer::Answer, testing::answer_to};

fn chat_with(key: &str, body: Value) -> Answer {
    let authorization = format!("Bearer {key}");
    answer_to(
        "POST",
        "/openrouter/api/v1/chat/completions",
        &[("authorization", &authorization)],
        body,
    )
}

fn chat(message: &str) -> Answer {
    let messages = json!([{"role": "user", "content": message}]);
    let usage = json!({"include": true});
    chat_with(
        "sk-or-v1-simvalid",
        json!({"model": "openai/gpt-5-mini", "messages": messages, "stream": true, "usage": usage}),
    )
}

fn key(key: &str) -> Answer {
    answer_to(
        "GET",
        "/openrouter/api/v1/key",
        &[("authorization", &format!("Bearer {key}"))],
        Value::Null,
    )
}

fn chunk(delta: Value, finish: (Value, Value)) -> Value {
    json!({
        "id": "gen-1761000000-sim7",
        "provider": "OpenAI",
        "model": "openai/gpt-5-mini",
        "object": "chat.completion.chunk",
        "created": 1_761_000_000,
        "system_fingerprint": null,
        "choices": [{
            "index": 0, "delta": delta, "finish_reason": finish.0, "native_finish_reason": finish.1, "logprobs": null,
        }],
    })
}

#[test]
fn a_stream_has_comments_reasoning_a_provider_and_a_cost() {
    let said = |text: &str| json!({"role": "assistant", "content": text});
    let open = || (Value::Null, Value::Null);
    let thought = json!({
        "role": "assistant", "content": "", "reasoning": "First",
        "reasoning_details": [{"type": "reasoning.text", "text": "First", "format": null, "index": 0}],
    });
    let mut usage = chunk(Value::Null, open());
    usage["choices"] = json!([]);
    usage["usage"] = json!({
        "prompt_tokens": 17, "completion_tokens": 3, "total_tokens": 20, "cost": 0.000_010_25, "is_byok": false,
        "prompt_tokens_details": {"cached_tokens": 8, "audio_tokens": 0},
        "cost_details": {"upstream_inference_cost": null},
        "completion_tokens_details": {"reasoning_tokens": 1},
    });
    let expected = [
        json!(": OPENROUTER PROCESSING"),
        json!(": OPENROUTER PROCESSING"),
        chunk(thought, open()),
        chunk(said("Hello "), open()),
        chunk(said("world"), open()),
        chunk(said(""), (json!("stop"), json!("STOP"))),
        usage,
        json!("data: [DONE]"),
    ];
    let answer = chat("#sim reasoning=1 cached=8 text=Hello world");
    assert_eq!(answer.events(), expected);
    assert_eq!(answer.header("x-generation-id"), Some("gen-1761000000-sim7"));
}

#[test]
fn a_stream_fails_as_it_was_told() {
    let error = chat("#sim fail=error@1 text=a b").events();
    let last = error.last().unwrap();
    assert_eq!(last["error"]["code"], json!(502));
    assert_eq!(last["choices"][0]["finish_reason"], json!("error"));
    assert!(chat("#sim fail=stall@1 text=a b").text().ends_with("<silence>"));
    assert!(chat("#sim fail=cut@1 text=a b").text().ends_with("\u{FFFD}<cut>"));
    assert!(chat("#sim fail=malformed@0 text=a").events()[2].is_string());
    assert!(!chat("#sim stop=none text=a").text().contains("[DONE]"));
    assert!(!chat("#sim nousage text=a").text().contains("cost"));
}

#[test]
fn an_answer_that_is_not_streamed_is_one_object() {
    let messages = json!([{"role": "user", "content": "#sim reasoning=1 text=Hello"}]);
    let model = "meta-llama/llama-3.3-70b-instruct:free";
    let answer = chat_with("simvalid", json!({"model": model, "messages": messages})).json();
    assert_eq!(answer["provider"], json!("Venice"));
    assert_eq!(answer["choices"][0]["message"]["content"], json!("Hello"));
    assert_eq!(answer["choices"][0]["message"]["reasoning"], json!("First"));
    assert_eq!(answer["usage"]["cost"], json!(0.0));
}

#[test]
fn a_key_is_described() {
    let data = |word: &str| key(&format!("sk-or-v1-{word}")).json()["data"].clone();
    let valid = data("simvalid0123456789abcdef");
    assert_eq!(valid["label"], json!("sk-or-v1-sim...def"));
    assert_eq!(
        (&valid["limit_remaining"], &valid["is_management_key"]),
        (&json!(74.5), &json!(false))
    );
    assert_eq!(data("simadmin")["is_management_key"], json!(true));
    assert_eq!(data("simspendcap")["limit_remaining"], json!(0));
    assert_eq!(data("simnocredit")["is_free_tier"], json!(true));
}

#[test]
fn the_model_list_is_public_and_has_prices() {
    let list = answer_to(
        "GET",
        "/openrouter/api/v1/models",
        &[("authorization", "Bearer wrong")],
        Value::Null,
    )
    .json();
    let entry = |id: &str| {
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|model| model["id"] == json!(id))
            .unwrap()
    };
    let mini = entry("openai/gpt-5-mini");
    assert_eq!(mini["pricing"]["prompt"], json!("0.00000025"));
    assert_eq!(mini["pricing"]["completion"], json!("0.000002"));
    assert_eq!(mini["context_length"], json!(400_000));
    assert_eq!(
        entry("meta-llama/llama-3.3-70b-instruct:free")["pricing"]["prompt"],
        json!("0")
    );
}

#[test]
fn keys_and_requests_fare_as_at_openrouter() {
    let of = |answer: Answer| {
        let (status, body) = answer.refusal();
        assert_eq!(body["error"]["code"], json!(status));
        (status, body["error"]["message"].as_str().unwrap().to_owned())
    };
    assert_eq!(of(key("sk-or-v1-0123")), (401, "User not found.".to_owned()));
    assert_eq!(of(key("simexpired")), (401, "API key expired".to_owned()));
    assert_eq!(of(key("simdown500")).0, 500);
    let none = answer_to("GET", "/openrouter/api/v1/key", &[], Value::Null);
    assert_eq!(of(none), (401, "No auth credentials found".to_owned()));
    let body = json!({"model": "openai/gpt-5-mini", "messages": [{"role": "user", "content": "a"}]});
    assert!(
        of(chat_with("simnocredit", body.clone()))
            .1
            .starts_with("Insufficient credits.")
    );
    assert!(
        of(chat_with("simspendcap", body.clone()))
            .1
            .starts_with("Key limit exceeded")
    );
    assert_eq!(of(chat_with("simadmin", body.clone())).0, 403);
    let with = |name: &str, value: Value| {
        let mut body = body.clone();
        body[name] = value;
        of(chat_with("simvalid", body))
    };
    assert_eq!(
        with("model", json!("no-such-model")),
        (400, "no-such-model is not a valid model ID".to_owned())
    );
    assert_eq!(with("model", json!("")), (400, "No models provided".to_owned()));
    assert_eq!(
        with("messages", json!(null)).1,
        "Input required: specify \"prompt\" or \"messages\""
    );
}
