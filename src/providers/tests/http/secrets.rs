//! A canary key goes through every kind of call, and then everything that left the crate is searched for it.

use marshmallow_core::{Diagnosis, Provider};
use marshmallow_providers::{Event, Target};
use marshmallow_simulator::Simulator;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use crate::support::{PATIENT, client_for, collect, key, question, target, text_of};

/// The part of each key below that no message holds by chance.
const CANARY: &str = "C4n4ryC4n4ry";

#[tokio::test]
async fn an_error_body_that_repeats_the_key_is_redacted() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let typed = format!("sk-simecho-{CANARY}");
    for provider in Provider::ALL {
        let target = target(&simulator, provider);
        let report = client.probe(&target, &key(&typed)).await;
        assert_eq!(report.diagnosis, Diagnosis::Invalid, "{provider}");
        assert!(!format!("{report:?}").contains(CANARY), "{provider}: {report:?}");
        assert!(report.detail.chars().count() <= 300);

        let outcome = client
            .stream(&target, &key(&typed), &question(provider, "hi"))
            .await;
        let error = outcome.err().unwrap();
        assert!(
            !format!("{error:?} {error}").contains(CANARY),
            "{provider}: {error:?}"
        );
        assert!(!error.detail.is_empty(), "{provider}");
    }
}

#[tokio::test]
async fn a_long_error_body_is_capped_before_it_is_read_and_redacted_where_it_is_cut() {
    let server = MockServer::start().await;
    let typed = format!("sk-{CANARY}{CANARY}{CANARY}");
    // The cap falls into the middle of the key.
    let body = format!(
        "{}{typed} and more {}",
        "x".repeat(4 * 1024 - 20),
        "y".repeat(100_000)
    );
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(400).set_body_string(body))
        .mount(&server)
        .await;
    let short = format!("{typed} {}", "z".repeat(1_000));
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(400).set_body_string(short))
        .mount(&server)
        .await;
    let target = Target {
        provider: Provider::OpenAi,
        base_url: format!("{}/v1", server.uri()),
    };
    let client = client_for(&server.uri(), PATIENT);
    let outcome = client
        .stream(&target, &key(&typed), &question(Provider::OpenAi, "hi"))
        .await;
    let error = outcome.err().unwrap();
    assert_eq!(error.detail.chars().count(), 300);
    assert!(!error.detail.contains(&CANARY[..8]));

    let report = client.probe(&target, &key(&typed)).await;
    assert_eq!(report.detail.chars().count(), 300);
    assert!(report.detail.starts_with("[redacted] zzz"), "{}", report.detail);
}

#[tokio::test]
async fn ids_names_and_errors_inside_a_stream_are_redacted() {
    let server = MockServer::start().await;
    let typed = format!("sk-{CANARY}");
    let events = format!(
        "data: {{\"model\":\"m {typed}\",\"choices\":[]}}\n\ndata: {{\"error\":{{\"message\":\"bad {typed}\",\"code\":401}}}}\n\n"
    );
    Mock::given(method("POST"))
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("x-request-id", format!("id-{typed}"))
                .set_body_raw(events, "text/event-stream"),
        )
        .mount(&server)
        .await;
    let target = Target {
        provider: Provider::Custom,
        base_url: format!("{}/v1", server.uri()),
    };
    let stream = client_for(&server.uri(), PATIENT)
        .stream(&target, &key(&typed), &question(Provider::Custom, "hi"))
        .await
        .unwrap();
    let events = collect(stream).await;
    assert!(
        matches!(events.first(), Some(Event::RequestId(id)) if id == "id-[redacted]"),
        "{events:?}"
    );
    assert!(
        matches!(events.get(1), Some(Event::Model(name)) if name == "m [redacted]"),
        "{events:?}"
    );
    assert!(
        matches!(events.last(), Some(Event::Failed(error)) if error.detail == "bad [redacted]"),
        "{events:?}"
    );
}

#[tokio::test]
async fn an_endpoint_that_repeats_the_key_in_answers_and_lists_gets_it_taken_out() {
    let server = MockServer::start().await;
    let typed = format!("sk-{CANARY}-{CANARY}");
    let (first, second) = typed.split_at(9);
    let events = format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":\"You sent {first}\"}}}}]}}\n\n\
         data: {{\"choices\":[{{\"delta\":{{\"reasoning_content\":\"{typed}\"}}}}]}}\n\n\
         data: {{\"choices\":[{{\"delta\":{{\"content\":\"{second}, s\"}}}}]}}\n\n"
    );
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(events, "text/event-stream"))
        .mount(&server)
        .await;
    let list = format!("{{\"data\":[{{\"id\":\"model-{typed}\"}},{{\"id\":\"honest\"}}]}}");
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(list, "application/json"))
        .mount(&server)
        .await;
    let target = Target {
        provider: Provider::Custom,
        base_url: format!("{}/v1", server.uri()),
    };
    let client = client_for(&server.uri(), PATIENT);
    let stream = client
        .stream(&target, &key(&typed), &question(Provider::Custom, "hi"))
        .await
        .unwrap();
    let events = collect(stream).await;
    assert!(!format!("{events:?}").contains(CANARY), "{events:?}");
    assert_eq!(text_of(&events), "You sent [redacted], s");
    assert!(
        events.contains(&Event::Reasoning("[redacted]".into())),
        "{events:?}"
    );

    let report = client.probe(&target, &key(&typed)).await;
    let models: Vec<_> = report.models.unwrap().into_iter().map(|model| model.id).collect();
    assert_eq!(models, ["honest"]);
}
