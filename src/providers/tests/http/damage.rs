//! Streams that go wrong on the wire: cut, silent, garbled, abandoned.

use std::time::Duration;

use marshmallow_core::{Diagnosis, Provider, StopReason};
use marshmallow_providers::{Deadlines, Event, Target};
use marshmallow_simulator::{Outcome, Simulator};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::{
    PATIENT, client_for, collect, key, question, read_request, serve_once, target, text_of,
};

/// What the last event says went wrong.
fn failure(events: &[Event]) -> Option<(Diagnosis, &str)> {
    match events.last() {
        Some(Event::Failed(error)) => Some((error.diagnosis, error.detail.as_str())),
        _ => None,
    }
}

fn custom(url: &str) -> Target {
    Target {
        provider: Provider::Custom,
        base_url: format!("{url}/v1"),
    }
}

#[tokio::test]
async fn a_cut_keeps_what_had_arrived_and_says_so() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        let request = question(provider, "#sim fail=cut@2 delay=0 text=one two three");
        let stream = client
            .stream(&target(&simulator, provider), &key("sk-simvalid-0123"), &request)
            .await
            .unwrap();
        let events = collect(stream).await;
        assert_eq!(text_of(&events), "one two ", "{provider}");
        assert_eq!(
            failure(&events),
            Some((Diagnosis::Garbled, "the connection was lost")),
            "{provider}"
        );
    }
}

#[tokio::test]
async fn silence_ends_the_wait_and_lets_the_provider_know() {
    let simulator = Simulator::start().await;
    let hasty = Deadlines {
        silence: Duration::from_millis(300),
        ..PATIENT
    };
    let client = client_for(&simulator.url(), hasty);
    let request = question(Provider::OpenAi, "#sim fail=stall@1 delay=0 text=one two");
    let stream = client
        .stream(
            &target(&simulator, Provider::OpenAi),
            &key("sk-simvalid-0123"),
            &request,
        )
        .await
        .unwrap();
    let events = collect(stream).await;
    assert_eq!(text_of(&events), "one ");
    assert_eq!(
        failure(&events),
        Some((Diagnosis::Garbled, "the provider fell silent"))
    );
    simulator
        .wait_for(|requests| requests.iter().all(|r| r.outcome == Outcome::DroppedByClient))
        .await;
}

#[tokio::test]
async fn no_headers_in_time_is_an_error_before_the_first_piece() {
    let simulator = Simulator::start().await;
    let hasty = Deadlines {
        first_byte: Duration::from_millis(100),
        ..PATIENT
    };
    let client = client_for(&simulator.url(), hasty);
    let request = question(Provider::OpenAi, "#sim headers=60000");
    let outcome = client
        .stream(
            &target(&simulator, Provider::OpenAi),
            &key("sk-simvalid-0123"),
            &request,
        )
        .await;
    let error = outcome.err().unwrap();
    assert_eq!(
        (error.diagnosis, error.detail.as_str()),
        (Diagnosis::Garbled, "no answer in time")
    );
}

#[tokio::test]
async fn an_error_inside_a_200_ends_the_stream_with_its_diagnosis() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        for message in [
            "#sim fail=error@1 delay=0 text=one two",
            "#sim fail=error@1 kind=framed delay=0 text=one two",
        ] {
            let stream = client
                .stream(
                    &target(&simulator, provider),
                    &key("sk-simvalid-0123"),
                    &question(provider, message),
                )
                .await
                .unwrap();
            let events = collect(stream).await;
            assert_eq!(text_of(&events), "one ", "{provider}");
            assert_eq!(
                failure(&events).map(|(diagnosis, _)| diagnosis),
                Some(Diagnosis::ProviderDown),
                "{provider}: {events:?}"
            );
        }
    }
}

#[tokio::test]
async fn one_damaged_event_costs_nothing_but_itself() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        let request = question(provider, "#sim fail=malformed@1 delay=0 text=one two");
        let stream = client
            .stream(&target(&simulator, provider), &key("sk-simvalid-0123"), &request)
            .await
            .unwrap();
        let events = collect(stream).await;
        assert_eq!(text_of(&events), "one two", "{provider}");
        assert!(events.contains(&Event::Finish(StopReason::End)), "{provider}");
    }
}

#[tokio::test]
async fn a_stream_without_a_finish_reason_has_no_finish_event() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        let request = question(provider, "#sim stop=none delay=0 text=half");
        let stream = client
            .stream(&target(&simulator, provider), &key("sk-simvalid-0123"), &request)
            .await
            .unwrap();
        let events = collect(stream).await;
        assert_eq!(text_of(&events), "half", "{provider}");
        let ended = |event: &Event| matches!(event, Event::Finish(_) | Event::Failed(_));
        assert!(!events.iter().any(ended), "{provider}: {events:?}");
    }
}

#[tokio::test]
async fn a_stream_without_usage_invents_none() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in [
        Provider::OpenAi,
        Provider::Google,
        Provider::OpenRouter,
        Provider::Custom,
    ] {
        let request = question(provider, "#sim nousage delay=0 text=whole");
        let stream = client
            .stream(&target(&simulator, provider), &key("sk-simvalid-0123"), &request)
            .await
            .unwrap();
        let events = collect(stream).await;
        assert!(
            !events.iter().any(|event| matches!(event, Event::Usage { .. })),
            "{provider}"
        );
        assert!(events.contains(&Event::Finish(StopReason::End)), "{provider}");
    }
}

#[tokio::test]
async fn a_page_instead_of_a_stream_is_a_failure() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let stream = client
        .stream(
            &target(&simulator, Provider::OpenAi),
            &key("sk-simhtml-0123"),
            &question(Provider::OpenAi, "hi"),
        )
        .await
        .unwrap();
    let events = collect(stream).await;
    assert_eq!(
        failure(&events),
        Some((Diagnosis::Garbled, "the answer is not an event stream"))
    );
}

#[tokio::test]
async fn dropping_the_stream_drops_the_connection() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let request = question(Provider::Anthropic, "#sim words=10000 delay=5");
    let mut stream = client
        .stream(
            &target(&simulator, Provider::Anthropic),
            &key("sk-simvalid-0123"),
            &request,
        )
        .await
        .unwrap();
    while !matches!(stream.next().await.unwrap(), Event::Text(_)) {}
    drop(stream);
    simulator
        .wait_for(|requests| requests.iter().all(|r| r.outcome == Outcome::DroppedByClient))
        .await;
}

#[tokio::test]
async fn the_last_word_ends_the_stream_though_the_connection_stays_open() {
    const EVENTS: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
        47\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\n\r\n\
        e\r\ndata: [DONE]\n\n\r\n";
    let (url, server) = serve_once(EVENTS).await;
    let stream = client_for(&url, PATIENT)
        .stream(&custom(&url), &key("any-key"), &question(Provider::Custom, "hi"))
        .await
        .unwrap();
    assert_eq!(
        collect(stream).await,
        [Event::Text("hi".into()), Event::Finish(StopReason::End)]
    );
    // The client hangs up, since this connection is in no state to serve again.
    let mut socket = server.await.unwrap();
    assert_eq!(socket.read(&mut [0; 16]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_cut_behind_the_finish_reason_is_no_failure() {
    const EVENTS: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
        47\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\n\r\n";
    let (url, server) = serve_once(EVENTS).await;
    let stream = client_for(&url, PATIENT)
        .stream(&custom(&url), &key("any-key"), &question(Provider::Custom, "hi"))
        .await
        .unwrap();
    drop(server.await.unwrap());
    assert_eq!(
        collect(stream).await,
        [Event::Text("hi".into()), Event::Finish(StopReason::End)]
    );
}

#[tokio::test]
async fn a_connection_that_closes_without_an_answer_is_told_apart_from_none() {
    let (url, server) = serve_once("").await;
    let request = question(Provider::Custom, "hi");
    let client = client_for(&url, PATIENT);
    let target = custom(&url);
    let typed = key("any-key");
    let (outcome, ()) = tokio::join!(client.stream(&target, &typed, &request), async {
        drop(server.await.unwrap());
    });
    assert_eq!(
        outcome.err().map(|error| error.diagnosis),
        Some(Diagnosis::Garbled)
    );

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let outcome = client_for(&url, PATIENT)
        .stream(&custom(&url), &typed, &request)
        .await;
    let error = outcome.err().unwrap();
    assert_eq!(
        (error.diagnosis, error.detail.as_str()),
        (Diagnosis::Unreachable, "the connection was refused")
    );
}

#[tokio::test]
async fn a_stream_of_noise_ends_in_a_failure_and_not_in_memory() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_request(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let noise = [b'x'; 64 * 1024];
        // Ends when the client has had enough.
        while socket.write_all(&noise).await.is_ok() {}
    });
    let stream = client_for(&url, PATIENT)
        .stream(&custom(&url), &key("any-key"), &question(Provider::Custom, "hi"))
        .await
        .unwrap();
    let events = collect(stream).await;
    assert_eq!(
        failure(&events),
        Some((Diagnosis::Garbled, "an event is too long"))
    );
    server.await.unwrap();
}

#[tokio::test]
async fn a_server_without_tls_at_an_https_address_is_told_as_such() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    let url = simulator.url().replace("http://", "https://");
    let outcome = client
        .stream(&custom(&url), &key("any-key"), &question(Provider::Custom, "hi"))
        .await;
    let error = outcome.err().unwrap();
    assert_eq!(error.diagnosis, Diagnosis::Unreachable);
    assert!(error.detail.contains("certificate"), "{}", error.detail);
}
