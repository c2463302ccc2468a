//! The first start, and all that keeps a server from starting: each refusal says what to do and holds no secret.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use marshmallow_core::Provider;

use crate::harness::{Place, Refusal, own_key};

const VARIABLE: &str = "MARSHMALLOW_ROOT_SECRET";

fn assert_refused(refusal: &Refusal, sentence: &str, secret: &str) {
    assert_eq!(refusal.code, Some(1), "{}", refusal.said);
    assert!(refusal.said.contains("marshmallow: "), "{}", refusal.said);
    assert!(
        refusal.said.contains(sentence),
        "'{sentence}' is missing in:\n{}",
        refusal.said
    );
    assert!(!refusal.said.contains("panicked"), "{}", refusal.said);
    assert!(
        secret.is_empty() || !refusal.said.contains(secret),
        "{}",
        refusal.said
    );
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn the_first_start_makes_a_secret_that_nobody_else_can_read() {
    let place = Place::new().await;
    let server = place.start().await;
    let path = place.data().join("root-secret");
    let secret = fs::read_to_string(&path).unwrap();
    assert_eq!(secret.trim().len(), 64);
    assert_eq!(mode(&place.data()), 0o700);
    for file in fs::read_dir(place.data()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    server.anonymous().register("ana").await;
    assert!(server.stop().await.success());
    let again = place.start().await;
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        secret,
        "a second start keeps it"
    );
    again.anonymous().sign_in("ana").await;
    assert!(!fs::read_to_string(place.log()).unwrap().contains(secret.trim()));
}

#[tokio::test]
async fn a_root_secret_that_others_could_guess_is_refused() {
    let cases = [
        ("8f1d3c5a7b9e2f40", "shorter than 32 bytes"),
        ("c2hvcnQ", "shorter than 32 bytes"),
        (
            "0000000000000000000000000000000000000000000000000000000000000000",
            "well known or easy to guess",
        ),
        (
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "well known or easy to guess",
        ),
        (
            "correct horse battery staple, and then some more",
            "must be 64 hex digits or base64",
        ),
        (
            "8f1d3c5a7b9e2f4061728394a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7eff",
            "must be 64 hex digits or base64",
        ),
    ];
    for (secret, sentence) in cases {
        let refusal = Place::new().await.with(VARIABLE, secret).refusal().await;
        assert_refused(&refusal, sentence, secret);
        assert!(
            refusal.said.contains("MARSHMALLOW_ROOT_SECRET cannot be used"),
            "{}",
            refusal.said
        );
        assert!(refusal.said.contains("openssl rand -hex 32"), "{}", refusal.said);
    }
    let refusal = Place::new().await.with(VARIABLE, " ").refusal().await;
    assert_refused(&refusal, "the root secret is empty", "");
}

#[tokio::test]
async fn a_root_secret_that_others_can_read_is_refused() {
    let place = Place::new().await;
    assert!(place.start().await.stop().await.success());
    let path = place.data().join("root-secret");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let refusal = place.refusal().await;
    assert_refused(
        &refusal,
        "can be read by others (mode 644). Run: chmod 600",
        &fs::read_to_string(&path).unwrap(),
    );
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    place.start().await;
}

#[tokio::test]
async fn a_lost_root_secret_is_not_replaced_silently() {
    let place = Place::new().await;
    let server = place.start().await;
    server.anonymous().register("ana").await;
    assert!(server.stop().await.success());
    let path = place.data().join("root-secret");
    let secret = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert_refused(&place.refusal().await, "restore it from your backup", "");
    assert!(!path.exists());
    fs::write(&path, "cut off").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_refused(&place.refusal().await, "root-secret cannot be used", "cut off");
    fs::write(&path, secret).unwrap();
    place.start().await.anonymous().sign_in("ana").await;
}

#[tokio::test]
async fn another_root_secret_than_the_one_that_sealed_the_keys_is_refused() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    ana.add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    assert!(server.stop().await.success());
    let other = "327cabed27d0d82e011b58ab096b7d7620adb9a530f57518da1a7af21ff23a88";
    let place = place.with(VARIABLE, other);
    assert_refused(
        &place.refusal().await,
        "is not the one under which the stored keys were sealed",
        other,
    );
}

#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused_and_the_first_one_goes_on() {
    let place = Place::new().await;
    let server = place.start().await;
    assert_refused(&place.refusal().await, "another server is using", "");
    server.anonymous().register("ana").await;
    server.kill().await;
    place.start().await.anonymous().sign_in("ana").await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let place = Place::new().await;
    let server = place.start().await;
    let address = server.url.trim_start_matches("http://").to_owned();
    let refusal = Place::new()
        .await
        .with("MARSHMALLOW_ADDR", &address)
        .refusal()
        .await;
    assert_refused(&refusal, &format!("cannot listen on {address}"), "");
}

#[tokio::test]
async fn a_missing_or_damaged_site_is_named() {
    let place = Place::new().await;
    let manifest = place.site().join("manifest.json");
    for damaged in ["", "{\"js\":", "{\"js\":\"/pkg/a.js\"}", "[]"] {
        fs::write(&manifest, damaged).unwrap();
        assert_refused(&place.refusal().await, "manifest.json is damaged", "");
    }
    fs::remove_file(&manifest).unwrap();
    assert_refused(
        &place.refusal().await,
        "run `cargo xtask build`, or name it with --site",
        "",
    );
    assert!(
        !place.data().exists(),
        "nothing was made for a server that cannot serve"
    );
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_reported_without_its_password() {
    let password = "hunter2-of-the-database";
    for (url, sentence) in [
        (
            format!("mysql://user:{password}@127.0.0.1/db"),
            "must be sqlite:/path/to/file or postgres://",
        ),
        (
            format!("postgres://user:{password}@127.0.0.1:1/db"),
            "the database cannot be reached",
        ),
        (
            format!("postgres://user:{password}@127.0.0.1:port/db"),
            "must be sqlite:/path/to/file or postgres://",
        ),
    ] {
        let refusal = Place::new().await.with("DATABASE_URL", url).refusal().await;
        assert_refused(&refusal, sentence, password);
        assert!(
            refusal.said.contains("the database cannot be opened"),
            "{}",
            refusal.said
        );
    }
    let place = Place::new().await;
    fs::create_dir(place.data()).unwrap();
    fs::write(
        place.data().join("marshmallow.sqlite"),
        "this is no database, and long enough to be read as one",
    )
    .unwrap();
    assert_refused(&place.refusal().await, "the database cannot be opened", "");
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_named_without_their_secrets() {
    let secret = "sk-proj-of-the-platform";
    let broken = format!("{secret} and a space");
    let cases = [
        (
            "MARSHMALLOW_PLATFORM_OPENAI_KEY",
            broken.as_str(),
            "MARSHMALLOW_PLATFORM_OPENAI_KEY cannot be used",
        ),
        (
            "MARSHMALLOW_PLATFORM_CUSTOM_URL",
            "http://127.0.0.1:9/v1",
            "MARSHMALLOW_PLATFORM_CUSTOM_KEY is not",
        ),
        (
            "MARSHMALLOW_OPENAI_URL",
            "https://user:sk-proj-of-the-platform@gateway/v1",
            "the address of OpenAI cannot be used",
        ),
        (
            "MARSHMALLOW_OPENAI_URL",
            "gateway",
            "start the address with https:// or http://",
        ),
    ];
    for (name, value, sentence) in cases {
        assert_refused(
            &Place::new().await.with(name, value).refusal().await,
            sentence,
            secret,
        );
    }
    for (name, value) in [
        ("MARSHMALLOW_REGISTRATION", "maybe"),
        ("MARSHMALLOW_ADDR", "here"),
        ("MARSHMALLOW_PUBLIC_URL", "chat.example.org"),
        ("MARSHMALLOW_PROXIES", "-1"),
    ] {
        let refusal = Place::new().await.with(name, value).refusal().await;
        assert_eq!(refusal.code, Some(2), "{name}: {}", refusal.said);
        assert!(refusal.said.contains(value), "{name}: {}", refusal.said);
    }
}
