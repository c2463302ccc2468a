//! Checks of keys: every answer of every provider, the control check, lists in pages, repetition.

use std::time::Duration;

use marshmallow_core::{Diagnosis, Provider};
use marshmallow_providers::{Deadlines, Target};
use marshmallow_simulator::Simulator;
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path, query_param, query_param_is_missing},
};

use crate::support::{PATIENT, client_for, key, target};

#[tokio::test]
async fn a_valid_key_brings_the_list_of_models() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        let report = client
            .probe(&target(&simulator, provider), &key("sk-simvalid-0123"))
            .await;
        assert_eq!(report.diagnosis, Diagnosis::Valid, "{provider}: {report:?}");
        assert_eq!(report.detail, "");
        let models = report.models.unwrap();
        assert!(!models.is_empty(), "{provider}");
        assert!(
            models.iter().all(|model| !model.id.contains("embedding")),
            "{provider}: {models:?}"
        );
        let has_prices = models.iter().all(|model| model.price.is_some());
        assert_eq!(has_prices, provider == Provider::OpenRouter, "{provider}");
    }
}

/// What the keys of the simulator lead to everywhere.
const EVERYWHERE: [(&str, Diagnosis); 11] = [
    ("sk-unknown-0123", Diagnosis::Invalid),
    ("sk-simexpired-0123", Diagnosis::Expired),
    ("sk-simrestricted-0123", Diagnosis::Restricted),
    ("sk-simratelimited-0123", Diagnosis::RateLimited),
    ("sk-simratenohint-0123", Diagnosis::RateLimited),
    ("sk-simpayment402-0123", Diagnosis::NoCredit),
    ("sk-simdown500-0123", Diagnosis::ProviderDown),
    ("sk-simoverloaded529-0123", Diagnosis::ProviderDown),
    ("sk-simecho-0123", Diagnosis::Invalid),
    ("sk-simhtml-0123", Diagnosis::Garbled),
    ("sk-simredirect-0123", Diagnosis::Garbled),
];

/// Checks one provider's answers: those that all have, and its own.
async fn check(provider: Provider, own: &[(&str, Diagnosis)]) {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let forbidden = match provider {
        Provider::Anthropic => Diagnosis::ProjectMissing,
        _ => Diagnosis::Restricted,
    };
    let forbidden = [("sk-simforbidden403-0123", forbidden)];
    for (typed, diagnosis) in EVERYWHERE.iter().chain(&forbidden).chain(own) {
        let report = client.probe(&target(&simulator, provider), &key(typed)).await;
        assert_eq!(report.diagnosis, *diagnosis, "{provider} {typed}: {report:?}");
        if typed.contains("simratelimited") {
            assert_eq!(report.retry_after, Some(Duration::from_secs(30)), "{provider}");
        }
    }
}

#[tokio::test]
async fn every_answer_of_openai_has_its_meaning() {
    let own = [
        ("sk-simrestricted401-0123", Diagnosis::Restricted),
        ("sk-simregion-0123", Diagnosis::RegionBlocked),
        ("sk-simadmin-0123", Diagnosis::Restricted),
    ];
    check(Provider::OpenAi, &own).await;
}

#[tokio::test]
async fn every_answer_of_anthropic_has_its_meaning() {
    let own = [
        ("sk-simregion-0123", Diagnosis::RegionBlocked),
        ("sk-simspendcap-0123", Diagnosis::SpendCap),
    ];
    check(Provider::Anthropic, &own).await;
}

#[tokio::test]
async fn every_answer_of_google_has_its_meaning() {
    check(
        Provider::Google,
        &[("sk-simregion-0123", Diagnosis::RegionBlocked)],
    )
    .await;
}

#[tokio::test]
async fn every_answer_of_openrouter_has_its_meaning() {
    let own = [
        ("sk-simregion-0123", Diagnosis::RegionBlocked),
        ("sk-simspendcap-0123", Diagnosis::SpendCap),
        ("sk-simadmin-0123", Diagnosis::AdminKey),
    ];
    check(Provider::OpenRouter, &own).await;
}

#[tokio::test]
async fn every_answer_of_a_compatible_server_has_its_meaning() {
    check(Provider::Custom, &[]).await;
}

#[tokio::test]
async fn a_check_names_no_model_and_sends_no_message() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        client
            .probe(&target(&simulator, provider), &key("sk-simvalid-0123"))
            .await;
    }
    for request in simulator.requests() {
        assert_eq!(request.method, "GET", "{}", request.path);
        assert_eq!(request.body, json!(null));
        assert!(
            request.path.ends_with("/models") || request.path.ends_with("/key"),
            "{}",
            request.path
        );
    }
}

#[tokio::test]
async fn a_server_that_accepts_any_key_proves_nothing() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let open = Target {
        provider: Provider::Custom,
        base_url: format!("{}/open/v1", simulator.url()),
    };
    let report = client.probe(&open, &key("whatever")).await;
    assert_eq!(report.diagnosis, Diagnosis::Unverifiable);
    assert!(report.models.is_some_and(|models| !models.is_empty()));
    // The control came first and did not hold the person's key.
    let keys: Vec<_> = simulator
        .requests()
        .iter()
        .map(|r| r.bearer().unwrap().to_owned())
        .collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], "whatever");
    assert_eq!(keys[1], "whatever");
}

#[tokio::test]
async fn a_control_that_fails_for_another_reason_proves_nothing_either() {
    let server = MockServer::start().await;
    Mock::given(header("authorization", "Bearer real-key"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"data": [{"id": "m"}]})))
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(429))
        .with_priority(6)
        .mount(&server)
        .await;
    let target = custom(&server);
    let report = client_for(&server.uri(), PATIENT)
        .probe(&target, &key("real-key"))
        .await;
    assert_eq!(report.diagnosis, Diagnosis::Unverifiable);
}

fn custom(server: &MockServer) -> Target {
    Target {
        provider: Provider::Custom,
        base_url: format!("{}/v1", server.uri()),
    }
}

#[tokio::test]
async fn an_address_without_a_list_is_told_as_a_wrong_address() {
    let server = MockServer::start().await;
    let report = client_for(&server.uri(), PATIENT)
        .probe(&custom(&server), &key("real-key"))
        .await;
    assert_eq!(report.diagnosis, Diagnosis::Unreachable);
    assert_eq!(report.detail, "there is no list of models at this address");
}

#[tokio::test]
async fn long_lists_are_read_page_by_page() {
    let server = MockServer::start().await;
    let page = |ids: &[&str], next: bool| {
        let data: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
        ResponseTemplate::new(200)
            .set_body_json(json!({"data": data, "has_more": next, "last_id": ids.last()}))
    };
    Mock::given(path("/v1/models"))
        .and(query_param_is_missing("after_id"))
        .respond_with(page(&["a", "b"], true))
        .mount(&server)
        .await;
    Mock::given(path("/v1/models"))
        .and(query_param("after_id", "b"))
        .respond_with(page(&["c"], false))
        .mount(&server)
        .await;
    let target = Target {
        provider: Provider::Anthropic,
        base_url: format!("{}/v1", server.uri()),
    };
    let report = client_for(&server.uri(), PATIENT)
        .probe(&target, &key("real-key"))
        .await;
    let ids: Vec<_> = report.models.unwrap().into_iter().map(|model| model.id).collect();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_list_without_end_is_left_after_some_pages() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/models"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({"data": [{"id": "a"}], "has_more": true, "last_id": "a"})),
        )
        .expect(5)
        .mount(&server)
        .await;
    let target = Target {
        provider: Provider::Anthropic,
        base_url: format!("{}/v1", server.uri()),
    };
    let report = client_for(&server.uri(), PATIENT)
        .probe(&target, &key("real-key"))
        .await;
    assert_eq!(report.diagnosis, Diagnosis::Valid);
}

#[tokio::test]
async fn a_fault_of_a_moment_is_tried_again_and_a_refusal_is_not() {
    for (status, calls, diagnosis) in [
        (503, 2, Diagnosis::Valid),
        (429, 1, Diagnosis::RateLimited),
        (401, 1, Diagnosis::Restricted),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(status))
            .up_to_n_times(1)
            .with_priority(1)
            .mount(&server)
            .await;
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"data": [{"id": "gpt-5"}]})))
            .mount(&server)
            .await;
        let target = Target {
            provider: Provider::OpenAi,
            base_url: format!("{}/v1", server.uri()),
        };
        let report = client_for(&server.uri(), PATIENT)
            .probe(&target, &key("real-key"))
            .await;
        assert_eq!(report.diagnosis, diagnosis, "{status}");
        assert_eq!(server.received_requests().await.unwrap().len(), calls, "{status}");
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let simulator = Simulator::start().await;
    let hasty = Deadlines {
        probe: Duration::from_millis(200),
        ..PATIENT
    };
    let client = client_for(&simulator.url(), hasty);
    let report = client
        .probe(&target(&simulator, Provider::OpenAi), &key("sk-simstall-0123"))
        .await;
    assert_eq!(report.diagnosis, Diagnosis::Unreachable);
    assert_eq!(report.detail, "no answer in time");
    let report = client
        .probe(&target(&simulator, Provider::OpenAi), &key("sk-simslow-0123"))
        .await;
    assert_eq!(report.diagnosis, Diagnosis::Unreachable);
}

#[tokio::test]
async fn a_list_of_absurd_size_is_not_swallowed() {
    let server = MockServer::start().await;
    let padding = "x".repeat(5 * 1024 * 1024);
    Mock::given(method("GET"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"data": [{"id": "a"}], "padding": padding})),
        )
        .mount(&server)
        .await;
    let target = Target {
        provider: Provider::OpenAi,
        base_url: format!("{}/v1", server.uri()),
    };
    let report = client_for(&server.uri(), PATIENT)
        .probe(&target, &key("real-key"))
        .await;
    assert_eq!(report.diagnosis, Diagnosis::Garbled);
}
