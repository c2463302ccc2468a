//! A canary goes through everything, and then every place that keeps or says anything is searched for it.

mod disguises;
mod downloads;
mod search;

use marshmallow_core::Provider;
use marshmallow_simulator::Recorded;

use crate::harness::{Actor, PASSWORD, Place};
use disguises::disguises;
use search::{traces_in, traces_in_files};

/// Stands in the middle of each key, so that the last four characters, which may be seen, are none of it.
const CANARY: &str = "c4NaRyQ7xV2mK9tZ8bW3";

fn key(provider: Provider) -> String {
    let prefix = match provider {
        Provider::OpenAi => "sk-proj-",
        Provider::Anthropic => "sk-ant-api03-",
        Provider::Google => "AQ.",
        Provider::OpenRouter => "sk-or-v1-",
        Provider::Custom => "my-",
    };
    format!("{prefix}simvalid{CANARY}-tail")
}

fn model(provider: Provider) -> &'static str {
    match provider {
        Provider::OpenAi => "openai/gpt-4o-mini",
        Provider::Anthropic => "anthropic/claude-haiku-4-5",
        Provider::Google => "google/gemini-2.5-flash",
        Provider::OpenRouter => "openrouter/openai/gpt-5-mini",
        Provider::Custom => "mine/sim-small",
    }
}

/// The header in which each provider takes its key.
fn header(provider: Provider) -> &'static str {
    match provider {
        Provider::Anthropic => "x-api-key",
        Provider::Google => "x-goog-api-key",
        _ => "authorization",
    }
}

/// What is asked of each provider: a whole answer, and every way in which one can fail.
const QUESTIONS: [&str; 8] = [
    "Hello #sim delay=0 reasoning=3",
    "Hello #sim delay=0 words=9 fail=cut@3",
    "Hello #sim delay=0 words=9 fail=error@3",
    "Hello #sim delay=0 words=9 fail=malformed@3",
    "Hello #sim status=500",
    "Hello #sim status=403",
    "Hello #sim status=400",
    "Hello #sim status=401",
];

const PAGES: [&str; 8] = [
    "/",
    "/settings/keys",
    "/settings/models",
    "/settings/spending",
    "/settings/activity",
    "/settings/account",
    "/settings/invitations",
    "/nowhere",
];

/// Keys that are refused, on each of the ways in which one can be.
async fn add_what_is_refused(ana: &Actor) {
    let long = CANARY.repeat(100);
    for (provider, typed) in [
        ("openai", format!("sk-proj-simecho{CANARY}-tail")),
        ("openai", format!("sk-proj-simexpired{CANARY}-tail")),
        ("openai", format!("sk-proj-unknown{CANARY}-tail")),
        ("openai", format!("sk-proj {CANARY}")),
        ("openai", format!("sk-proj-ä{CANARY}")),
        ("openai", format!("sk-ant-{CANARY}-tail")),
        ("openai", format!("sk-admin-{CANARY}-tail")),
        ("anthropic", format!("sk-ant-simecho{CANARY}-tail")),
        ("google", format!("AQ.simecho{CANARY}-tail")),
        ("openrouter", format!("sk-or-simecho{CANARY}-tail")),
        ("nobody", format!("sk-{CANARY}-tail")),
        ("openai", long),
    ] {
        let answer = ana
            .post("keys/add", &[("provider", provider), ("key", &typed)])
            .await;
        assert_eq!(answer.status, 422, "{provider}: {}", answer.text());
    }
    for function in ["keys/remove", "chat/send"] {
        assert_eq!(
            ana.post(function, &[("id", CANARY), ("model", CANARY)])
                .await
                .status,
            422
        );
    }
}

async fn replace_and_take_back(ana: &Actor, provider: Provider, id: &str) {
    let newer = key(provider).replace("simvalid", "simvalid-newer");
    ana.post("keys/replace", &[("id", id), ("key", &newer)])
        .await
        .value();
    for page in PAGES {
        ana.page(page).await;
    }
    for function in ["keys/check_replaced", "keys/take_back"] {
        ana.post(function, &[("id", id)]).await.value();
    }
}

/// A key that its provider does not serve from here is what the bell tells of.
async fn has_something_to_notice(ana: &Actor) {
    let empty = key(Provider::OpenAi).replace("simvalid", "simregion");
    let added = ana
        .post("keys/add", &[("provider", "openai"), ("key", &empty)])
        .await
        .value();
    let told = ana.get("notices/list", &[]).await.text();
    assert!(told.contains(added["id"].as_str().unwrap()), "{told}");
    for page in PAGES {
        ana.page(page).await;
    }
}

async fn use_everything(place: &Place, ana: &Actor) {
    add_what_is_refused(ana).await;
    for provider in Provider::ALL {
        let id = ana.add_key(place, provider, &key(provider)).await;
        for question in QUESTIONS {
            ana.ask(model(provider), question).await.rest().await;
            for page in PAGES {
                ana.page(page).await;
            }
        }
        // The refusal in mid-chat has marked it as invalid.
        let checked = ana.post("keys/recheck", &[("id", &id)]).await.value();
        assert_eq!(checked["status"]["diagnosis"], "valid", "{checked}");
        ana.post("keys/set_active", &[("id", &id), ("is_active", "false")])
            .await
            .value();
        ana.post("keys/set_active", &[("id", &id), ("is_active", "true")])
            .await
            .value();
        replace_and_take_back(ana, provider, &id).await;
        let duplicate = key(provider);
        let base_url = place.provider_url(provider);
        let fields = [
            ("provider", provider.slug()),
            ("key", &duplicate),
            ("base_url", &base_url),
            ("endpoint", "mine"),
        ];
        assert_eq!(ana.post("keys/add", &fields).await.outcome(), "409 key_duplicate");
        if provider == Provider::Google {
            assert_eq!(ana.post("keys/remove", &[("id", &id)]).await.status, 200);
        }
    }
    has_something_to_notice(ana).await;
    for function in [
        "keys/list",
        "models/list",
        "chat/conversations",
        "accounts/me",
        "accounts/sessions",
    ] {
        ana.get(function, &[]).await.value();
    }
    for conversation in ana.get("chat/conversations", &[]).await.value()["conversations"]
        .as_array()
        .unwrap()
    {
        let id = conversation["id"].as_str().unwrap();
        ana.conversation(id).await;
        ana.page(&format!("/c/{id}")).await;
    }
}

fn shows_key(request: &Recorded, provider: Provider) -> bool {
    request
        .header(header(provider))
        .is_some_and(|value| value.contains(&key(provider)))
}

#[tokio::test]
async fn a_key_leaves_no_trace_but_at_its_provider() {
    let place = Place::new().await.with("MARSHMALLOW_LOG", "debug");
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    use_everything(&place, &ana).await;

    let requests = place.simulator.requests();
    for provider in Provider::ALL {
        let calls = requests
            .iter()
            .filter(|request| shows_key(request, provider))
            .count();
        assert!(
            calls > QUESTIONS.len(),
            "{provider} got the key {calls} times, in {}",
            header(provider)
        );
    }
    for request in &requests {
        let elsewhere = format!("{}?{} {}", request.path, request.query, request.body);
        assert_eq!(
            traces_in(elsewhere.as_bytes(), CANARY),
            Vec::<String>::new(),
            "beside the header"
        );
    }

    let said = ana.heard();
    assert!(said.len() > 100_000, "pages and answers were gathered");
    assert_eq!(
        traces_in(&said, CANARY),
        Vec::<String>::new(),
        "in what the server answered"
    );
    // Of the files, some exist only while the server runs, and others are written when it stops.
    assert!(place.data().join("marshmallow.sqlite-wal").exists());
    assert_eq!(
        traces_in_files(place.folder(), CANARY),
        Vec::<String>::new(),
        "while it runs"
    );
    assert!(server.stop().await.success());
    assert_eq!(
        traces_in_files(place.folder(), CANARY),
        Vec::<String>::new(),
        "after it stopped"
    );
    let log = std::fs::read(place.log()).unwrap();
    assert!(
        log.windows(5).any(|window| window == b"DEBUG"),
        "the log was as talkative as it can be"
    );
}

#[tokio::test]
async fn the_search_finds_a_planted_canary_in_every_disguise() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("deep/er");
    std::fs::create_dir_all(&inner).unwrap();
    assert_eq!(traces_in_files(folder.path(), CANARY), Vec::<String>::new());
    for (name, disguise) in disguises(CANARY) {
        let path = inner.join("file");
        std::fs::write(&path, [b"\0before\xff".as_slice(), &disguise, b"after"].concat()).unwrap();
        let found = traces_in_files(folder.path(), CANARY);
        assert!(
            found.iter().any(|trace| trace.contains(&name)),
            "{name} was not found, but {found:?}"
        );
    }
    for (offset, text) in ["", "a", "ab"].into_iter().enumerate() {
        let encoded = disguises::base64_of(&format!("{text}{}", key(Provider::OpenAi)));
        assert!(
            !traces_in(encoded.as_bytes(), CANARY).is_empty(),
            "offset {offset}"
        );
    }
}

#[tokio::test]
async fn passwords_and_session_tokens_are_not_written_down() {
    let place = Place::new().await.with("MARSHMALLOW_LOG", "debug");
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let again = server.anonymous().sign_in("ana").await;
    let wrong = "nineteen paper lanterns";
    let new = "eleven copper kettles sing";
    assert_eq!(
        server
            .anonymous()
            .try_sign_in("ana@example.org", wrong)
            .await
            .status,
        401
    );
    assert_eq!(
        ana.post("accounts/change_password", &[("current", wrong), ("new", new)])
            .await
            .status,
        401
    );
    assert_eq!(
        ana.post("accounts/change_password", &[("current", PASSWORD), ("new", new)])
            .await
            .status,
        200
    );
    let invitation = ana.post("invitations/create", &[]).await.value();
    let (_, word) = invitation.as_str().unwrap().split_once('=').unwrap();
    server
        .anonymous()
        .page(&format!("/register?invitation={word}"))
        .await;
    for page in PAGES {
        ana.page(page).await;
        again.page(page).await;
    }
    let mut secrets = vec![word.to_owned(), ana.token(), again.token()];
    for password in [PASSWORD, wrong, new] {
        secrets.extend([
            password.to_owned(),
            password.replace(' ', "+"),
            password.replace(' ', "%20"),
        ]);
    }
    for secret in &secrets {
        assert_eq!(
            traces_in_files(place.folder(), secret),
            Vec::<String>::new(),
            "{secret}"
        );
    }
    for password in [PASSWORD, wrong, new] {
        let heard = [ana.heard(), again.heard()].concat();
        assert_eq!(traces_in(&heard, password), Vec::<String>::new());
    }
    assert!(server.stop().await.success());
    for secret in &secrets {
        assert_eq!(
            traces_in_files(place.folder(), secret),
            Vec::<String>::new(),
            "{secret}"
        );
    }
}
