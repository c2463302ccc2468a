//! Limits on attempts, and what they tell: nothing about which accounts exist, and nothing that a header can change.

use reqwest::Method;

use crate::harness::{Actor, Answer, PASSWORD, Place};

/// Attempts on one account at once, and from one address.
const ACCOUNT_BURST: usize = 10;
const ADDRESS_BURST: usize = 60;

async fn attempt(email: &str, forwarded_for: &str, anonymous: &Actor) -> Answer {
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("accept", "application/json"),
        ("x-forwarded-for", forwarded_for),
        ("x-real-ip", forwarded_for),
        ("forwarded", forwarded_for),
    ];
    let form = format!("email={email}&password=not+the+right+one");
    anonymous
        .send(Method::POST, "/api/accounts/sign_in", &headers, Some(form))
        .await
}

fn without_its_own(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let its_own = ["date", "x-request-id"];
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !its_own.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status, answer.text(), headers.collect())
}

/// Tries wrong passwords until one is not even looked at, and gives that answer. An attempt comes back every ten
/// seconds, so on a slow machine a few more than the burst come through.
async fn exhaust(email: &str, anonymous: &Actor) -> Answer {
    for _ in 0..5 * ACCOUNT_BURST {
        let answer = attempt(email, "", anonymous).await;
        if answer.status != 401 {
            return answer;
        }
    }
    panic!("nothing limits the attempts on {email}");
}

#[tokio::test]
async fn the_answers_do_not_tell_whether_an_account_exists() {
    let place = Place::new().await;
    let server = place.start().await;
    server.anonymous().register("ana").await;
    let nobody = server.anonymous();
    let (known, unknown) = ("ana@example.org", "nobody@example.org");
    for number in 0..ACCOUNT_BURST {
        let (known, unknown) = (
            attempt(known, "", &nobody).await,
            attempt(unknown, "", &nobody).await,
        );
        assert_eq!(known.outcome(), "401 wrong_credentials", "attempt {number}");
        assert_eq!(
            without_its_own(&known),
            without_its_own(&unknown),
            "attempt {number}"
        );
    }
    let (known, unknown) = (exhaust(known, &nobody).await, exhaust(unknown, &nobody).await);
    assert_eq!(known.outcome(), "429 too_many_attempts");
    assert_eq!(known.error().next_step, "Wait a minute, then try again.");
    assert_eq!(without_its_own(&known), without_its_own(&unknown));
}

#[tokio::test]
async fn while_an_account_waits_not_even_the_right_password_counts_however_it_is_spelled() {
    let place = Place::new().await;
    let server = place.start().await;
    server.anonymous().register("ana").await;
    let nobody = server.anonymous();
    for spelling in ["ana@example.org", " ANA@Example.org "] {
        let mut outcomes = Vec::new();
        // An attempt may have come back between the last wrong one and the right one, though hardly each time.
        for _ in 0..5 {
            exhaust("ana@example.org", &nobody).await;
            outcomes.push(nobody.try_sign_in(spelling, PASSWORD).await.status);
        }
        assert!(outcomes.contains(&429), "{spelling}: {outcomes:?}");
    }
}

/// How many attempts come through, each on another account and with another claimed address, before one does not.
async fn attempts_before_a_refusal(place: &Place, most: usize) -> usize {
    let server = place.start().await;
    let nobody = server.anonymous();
    for number in 0..most {
        let email = format!("n{number}@example.org");
        let answer = attempt(&email, &format!("203.0.113.{number}"), &nobody).await;
        if answer.status != 401 {
            assert_eq!(answer.outcome(), "429 too_many_attempts");
            return number;
        }
    }
    most
}

#[tokio::test]
async fn an_address_that_a_header_claims_does_not_count() {
    let through = attempts_before_a_refusal(&Place::new().await, 2 * ADDRESS_BURST).await;
    assert!((ADDRESS_BURST..2 * ADDRESS_BURST).contains(&through), "{through}");
}

#[tokio::test]
async fn an_address_that_a_trusted_proxy_added_counts() {
    let place = Place::new().await.with("MARSHMALLOW_PROXIES", "1");
    let most = 2 * ADDRESS_BURST;
    assert_eq!(attempts_before_a_refusal(&place, most).await, most);
}

#[tokio::test]
async fn a_session_shows_the_address_that_the_connection_came_from() {
    let place = Place::new().await;
    let server = place.start().await;
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("accept", "application/json"),
        ("x-forwarded-for", "6.6.6.6"),
    ];
    let form = "email=ana%40example.org&name=Ana&password=seven+wooden+boats";
    let nobody = server.anonymous();
    let answer = nobody
        .send(
            Method::POST,
            "/api/accounts/register",
            &headers,
            Some(form.to_owned()),
        )
        .await;
    let ana = nobody.with_cookie_of(&answer);
    let sessions = ana.get("accounts/sessions", &[]).await.value();
    assert_eq!(sessions[0]["address"], "127.0.0.1");
}
