//! Requests whose form is wrong: each is refused in our own words, and none counts as a fault of the server.

use reqwest::Method;

use crate::harness::{Actor, Answer, MODEL, Place, declared_functions};

const FROM_OUR_PAGE: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];

/// Functions that can be called without arguments.
const WITHOUT_ARGUMENTS: [&str; 16] = [
    "accounts/me",
    "accounts/registration",
    "accounts/sessions",
    "accounts/sign_out",
    "accounts/revoke_other_sessions",
    "budgets/list",
    "chat/conversations",
    "fallback/settings",
    "fallback/terms",
    "invitations/list",
    "invitations/create",
    "key_life/longest",
    "keys/list",
    "keys/make_passphrase",
    "models/list",
    "notices/list",
];

/// Not the arguments of any function.
const MALFORMED: [&str; 7] = [
    "",
    "nonsense",
    "id=nonsense&message=nonsense&session=nonsense&invitation=nonsense&answer=nonsense&model=nonsense",
    "id[]=1&id[]=2",
    "%ff%fe=%ff",
    "a[b[c[d[e[f[g]]]]]]=1",
    "{\"id\":1}",
];

async fn call(actor: &Actor, method: &Method, function: &str, form: &str) -> Answer {
    if *method == Method::GET {
        actor
            .send(
                Method::GET,
                &format!("/api/{function}?{form}"),
                &FROM_OUR_PAGE,
                None,
            )
            .await
    } else {
        actor
            .send(
                Method::POST,
                &format!("/api/{function}"),
                &FROM_OUR_PAGE,
                Some(form.to_owned()),
            )
            .await
    }
}

#[tokio::test]
async fn a_malformed_form_is_refused_in_our_own_words() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let functions = declared_functions();
    for (function, method) in functions
        .iter()
        .filter(|(name, _)| !WITHOUT_ARGUMENTS.contains(&name.as_str()))
    {
        for form in MALFORMED {
            let answer = call(&ana, method, function, form).await;
            assert_eq!(answer.outcome(), "422 invalid_input", "{function} with {form}");
            assert_eq!(
                answer.error().message,
                "The server did not understand this request.",
                "{function}"
            );
            assert_eq!(answer.header("content-type"), "application/json", "{function}");
        }
    }
    let answer = call(&ana, &Method::GET, "chat/conversations", "before=nonsense").await;
    assert_eq!(answer.outcome(), "422 invalid_input");
    let log = std::fs::read_to_string(place.log()).unwrap();
    assert!(!log.contains("panicked"), "{log}");
}

#[tokio::test]
async fn an_unknown_function_is_not_there() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    for path in [
        "/api/keys/export",
        "/api/keys",
        "/api/x",
        "/api/keys/list/",
        "/api/..%2f..%2fetc%2fpasswd",
    ] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let answer = ana.send(method, path, &FROM_OUR_PAGE, None).await;
            assert_eq!(answer.outcome(), "404 not_found", "{path}");
        }
    }
    let answer = ana
        .send(Method::DELETE, "/api/keys/list", &FROM_OUR_PAGE, None)
        .await;
    assert_eq!(answer.outcome(), "404 not_found");
    for path in ["/", "/settings/keys", "/health", "/ready", "/nowhere"] {
        let answer = ana.send(Method::POST, path, &FROM_OUR_PAGE, None).await;
        assert_eq!(answer.status, 405, "{path}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let form = format!("model={MODEL}&text={}", "x".repeat(1024 * 1024));
    let answer = call(&ana, &Method::POST, "chat/send", &form).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// A browser can send a body without saying how long it will be.
#[tokio::test]
async fn a_body_of_unknown_length_is_read_up_to_the_limit() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let answer = ana
        .post_in_chunks("chat/send", &format!("model={MODEL}&text="), 2 * 1024 * 1024)
        .await;
    assert!([413, 422].contains(&answer.status), "{}", answer.status);
}

/// The longest message, each character of which takes three bytes and nine in a form.
#[tokio::test]
async fn the_longest_message_fits() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let text = "語".repeat(64 * 1024 / 3);
    let answer = ana.post("chat/send", &[("model", MODEL), ("text", &text)]).await;
    assert_eq!(
        answer.outcome(),
        "422 no_credential",
        "the message itself was accepted"
    );
}
