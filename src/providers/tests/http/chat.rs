//! A whole call against each provider: the request that goes out, the answer that comes back, and the errors
//! before the first piece.

use std::time::Duration;

use marshmallow_core::{Diagnosis, NanoDollars, Provider, StopReason, Usage};
use marshmallow_providers::{Event, Target};
use marshmallow_simulator::{Simulator, directive::Directive, script};
use serde_json::json;

use crate::support::{PATIENT, client_for, collect, key, model, question, target, text_of};

fn usage_of(events: &[Event]) -> Option<(Usage, Option<NanoDollars>)> {
    events.iter().rev().find_map(|event| match event {
        Event::Usage { usage, cost } => Some((*usage, *cost)),
        _ => None,
    })
}

#[tokio::test]
async fn every_provider_answers_in_the_same_events() {
    const MESSAGE: &str = "#sim words=9 reasoning=4 cached=100 emoji delay=0 size=1 crlf";
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let directive = Directive::parse(MESSAGE).unwrap();
    let counted = script::usage(&directive, &["Be brief.".into(), MESSAGE.into()], MESSAGE);
    for provider in Provider::ALL {
        let stream = client
            .stream(
                &target(&simulator, provider),
                &key("sk-simvalid-0123"),
                &question(provider, MESSAGE),
            )
            .await
            .unwrap();
        let events = collect(stream).await;
        assert_eq!(
            text_of(&events),
            script::answer_text(&directive, MESSAGE),
            "{provider}"
        );
        assert!(events.contains(&Event::Finish(StopReason::End)), "{provider}");
        assert!(
            events
                .iter()
                .any(|event| matches!(event, Event::Model(name) if !name.is_empty()))
        );

        let (usage, cost) = usage_of(&events).unwrap();
        assert_eq!(usage.output, counted.answer + counted.reasoning, "{provider}");
        assert_eq!(usage.input, counted.input, "{provider}");
        assert_eq!(cost.is_some(), provider == Provider::OpenRouter, "{provider}");
        if provider != Provider::Custom {
            assert_eq!(usage.cached_input, 100, "{provider}");
            assert!(
                events.iter().any(|event| matches!(event, Event::RequestId(_))),
                "{provider}"
            );
        }
    }
}

#[tokio::test]
async fn reasoning_is_kept_apart_from_the_answer() {
    const MESSAGE: &str = "#sim reasoning=4 delay=0 text=answer";
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let expected = script::reasoning_text(&Directive::parse(MESSAGE).unwrap());
    for provider in [
        Provider::Anthropic,
        Provider::Google,
        Provider::OpenRouter,
        Provider::Custom,
    ] {
        let stream = client
            .stream(
                &target(&simulator, provider),
                &key("sk-simvalid-0123"),
                &question(provider, MESSAGE),
            )
            .await
            .unwrap();
        let events = collect(stream).await;
        let reasoning: String = events
            .iter()
            .filter_map(|event| match event {
                Event::Reasoning(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(reasoning, expected, "{provider}");
        assert_eq!(text_of(&events), "answer", "{provider}");
    }
}

#[tokio::test]
async fn each_provider_gets_the_request_that_it_knows() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let messages =
        json!([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "#sim text=x"}]);
    let cases = [
        (
            Provider::OpenAi,
            "/openai/v1/chat/completions",
            ("authorization", "Bearer sk-simvalid-0123"),
            json!({"model": "gpt-4o-mini", "messages": messages, "stream": true,
                "stream_options": {"include_usage": true}, "max_completion_tokens": 64}),
        ),
        (
            Provider::OpenRouter,
            "/openrouter/api/v1/chat/completions",
            ("authorization", "Bearer sk-simvalid-0123"),
            json!({"model": "openai/gpt-5-mini", "messages": messages, "stream": true,
                "usage": {"include": true}, "max_tokens": 64}),
        ),
        (
            Provider::Custom,
            "/custom/v1/chat/completions",
            ("authorization", "Bearer sk-simvalid-0123"),
            json!({"model": "sim-small", "messages": messages, "stream": true,
                "stream_options": {"include_usage": true}, "max_tokens": 64}),
        ),
        (
            Provider::Anthropic,
            "/anthropic/v1/messages",
            ("x-api-key", "sk-simvalid-0123"),
            json!({"model": "claude-haiku-4-5", "system": "Be brief.", "max_tokens": 64, "stream": true,
                "messages": [{"role": "user", "content": "#sim text=x"}]}),
        ),
        (
            Provider::Google,
            "/google/v1beta/models/gemini-2.5-flash:streamGenerateContent",
            ("x-goog-api-key", "sk-simvalid-0123"),
            json!({"contents": [{"role": "user", "parts": [{"text": "#sim text=x"}]}],
                "systemInstruction": {"parts": [{"text": "Be brief."}]},
                "generationConfig": {"maxOutputTokens": 64}}),
        ),
    ];
    for (provider, path, (header, value), body) in cases {
        simulator.clear();
        let stream = client
            .stream(
                &target(&simulator, provider),
                &key("sk-simvalid-0123"),
                &question(provider, "#sim text=x"),
            )
            .await
            .unwrap();
        assert_eq!(text_of(&collect(stream).await), "x");
        let requests = simulator.requests();
        let [request] = requests.as_slice() else {
            panic!("{provider}: {requests:?}");
        };
        assert_eq!(request.method, "POST");
        assert_eq!(request.path, path);
        assert_eq!(
            request.query,
            if provider == Provider::Google {
                "alt=sse"
            } else {
                ""
            }
        );
        assert_eq!(request.header(header), Some(value));
        assert_eq!(request.body, body, "{provider}");
        assert_eq!(request.header("content-type"), Some("application/json"));
        for absent in ["cookie", "referer", "accept-encoding"] {
            assert_eq!(request.header(absent), None, "{provider} {absent}");
        }
        let shown = request
            .headers
            .iter()
            .filter(|(_, value)| value.contains("simvalid"))
            .count();
        assert_eq!(shown, 1, "the key stands in one header");
    }
}

#[tokio::test]
async fn refusals_before_the_first_piece_are_errors() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        let cases = [
            ("sk-unknown-0123", "hi", Diagnosis::Invalid),
            ("sk-simexpired-0123", "hi", Diagnosis::Expired),
            ("sk-simnocredit-0123", "hi", Diagnosis::NoCredit),
            ("sk-simdown500-0123", "hi", Diagnosis::ProviderDown),
            ("sk-simoverloaded529-0123", "hi", Diagnosis::ProviderDown),
            ("sk-simvalid-0123", "#sim status=503", Diagnosis::ProviderDown),
            (
                "sk-simvalid-0123",
                "#sim status=429 retry-after=7",
                Diagnosis::RateLimited,
            ),
            ("sk-simvalid-0123", "#sim status=402", Diagnosis::NoCredit),
        ];
        for (typed, message, diagnosis) in cases {
            let outcome = client
                .stream(
                    &target(&simulator, provider),
                    &key(typed),
                    &question(provider, message),
                )
                .await;
            let Err(error) = outcome else {
                panic!("{provider} took {typed}");
            };
            assert_eq!(
                error.diagnosis, diagnosis,
                "{provider} {typed} {message}: {error:?}"
            );
            assert!(error.status.is_some());
            if diagnosis == Diagnosis::RateLimited {
                assert_eq!(error.retry_after, Some(Duration::from_secs(7)), "{provider}");
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_model_is_told_as_such() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        let mut request = question(provider, "hi");
        request.model = format!("{}-of-tomorrow", model(provider));
        let outcome = client
            .stream(&target(&simulator, provider), &key("sk-simvalid-0123"), &request)
            .await;
        let diagnosis = outcome.err().map(|error| error.diagnosis);
        assert_eq!(diagnosis, Some(Diagnosis::ModelUnavailable), "{provider}");
    }
}

#[tokio::test]
async fn a_base_address_that_does_not_parse_is_an_error_and_no_panic() {
    let target = Target {
        provider: Provider::Custom,
        base_url: "not an address".into(),
    };
    let client = client_for("http://127.0.0.1:1", PATIENT);
    let outcome = client
        .stream(
            &target,
            &key("sk-simvalid-0123"),
            &question(Provider::Custom, "hi"),
        )
        .await;
    assert_eq!(
        outcome.err().map(|error| error.diagnosis),
        Some(Diagnosis::Unreachable)
    );
}
