//! Limits on attempts, and what they tell: nothing about which accounts exist, and nothing that a header can change.

use reqwest::Method;

use crate::harness::{Actor, Answer, Place};

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

fn without_date(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status, answer.text(), headers.collect())
}

#[tokio::test]
async fn the_answers_do_not_tell_whether_an_account_exists() {
    let place = Place::new().await;
    let server = place.start().await;
    server.anonymous().register("ana").await;
    let nobody = server.anonymous();
    for number in 0..=ACCOUNT_BURST {
        let known = attempt("ana@example.org", "", &nobody).await;
        let unknown = attempt("nobody@example.org", "", &nobody).await;
        assert_eq!(without_date(&known), without_date(&unknown), "attempt {number}");
        let expected = if number < ACCOUNT_BURST {
            "401 wrong_credentials"
        } else {
            "429 too_many_attempts"
        };
        assert_eq!(known.outcome(), expected, "attempt {number}");
    }
    let right = nobody
        .try_sign_in("ana@example.org", crate::harness::PASSWORD)
        .await;
    assert_eq!(
        right.outcome(),
        "429 too_many_attempts",
        "the right password does not count while waiting"
    );
    assert_eq!(right.error().next_step, "Wait a minute, then try again.");
    let spelled = nobody
        .try_sign_in(" ANA@Example.org ", crate::harness::PASSWORD)
        .await;
    assert_eq!(
        spelled.outcome(),
        "429 too_many_attempts",
        "another spelling is the same account"
    );
}

/// How many of many attempts, each on another account and with another claimed address, come through.
async fn attempts_that_come_through(place: &Place) -> usize {
    let server = place.start().await;
    let nobody = server.anonymous();
    let mut through = 0;
    for number in 0..ADDRESS_BURST + 3 {
        let answer = attempt(
            &format!("n{number}@example.org"),
            &format!("203.0.113.{number}"),
            &nobody,
        )
        .await;
        through += usize::from(answer.status == 401);
    }
    through
}

#[tokio::test]
async fn an_address_that_a_header_claims_does_not_count() {
    let through = attempts_that_come_through(&Place::new().await).await;
    // One more every ten seconds.
    assert!((ADDRESS_BURST..ADDRESS_BURST + 3).contains(&through), "{through}");
}

#[tokio::test]
async fn an_address_that_a_trusted_proxy_added_counts() {
    let place = Place::new().await.with("MARSHMALLOW_PROXIES", "1");
    assert_eq!(attempts_that_come_through(&place).await, ADDRESS_BURST + 3);
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
