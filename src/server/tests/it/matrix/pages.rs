//! Every page × everyone who may ask.

use std::collections::BTreeSet;

use super::scene::{COLUMNS, Scene};
use crate::harness::{Place, declared_pages};

const SIGN_IN: &str = "303 /sign-in";
const HOME: &str = "303 /";

/// Status, and where it leads. Addresses that do not exist look to strangers like those that do.
#[rustfmt::skip]
const TABLE: &[(&str, [&str; 4])] = &[
    // page                     anonymous  other user                owner                     administrator
    ("/",                       [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/c/{conversation}",       [SIGN_IN,  "404",                    "200",                    "404"]),
    ("/sign-in",                ["200",    HOME,                     HOME,                     HOME]),
    ("/register",               ["200",    HOME,                     HOME,                     HOME]),
    ("/register?invitation=x",  ["200",    HOME,                     HOME,                     HOME]),
    ("/settings",               [SIGN_IN,  "302 /settings/keys",     "302 /settings/keys",     "302 /settings/keys"]),
    ("/settings/models",        [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/settings/keys",          [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/settings/spending",      [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/settings/activity",      [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/settings/account",       [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/settings/invitations",   [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/download/activity.csv",  [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/download/activity.json", [SIGN_IN,  "200",                    "200",                    "200"]),
    ("/download/activity.csv?everyone=true",
                                [SIGN_IN,  "403",                    "403",                    "200"]),
    ("/download/activity.json?everyone=true",
                                [SIGN_IN,  "403",                    "403",                    "200"]),
    ("/there/is/no/such/page",  [SIGN_IN,  "404",                    "404",                    "404"]),
];

#[test]
fn no_page_is_missing_from_the_table() {
    let in_table: BTreeSet<String> = TABLE
        .iter()
        .filter_map(|(page, _)| page.split(['?', '{']).next())
        .map(|page| page.trim_start_matches("/settings/").trim_matches('/').to_owned())
        .collect();
    for declared in declared_pages() {
        // Every address without a page of its own.
        let declared = declared.replace("/*any", "/there/is/no/such/page");
        let name = declared
            .trim_matches('/')
            .trim_end_matches(":id")
            .trim_matches('/')
            .to_owned();
        assert!(
            in_table.contains(&name),
            "the page {declared} is missing from the table"
        );
    }
}

#[tokio::test]
async fn the_table_holds() {
    let place = Place::new().await;
    let server = place.start().await;
    let scene = Scene::new(place, &server.anonymous()).await;
    let mut wrong = Vec::new();
    for (page, expected) in TABLE {
        let page = scene.fill(page).await;
        for (column, person) in scene.people.iter().enumerate() {
            let answer = person.page(&page).await;
            let outcome = format!("{} {}", answer.status, answer.header("location"))
                .trim()
                .to_owned();
            if outcome != expected[column] {
                let who = COLUMNS[column];
                wrong.push(format!(
                    "{page}, {who}: {outcome} instead of {}",
                    expected[column]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn only_its_owner_sees_a_conversation_and_only_administrators_see_invitations() {
    let place = Place::new().await;
    let server = place.start().await;
    let scene = Scene::new(place, &server.anonymous()).await;
    let page = scene.fill("/c/{conversation}").await;
    let [_, other, owner, administrator] = &scene.people;
    assert!(owner.page(&page).await.text().contains("A secret of mine"));
    for stranger in [other, administrator] {
        let text = stranger.page(&page).await.text();
        assert!(!text.contains("A secret of mine"));
        assert!(text.contains("does not exist"), "{text}");
    }
    let invitation = administrator.post("invitations/create", &[]).await.value();
    assert!(invitation.as_str().unwrap().starts_with("/register?invitation="));
    let listed = scene.fill("{invitation}").await;
    assert!(
        administrator
            .page("/settings/invitations")
            .await
            .text()
            .contains(&listed)
    );
    assert!(!owner.page("/settings/invitations").await.text().contains(&listed));
}

/// `HEAD` says what `GET` would, to strangers too.
#[tokio::test]
async fn a_head_request_is_turned_away_like_any_other() {
    let place = Place::new().await;
    let server = place.start().await;
    let answer = server
        .anonymous()
        .send(
            reqwest::Method::HEAD,
            "/settings/keys",
            &[("accept", "text/html")],
            None,
        )
        .await;
    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"));
}
