//! Requests that other sites make a browser send: nothing that changes something may follow them, and nothing
//! changes over GET.

use marshmallow_core::Provider;
use reqwest::Method;

use crate::harness::{Actor, MODEL, Place, declared_functions, own_key};

/// What a browser sends along when another site is behind the request, or what something that is no browser sends.
const FOREIGN: [&[(&str, &str)]; 7] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("referer", "https://evil.example/")],
    &[],
];

fn unsafe_functions() -> impl Iterator<Item = String> {
    let functions = declared_functions()
        .into_iter()
        .filter(|(_, method)| *method == Method::POST);
    functions.map(|(function, _)| function)
}

/// Someone with a key and a conversation, and what can be seen of both.
async fn owner(place: &Place, anonymous: &Actor) -> Actor {
    let owner = anonymous.register("owner").await;
    owner
        .add_key(place, Provider::OpenAi, &own_key(Provider::OpenAi, "owner"))
        .await;
    owner.ask(MODEL, "Hello #sim delay=0 words=3").await.rest().await;
    owner
}

async fn belongings(owner: &Actor) -> Vec<serde_json::Value> {
    let mut seen = Vec::new();
    for function in [
        "accounts/me",
        "keys/list",
        "chat/conversations",
        "invitations/list",
    ] {
        seen.push(owner.get(function, &[]).await.value());
    }
    seen
}

#[tokio::test]
async fn other_sites_cannot_use_a_signed_in_browser() {
    let place = Place::new().await;
    let server = place.start().await;
    let owner = owner(&place, &server.anonymous()).await;
    let before = belongings(&owner).await;
    for function in unsafe_functions() {
        for headers in FOREIGN {
            let answer = owner
                .send(
                    Method::POST,
                    &format!("/api/{function}"),
                    headers,
                    Some(String::new()),
                )
                .await;
            assert_eq!(answer.status, 403, "{function} with {headers:?}");
            assert_eq!(
                answer.text(),
                "This request came from another site and was refused.\n"
            );
            assert!(answer.headers.get("set-cookie").is_none());
        }
    }
    assert_eq!(belongings(&owner).await, before);
}

#[tokio::test]
async fn a_page_of_ours_is_known_by_its_origin_where_the_browser_says_no_more() {
    let place = Place::new().await;
    let server = place.start().await;
    let answer = server
        .anonymous()
        .send(
            Method::POST,
            "/api/accounts/sign_in",
            &[("origin", &server.url), ("accept", "application/json")],
            Some("email=nobody%40example.org&password=nothing+at+all".to_owned()),
        )
        .await;
    assert_eq!(answer.outcome(), "401 wrong_credentials");
}

#[tokio::test]
async fn nothing_changes_over_get_and_the_answer_is_an_error_of_ours() {
    let place = Place::new().await;
    let server = place.start().await;
    let owner = owner(&place, &server.anonymous()).await;
    let before = belongings(&owner).await;
    let key = before[1][0]["keys"][0]["id"].as_str().unwrap().to_owned();
    let conversation = before[2]["conversations"][0]["id"].as_str().unwrap().to_owned();
    place.simulator.clear();
    for function in unsafe_functions() {
        let id = if function.starts_with("keys/") {
            &key
        } else {
            &conversation
        };
        let query = format!(
            "id={id}&is_active=false&title=x&conversation={conversation}&model={MODEL}&text=hello\
             &provider=openai&key=sk-proj-simvalid-over-get&email=x%40example.org&name=x\
             &password=seven+wooden+boats"
        );
        let answer = owner.get(&format!("{function}?{query}"), &[]).await;
        assert_eq!(answer.outcome(), "404 not_found", "{function}");
        assert!(answer.headers.get("set-cookie").is_none(), "{function}");
    }
    assert_eq!(belongings(&owner).await, before);
    assert_eq!(place.simulator.requests(), []);
}
