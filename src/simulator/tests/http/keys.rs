//! What a key does to a connection, and what the log tells about a request.

use marshmallow_simulator::{Outcome, Simulator};
use serde_json::{Value, json};

use super::client::{Reply, send};

async fn models(simulator: &Simulator, key: &str) -> Reply {
    let headers = format!("authorization: Bearer {key}\r\n");
    send(simulator, "GET", "/openai/v1/models", &headers, &Value::Null)
        .await
        .reply()
        .await
}

#[tokio::test]
async fn a_request_is_recorded_as_it_was_sent() {
    let simulator = Simulator::start().await;
    let body = json!({"model": "sim-small", "messages": [{"role": "user", "content": "Hello"}]});
    let headers = "X-Api-Key: simvalid\r\nanthropic-version: 2023-06-01\r\n";
    send(
        &simulator,
        "POST",
        "/anthropic/v1/messages?beta=true",
        headers,
        &body,
    )
    .await
    .reply()
    .await;
    let requests = simulator.requests();
    let [request] = requests.as_slice() else {
        panic!("one request")
    };
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/anthropic/v1/messages")
    );
    assert_eq!(request.query_value("beta"), Some("true"));
    assert_eq!(request.header("x-api-key"), Some("simvalid"));
    assert_eq!(request.body, body);
    assert_eq!(request.outcome, Outcome::Completed);
    assert_eq!(
        simulator.counts().into_iter().collect::<Vec<_>>(),
        [("/anthropic/v1/messages".to_owned(), 1)]
    );
    simulator.clear();
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_leads_to_a_place_that_would_accept_the_key() {
    let simulator = Simulator::start().await;
    let reply = models(&simulator, "sk-proj-simredirect").await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (302, Some("/openai/v1/redirected/models"))
    );
    assert_eq!(
        simulator.counts().get("/openai/v1/redirected/models"),
        None,
        "nobody has followed it"
    );
    let headers = "authorization: Bearer sk-proj-simredirect\r\n";
    let followed = send(
        &simulator,
        "GET",
        "/openai/v1/redirected/models",
        headers,
        &Value::Null,
    )
    .await
    .reply()
    .await;
    assert_eq!(followed.status, 200);
    assert_eq!(simulator.counts().get("/openai/v1/redirected/models"), Some(&1));
}

#[tokio::test]
async fn a_page_takes_the_place_of_json() {
    let simulator = Simulator::start().await;
    let reply = models(&simulator, "sk-proj-simhtml").await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    assert!(reply.text().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn a_stalled_key_gets_no_answer_at_all() {
    let simulator = Simulator::start().await;
    let headers = "authorization: Bearer sk-proj-simstall\r\n";
    let pending = send(&simulator, "GET", "/openai/v1/models", headers, &Value::Null).await;
    simulator.wait_for(|requests| requests.len() == 1).await;
    assert_eq!(simulator.requests()[0].outcome, Outcome::Open);
    drop(pending);
    simulator
        .wait_for(|requests| requests[0].outcome == Outcome::DroppedByClient)
        .await;
}

#[tokio::test]
async fn an_answer_has_the_headers_of_its_provider() {
    let simulator = Simulator::start().await;
    let reply = models(&simulator, "sk-proj-simvalid").await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("openai-version"), Some("2020-10-01"));
    assert!(reply.header("x-request-id").unwrap().starts_with("req_"));
    let limited = models(&simulator, "sk-proj-simratelimited").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("30")));
}

#[tokio::test]
async fn a_path_that_no_provider_has_is_refused() {
    let simulator = Simulator::start().await;
    let reply = send(&simulator, "GET", "/openai/v10/models", "", &Value::Null)
        .await
        .reply()
        .await;
    assert_eq!(
        (reply.status, reply.text().as_str()),
        (404, "The simulator has no such path.")
    );
}

#[tokio::test]
async fn a_revoked_key_is_refused_from_then_on() {
    let simulator = Simulator::start().await;
    let (one, other) = ("sk-proj-simvalid-1", "sk-proj-simvalid-2");
    assert_eq!(models(&simulator, one).await.status, 200);
    simulator.revoke(one);
    assert_eq!(models(&simulator, one).await.status, 401);
    assert_eq!(models(&simulator, other).await.status, 200);
    let mut told = send(&simulator, "POST", "/revoke", "", &json!(other)).await;
    assert_eq!(told.head().await.0, 204);
    assert_eq!(models(&simulator, other).await.status, 401);
}
