//! The download of keys, and their way back, over HTTP: who may, what the answers carry, and what they never hold.

use marshmallow_core::{ErrorCode, Provider, PublicError};
use reqwest::Method;
use url::form_urlencoded::Serializer;

use crate::harness::{Actor, Answer, PASSWORD, Place, on_postgres, own_key};

const WORDS: &str = "four toasted paper boats";
const SCRIPT: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
const BROWSER: [(&str, &str); 2] = [
    ("sec-fetch-site", "same-origin"),
    ("accept", "text/html,*/*;q=0.8"),
];

fn form(password: &str, keys: &[&str]) -> String {
    let mut form = Serializer::new(String::new());
    form.extend_pairs([("password", password), ("passphrase", WORDS), ("again", WORDS)]);
    form.extend_pairs(keys.iter().map(|key| ("key", key)));
    form.finish()
}

async fn ask(who: &Actor, headers: &[(&str, &str)], body: String) -> Answer {
    who.send(Method::POST, "/download/keys", headers, Some(body))
        .await
}

/// Every way to ask × everyone who may.
async fn the_table_holds(place: Place) {
    let server = place.start().await;
    let administrator = server.anonymous().register("administrator").await;
    let owner = server.anonymous().register("owner").await;
    let other = server.anonymous().register("other").await;
    let key = owner
        .add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "owner"))
        .await;
    let people = [
        ("anonymous", server.anonymous()),
        ("other", other),
        ("administrator", administrator),
    ];
    for (name, person) in people {
        let expected = if name == "anonymous" {
            "401 sign_in_needed"
        } else {
            "404 not_found"
        };
        assert_eq!(
            ask(&person, &SCRIPT, form(PASSWORD, &[&key])).await.outcome(),
            expected,
            "{name}"
        );
    }
    let wrong = ask(&owner, &SCRIPT, form("not the right one", &[&key])).await;
    assert_eq!(wrong.outcome(), "401 wrong_credentials");
    let none = ask(&owner, &SCRIPT, form(PASSWORD, &[])).await;
    assert_eq!(none.outcome(), "422 invalid_input");
    let right = ask(&owner, &SCRIPT, form(PASSWORD, &[&key])).await;
    assert_eq!(right.outcome(), "200");
}

#[tokio::test]
async fn only_the_owner_with_the_password_gets_a_file_on_sqlite() {
    the_table_holds(Place::new().await).await;
}

#[tokio::test]
async fn only_the_owner_with_the_password_gets_a_file_on_postgres() {
    on_postgres(|url| async move { the_table_holds(Place::new().await.with("DATABASE_URL", url)).await })
        .await;
}

#[tokio::test]
async fn a_file_is_one_to_keep_and_nothing_else() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let secret = own_key(Provider::OpenAi, "ana");
    let key = ana.add_key(&place, Provider::OpenAi, &secret).await;
    for headers in [SCRIPT, BROWSER] {
        let file = ask(&ana, &headers, form(PASSWORD, &[&key])).await;
        assert_eq!(file.status, 200, "{}", file.text());
        let disposition = file.header("content-disposition");
        assert!(
            disposition.starts_with("attachment; filename=\"marshmallow-keys-20")
                && disposition.ends_with(".mmkeys\""),
            "{disposition}"
        );
        assert_eq!(file.header("cache-control"), "no-store");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("content-type"), "application/octet-stream");
        assert!(
            file.text().starts_with("{\n  \"format\": \"marshmallow-keys\""),
            "{}",
            file.text()
        );
        assert!(!file.text().contains(&secret) && !file.text().contains("simvalid"));
    }
    // Not over an address, not from another site, and not with what is not understood.
    let got = ana
        .page(&format!("/download/keys?{}", form(PASSWORD, &[&key])))
        .await;
    assert_eq!(got.status, 405);
    let strange = [("sec-fetch-site", "cross-site"), ("accept", "application/json")];
    assert_eq!(ask(&ana, &strange, form(PASSWORD, &[&key])).await.status, 403);
    for odd in [
        "",
        "nonsense",
        "password=x&key=x",
        "password=x&other=1",
        "%ff%fe=%ff",
        "{\"id\":1}",
    ] {
        let refused = ask(&ana, &SCRIPT, odd.to_owned()).await;
        assert_eq!(refused.outcome(), "422 invalid_input", "{odd}");
    }
    let large = format!("password={}", "x".repeat(1024 * 1024));
    assert_eq!(ask(&ana, &SCRIPT, large).await.status, 413);
}

#[tokio::test]
async fn without_a_script_a_refusal_leads_back_to_the_page_which_says_so() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let key = ana
        .add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    let refused = ask(&ana, &BROWSER, form("not the right one", &[&key])).await;
    let location = refused.header("location");
    assert_eq!(refused.status, 303);
    assert!(
        location.starts_with("/settings/keys?__path=%2Fdownload%2Fkeys&__err="),
        "{location}"
    );
    assert!(!location.contains("boats") && !location.contains("right"));
    let page = ana.page(location).await.text();
    assert!(page.contains("The current password is not right."), "{page}");
    assert!(
        !ana.page("/settings/keys")
            .await
            .text()
            .contains("The current password is not right.")
    );
}

#[tokio::test]
async fn what_left_comes_back_over_http() {
    let place = Place::new().await;
    let server = place.start().await;
    let (ana, ben) = (
        server.anonymous().register("ana").await,
        server.anonymous().register("ben").await,
    );
    let key = ana
        .add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    let file = ask(&ana, &SCRIPT, form(PASSWORD, &[&key])).await.text();
    let fields = [("file", file.as_str()), ("passphrase", WORDS)];
    let review = ben.post("keys/open_bundle", &fields).await.value();
    assert_eq!(review["keys"][0]["state"], "new", "{review}");
    assert_eq!(review["keys"][0]["last_four"], "cdef");
    let asked = [fields.as_slice(), &[("numbers[0]", "0")]].concat();
    let found = ben.post("keys/inspect_bundle", &asked).await.value();
    assert_eq!(
        found[0]["outcome"]["Ok"]["finding"]["diagnosis"], "valid",
        "{found}"
    );
    let chosen = [
        fields.as_slice(),
        &[("choices[0][number]", "0"), ("choices[0][step]", "add")],
    ]
    .concat();
    let stored = ben.post("keys/import_bundle", &chosen).await.value();
    assert_eq!(stored[0]["outcome"]["Ok"]["last_four"], "cdef", "{stored}");
    let wrong = ben
        .post(
            "keys/open_bundle",
            &[("file", file.as_str()), ("passphrase", "not the right one")],
        )
        .await;
    let error: PublicError = wrong.error();
    assert_eq!((wrong.status, error.code), (422, ErrorCode::InvalidInput));
    assert!(error.next_step.contains("Type it again"), "{error}");
    let made = ben.post("keys/make_passphrase", &[]).await.value();
    assert_eq!(made.as_str().map(str::len), Some(29));
}
