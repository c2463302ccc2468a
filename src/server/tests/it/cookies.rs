//! The session's cookie: its flags, its name over HTTPS, and its life.

use crate::harness::{Actor, Answer, PASSWORD, Place};

/// The attributes of the session's cookie, in lower case, after `name=value`.
fn attributes(answer: &Answer) -> Vec<String> {
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    cookies[0]
        .to_str()
        .unwrap()
        .split(';')
        .skip(1)
        .map(|part| part.trim().to_lowercase())
        .collect()
}

async fn is_signed_in(actor: &Actor) -> bool {
    !actor.get("accounts/me", &[]).await.value().is_null()
}

#[tokio::test]
async fn without_https_the_cookie_is_still_out_of_reach_of_scripts_and_other_sites() {
    let place = Place::new().await;
    let server = place.start().await;
    server.anonymous().register("ana").await;
    let answer = server.anonymous().try_sign_in("ana@example.org", PASSWORD).await;
    let attributes = attributes(&answer);
    for needed in ["httponly", "samesite=lax", "path=/"] {
        assert!(
            attributes.contains(&needed.to_owned()),
            "{needed} is missing in {attributes:?}"
        );
    }
    assert!(!attributes.contains(&"secure".to_owned()));
    assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")));
    assert!(answer.header("set-cookie").starts_with("marshmallow="));
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[tokio::test]
async fn with_https_the_cookie_is_bound_to_this_host_and_to_https() {
    let place = Place::new()
        .await
        .with("MARSHMALLOW_PUBLIC_URL", "https://chat.example.org");
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let answer = server.anonymous().try_sign_in("ana@example.org", PASSWORD).await;
    let attributes = attributes(&answer);
    for needed in ["httponly", "samesite=lax", "path=/", "secure"] {
        assert!(
            attributes.contains(&needed.to_owned()),
            "{needed} is missing in {attributes:?}"
        );
    }
    assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")));
    assert!(answer.header("set-cookie").starts_with("__Host-marshmallow="));
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
    assert!(is_signed_in(&ana).await);

    let unbound = ana.with_cookie(&format!("marshmallow={}", ana.token()));
    assert!(
        !is_signed_in(&unbound).await,
        "a cookie that other hosts could have set must not count"
    );
}

#[tokio::test]
async fn each_sign_in_makes_a_token_of_its_own_and_none_can_be_planted() {
    let place = Place::new().await;
    let server = place.start().await;
    let first = server.anonymous().register("ana").await;
    let second = first.sign_in("ana").await;
    assert_ne!(first.token(), second.token());
    assert_eq!(second.token().len(), 43, "256 random bits");

    let planted = server
        .anonymous()
        .with_cookie(&format!("marshmallow={}", "A".repeat(43)));
    let victim = planted.sign_in("ana").await;
    assert_ne!(victim.token(), planted.token());
    assert!(is_signed_in(&victim).await);
    assert!(!is_signed_in(&planted).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_back() {
    let place = Place::new().await;
    let server = place.start().await;
    let here = server.anonymous().register("ana").await;
    let elsewhere = here.sign_in("ana").await;
    let answer = here.post("accounts/sign_out", &[]).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.header("set-cookie").starts_with("marshmallow=;"),
        "{}",
        answer.header("set-cookie")
    );
    assert!(attributes(&answer).contains(&"max-age=0".to_owned()));
    assert!(!is_signed_in(&here).await);
    assert_eq!(here.page("/").await.header("location"), "/sign-in");
    assert!(is_signed_in(&elsewhere).await);
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let place = Place::new().await;
    let server = place.start().await;
    let here = server.anonymous().register("ana").await;
    let elsewhere = here.sign_in("ana").await;
    let changed = [("current", PASSWORD), ("new", "eight wooden boats drift")];
    assert_eq!(here.post("accounts/change_password", &changed).await.status, 200);
    assert!(is_signed_in(&here).await);
    assert!(!is_signed_in(&elsewhere).await);
    assert_eq!(
        here.try_sign_in("ana@example.org", PASSWORD).await.outcome(),
        "401 wrong_credentials"
    );
}
