//! The stream as it is, event by event, and every refusal in Google's words.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};

use crate::{answer::Answer, testing::answer_to};

const FLASH: &str = "/google/v1beta/models/gemini-2.5-flash";

fn ask(target: &str, key: &str, body: Value) -> Answer {
    answer_to("POST", target, &[("x-goog-api-key", key)], body)
}

fn chat(message: &str) -> Answer {
    let contents = json!([{"role": "user", "parts": [{"text": message}]}]);
    ask(
        &format!("{FLASH}:streamGenerateContent?alt=sse"),
        "AQ.simvalid",
        json!({"contents": contents}),
    )
}

fn models(key: &str, query: &str) -> Answer {
    answer_to(
        "GET",
        &format!("/google/v1beta/models{query}"),
        &[("x-goog-api-key", key)],
        Value::Null,
    )
}

fn response(candidate: Value, usage: Value) -> Value {
    let mut usage = usage;
    usage["promptTokenCount"] = json!(17);
    usage["cachedContentTokenCount"] = json!(8);
    usage["promptTokensDetails"] = json!([{"modality": "TEXT", "tokenCount": 17}]);
    json!({
        "candidates": [candidate],
        "usageMetadata": usage,
        "modelVersion": "gemini-2.5-flash",
        "responseId": "sim0000000000000000007",
    })
}

#[test]
fn every_event_is_a_whole_response_with_usage() {
    let part = |part: Value| json!({"content": {"parts": [part], "role": "model"}, "index": 0});
    let mut last = part(json!({"text": "", "thoughtSignature": "c2ltdWxhdGVkIHRob3VnaHQ="}));
    last["finishReason"] = json!("STOP");
    let total = json!({"totalTokenCount": 20, "thoughtsTokenCount": 1, "candidatesTokenCount": 2});
    let expected = [
        response(
            part(json!({"text": "First", "thought": true})),
            json!({"totalTokenCount": 18, "thoughtsTokenCount": 1}),
        ),
        response(
            part(json!({"text": "Hello "})),
            json!({"totalTokenCount": 19, "thoughtsTokenCount": 1, "candidatesTokenCount": 1}),
        ),
        response(part(json!({"text": "world"})), total.clone()),
        response(last, total),
    ];
    let answer = chat("#sim reasoning=1 cached=8 text=Hello world");
    assert_eq!(answer.events(), expected);
    assert!(
        answer.text().ends_with("}\r\n\r\n"),
        "Google ends its lines with CR LF"
    );
}

#[test]
fn a_stream_ends_for_the_reason_it_was_told() {
    for (stop, reason) in [("length", "MAX_TOKENS"), ("content_filter", "SAFETY")] {
        let events = chat(&format!("#sim stop={stop} text=a")).events();
        assert_eq!(events[1]["candidates"][0]["finishReason"], json!(reason));
    }
    assert!(!chat("#sim stop=none text=a").text().contains("finishReason"));
    assert!(!chat("#sim nousage text=a").text().contains("usageMetadata"));
    let blocked = chat("#sim stop=content_filter words=0").events();
    assert_eq!(blocked.len(), 1);
    assert_eq!(
        blocked[0]["promptFeedback"],
        json!({"blockReason": "PROHIBITED_CONTENT"})
    );
    assert_eq!(blocked[0].get("candidates"), None);
}

#[test]
fn an_error_within_a_stream_is_bare_unless_it_is_to_be_framed() {
    let bare = chat("#sim fail=error@1 text=a b").text();
    assert!(
        bare.contains("}\r\n\r\n{\r\n  \"error\": {\r\n    \"code\": 503,"),
        "{bare}"
    );
    let framed = chat("#sim fail=error@1 kind=framed text=a b").events();
    assert_eq!(framed[1]["error"]["status"], json!("UNAVAILABLE"));
    assert!(chat("#sim fail=stall@1 text=a b").text().ends_with("<silence>"));
    assert!(chat("#sim fail=cut@1 text=a b").text().ends_with("\u{FFFD}<cut>"));
    assert!(chat("#sim fail=malformed@0 text=a").events()[0].is_string());
}

#[test]
fn an_answer_that_is_not_streamed_is_one_response() {
    let contents = json!([{"parts": [{"text": "#sim text=Hello world"}]}]);
    let answer = ask(
        &format!("{FLASH}:generateContent"),
        "simvalid",
        json!({"contents": contents}),
    )
    .json();
    assert_eq!(
        answer["candidates"][0]["content"]["parts"],
        json!([{"text": "Hello world"}])
    );
    assert_eq!(answer["candidates"][0]["finishReason"], json!("STOP"));
    assert_eq!(answer["usageMetadata"]["candidatesTokenCount"], json!(2));
}

#[test]
fn models_come_in_pages_and_say_what_they_can_do() {
    let all = models("simvalid", "").json();
    assert_eq!(all.get("nextPageToken"), None);
    assert_eq!(
        all["models"][0]["supportedGenerationMethods"][0],
        json!("embedContent")
    );
    assert_eq!(all["models"][1]["name"], json!("models/gemini-2.5-flash"));
    assert_eq!(
        all["models"][1]["supportedGenerationMethods"][0],
        json!("generateContent")
    );
    let first = models("simvalid", "?pageSize=3").json();
    let token = first["nextPageToken"].as_str().unwrap();
    let second = models("simvalid", &format!("?pageSize=3&pageToken={token}")).json();
    assert_eq!(first["models"].as_array().unwrap().len(), 3);
    assert_eq!(second["models"], json!([all["models"][3]]));
}

#[test]
fn keys_fare_as_at_google() {
    let of = |answer: Answer| {
        let (status, body) = answer.refusal();
        assert_eq!(body["error"]["code"], json!(status));
        let reason = body["error"]["details"][0]["reason"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (
            status,
            body["error"]["status"].as_str().unwrap().to_owned(),
            reason,
        )
    };
    let owned = |status: u16, name: &str, reason: &str| (status, name.to_owned(), reason.to_owned());
    assert_eq!(
        of(models("wrong", "")),
        owned(400, "INVALID_ARGUMENT", "API_KEY_INVALID")
    );
    assert_eq!(
        of(models("simrestricted", "")),
        owned(403, "PERMISSION_DENIED", "API_KEY_SERVICE_BLOCKED")
    );
    assert_eq!(
        of(models("simforbidden403", "")),
        owned(403, "PERMISSION_DENIED", "")
    );
    assert_eq!(of(models("simregion", "")), owned(400, "FAILED_PRECONDITION", ""));
    assert_eq!(
        of(models("simratelimited", "")),
        owned(429, "RESOURCE_EXHAUSTED", "")
    );
    assert_eq!(
        of(models("simpayment402", "")),
        owned(402, "FAILED_PRECONDITION", "")
    );
    assert_eq!(
        of(chat("#sim status=401")),
        owned(401, "UNAUTHENTICATED", "API_KEY_INVALID")
    );
    let expired = models("simexpired", "").json();
    assert_eq!(
        expired["error"]["message"],
        json!("API key expired. Please renew the API key.")
    );
    let limited = models("simratelimited", "").json();
    assert_eq!(limited["error"]["details"][1]["retryDelay"], json!("30s"));
}

#[test]
fn the_key_is_read_from_its_header_and_nowhere_else() {
    let get = |target: &str, headers: &[(&str, &str)]| answer_to("GET", target, headers, Value::Null).status;
    assert_eq!(get("/google/v1beta/models?key=simvalid", &[]), 400);
    assert_eq!(
        get(
            "/google/v1beta/models?key=simvalid",
            &[("x-goog-api-key", "simvalid")]
        ),
        400
    );
    assert_eq!(
        get("/google/v1beta/models", &[("authorization", "Bearer simvalid")]),
        403
    );
    let both = [
        ("x-goog-api-key", "simvalid"),
        ("authorization", "Bearer simvalid"),
    ];
    assert_eq!(get("/google/v1beta/models", &both), 400);
}

#[test]
fn malformed_requests_are_refused_in_googles_words() {
    let target = format!("{FLASH}:generateContent");
    let of = |contents: Value| json!({"contents": contents});
    for (body, message) in [
        (json!("x"), "Invalid JSON payload received."),
        (
            json!({"messages": []}),
            "Invalid JSON payload received. Unknown name \"messages\": Cannot find field.",
        ),
        (
            json!({}),
            "* GenerateContentRequest.contents: contents is not specified",
        ),
        (
            of(json!([])),
            "* GenerateContentRequest.contents: contents is not specified",
        ),
        (
            of(json!([{"role": "assistant", "parts": [{"text": "a"}]}])),
            "Please use a valid role: user, model.",
        ),
        (
            of(json!([{"role": "user", "parts": []}])),
            "* GenerateContentRequest.contents[0].parts: contents.parts must",
        ),
        (
            of(json!([{"role": "user", "parts": [{}]}])),
            "* GenerateContentRequest.contents[0].parts[0].data: required",
        ),
    ] {
        let (status, answer) = ask(&target, "simvalid", body.clone()).refusal();
        assert_eq!(
            (status, &answer["error"]["status"]),
            (400, &json!("INVALID_ARGUMENT")),
            "{body}"
        );
        assert!(
            answer["error"]["message"].as_str().unwrap().starts_with(message),
            "{body} {answer}"
        );
    }
}

#[test]
fn unknown_models_and_other_ways_of_streaming_are_refused() {
    let body = json!({"contents": [{"parts": [{"text": "a"}]}]});
    for model in ["no-such-model", "gemini-embedding-001"] {
        let target = format!("/google/v1beta/models/{model}:generateContent");
        let (status, answer) = ask(&target, "simvalid", body.clone()).refusal();
        assert_eq!((status, &answer["error"]["status"]), (404, &json!("NOT_FOUND")));
    }
    assert_eq!(
        ask(&format!("{FLASH}:streamGenerateContent"), "simvalid", body).status,
        400
    );
}
