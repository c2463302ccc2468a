//! Forms without a script: the browser posts them itself and follows where the answer leads.

use base64::{Engine, engine::general_purpose::URL_SAFE};
use marshmallow_core::{ErrorCode, Provider, PublicError};
use reqwest::Method;
use url::Url;

use crate::harness::{Actor, Answer, PASSWORD, Place, Server, own_key};

/// Posts a form as a browser does when no script runs, from the page `from`.
async fn submit(actor: &Actor, from: &str, function: &str, form: &str) -> Answer {
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),
        ("referer", from),
    ];
    actor
        .send(
            Method::POST,
            &format!("/api/{function}"),
            &headers,
            Some(form.to_owned()),
        )
        .await
}

/// The error that an answer leads back with.
fn error_in(location: &str) -> PublicError {
    let url = Url::parse(location).unwrap();
    let errors: Vec<_> = url.query_pairs().filter(|(name, _)| name == "__err").collect();
    assert_eq!(errors.len(), 1, "{location}");
    serde_json::from_slice(&URL_SAFE.decode(errors[0].1.as_bytes()).unwrap()).unwrap()
}

async fn start() -> (Place, Server) {
    let place = Place::new().await;
    let server = place.start().await;
    (place, server)
}

#[tokio::test]
async fn registering_and_signing_in_lead_to_the_chat() {
    let (_place, server) = start().await;
    let nobody = server.anonymous();
    let form = "email=ana%40example.org&name=Ana&password=seven+wooden+boats+drift&invitation=";
    let answer = submit(
        &nobody,
        &format!("{}/register", server.url),
        "accounts/register",
        form,
    )
    .await;
    assert_eq!((answer.status, answer.header("location")), (302, "/"));
    assert!(answer.header("set-cookie").starts_with("marshmallow="));

    let form = "email=ana%40example.org&password=seven+wooden+boats+drift";
    let answer = submit(
        &nobody,
        &format!("{}/sign-in", server.url),
        "accounts/sign_in",
        form,
    )
    .await;
    assert_eq!((answer.status, answer.header("location")), (302, "/"));
    let ana = nobody.with_cookie_of(&answer);
    assert_eq!(ana.page("/").await.status, 200);

    let answer = submit(&ana, &format!("{}/", server.url), "accounts/sign_out", "").await;
    assert_eq!((answer.status, answer.header("location")), (302, "/sign-in"));
    assert_eq!(ana.page("/").await.status, 303);
}

#[tokio::test]
async fn a_wrong_password_leads_back_to_the_form_which_says_so() {
    let (_place, server) = start().await;
    server.anonymous().register("ana").await;
    let form = "email=ana%40example.org&password=not+the+right+one";
    let answer = submit(
        &server.anonymous(),
        &format!("{}/sign-in", server.url),
        "accounts/sign_in",
        form,
    )
    .await;
    let location = answer.header("location");
    assert_eq!(answer.status, 302);
    assert!(
        location.starts_with(&format!("{}/sign-in?", server.url)),
        "{location}"
    );
    assert!(answer.headers.get("set-cookie").is_none());
    for secret in ["not+the+right+one", "not%20the", "right"] {
        assert!(!location.contains(secret), "{location}");
    }
    let error = error_in(location);
    assert_eq!(error.code, ErrorCode::WrongCredentials);
    assert!(!format!("{error:?}").contains("right one"));

    let path = location.strip_prefix(&server.url).unwrap();
    let page = server.anonymous().page(path).await;
    assert_eq!(page.status, 200);
    assert!(
        page.text()
            .contains("E-mail address and password do not fit together.")
    );
}

/// The page with the first error posts the second attempt, so its address comes along as the referring one.
#[tokio::test]
async fn a_second_attempt_shows_its_own_error() {
    let (_place, server) = start().await;
    let register = |form: &'static str, from: String| {
        let nobody = server.anonymous();
        async move {
            submit(&nobody, &from, "accounts/register", form)
                .await
                .header("location")
                .to_owned()
        }
    };
    let page = format!("{}/register?invitation=abc", server.url);
    let first = register("email=ana%40example.org&name=Ana&password=short", page).await;
    assert_eq!(error_in(&first).message, "This password is too short.");
    let second = register("email=nonsense&name=Ana&password=seven+wooden+boats", first).await;
    assert_eq!(error_in(&second).message, "This is not an e-mail address.");
    assert!(second.contains("invitation=abc"), "{second}");
    let third = register(
        "email=ana%40example.org&name=Ana&password=seven+wooden+boats",
        second,
    )
    .await;
    assert_eq!(third, "/");
}

#[tokio::test]
async fn a_key_is_added_and_stands_in_no_address() {
    let (place, server) = start().await;
    let ana = server.anonymous().register("ana").await;
    let page = format!("{}/settings/keys", server.url);
    let key = own_key(Provider::Anthropic, "formpost");
    let form = format!("provider=&key={key}&label=Work&base_url=&endpoint=");
    let answer = submit(&ana, &page, "keys/add", &form).await;
    assert_eq!(
        (answer.status, answer.header("location").trim_end_matches('?')),
        (302, page.as_str())
    );
    let text = ana.page("/settings/keys").await.text();
    assert!(
        text.contains("Work") && text.contains("cdef"),
        "the page shows the key's label and end"
    );
    assert!(!text.contains("formpost"));

    let form = "provider=openai&key=sk-proj-formpost-unknown-0123456789&label=&base_url=&endpoint=";
    let answer = submit(&ana, &page, "keys/add", form).await;
    assert_eq!(answer.status, 302);
    assert!(!answer.header("location").contains("formpost"));
    let error = error_in(answer.header("location"));
    assert_eq!(
        (error.code, error.message.contains("formpost")),
        (ErrorCode::KeyRefused, false)
    );
    let log = std::fs::read_to_string(place.log()).unwrap();
    assert!(!log.contains("formpost") && !log.contains("__err"), "{log}");
}

#[tokio::test]
async fn without_a_referring_page_the_answer_leads_home() {
    let (_place, server) = start().await;
    let headers = [("sec-fetch-site", "same-origin"), ("accept", "text/html")];
    let form = format!(
        "email=nobody%40example.org&password={}",
        PASSWORD.replace(' ', "+")
    );
    let answer = server
        .anonymous()
        .send(Method::POST, "/api/accounts/sign_in", &headers, Some(form))
        .await;
    assert_eq!((answer.status, answer.header("location")), (302, "/"));
}
