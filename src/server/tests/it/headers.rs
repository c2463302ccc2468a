//! What answers carry: the policy that keeps pages strict, who may keep them for how long, and in which form.

use std::collections::HashSet;

use reqwest::Method;

use crate::harness::{Actor, Answer, Place};

const PAGES: [&str; 6] = [
    "/",
    "/settings/models",
    "/settings/keys",
    "/settings/account",
    "/settings/invitations",
    "/no",
];

/// The start tags of a page, without comments.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter(|tag| !tag.starts_with(['/', '!']))
        .collect()
}

/// The value of an attribute, quoted or not.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}="))?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split_ascii_whitespace().next(),
    }
}

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (_, rest) = policy
        .split_once("'nonce-")
        .unwrap_or_else(|| panic!("no nonce in {policy}"));
    rest.split('\'').next().unwrap().to_owned()
}

fn assert_strict(page: &str, answer: &Answer) {
    let policy = answer.header("content-security-policy");
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{page}: {policy}"
    );
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{page}: {policy}"
    );
    let nonce = nonce(answer);
    assert!(nonce.len() >= 16, "{page}: {nonce}");
    let html = answer.text();
    let tags = tags(&html);
    let scripts: Vec<_> = tags
        .iter()
        .filter(|tag| tag.split_ascii_whitespace().next() == Some("script"))
        .collect();
    assert!(!scripts.is_empty(), "{page}");
    for script in scripts {
        assert_eq!(
            attribute(script, "nonce"),
            Some(nonce.as_str()),
            "{page}: <{script}>"
        );
    }
    for tag in tags {
        let name = tag.split_ascii_whitespace().next().unwrap_or_default();
        assert!(attribute(tag, "style").is_none(), "{page}: <{tag}>");
        assert_ne!(name, "style", "{page}");
        assert!(
            !tag.contains(" on") || !tag.contains(" onclick=") && !tag.contains(" onload="),
            "{page}: <{tag}>"
        );
        let loads = match name {
            "link" => attribute(tag, "href"),
            "script" | "img" | "iframe" | "source" | "video" | "audio" => attribute(tag, "src"),
            _ => None,
        };
        let is_ours = loads
            .is_none_or(|url| url.starts_with('/') && !url.starts_with("//") || url.starts_with("data:"));
        assert!(is_ours, "{page} loads from elsewhere: <{tag}>");
    }
}

async fn person(place: &Place) -> (crate::harness::Server, Actor) {
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    (server, ana)
}

#[tokio::test]
async fn pages_run_nothing_but_our_own_and_load_nothing_from_elsewhere() {
    let place = Place::new().await;
    let (server, ana) = person(&place).await;
    let mut nonces = HashSet::new();
    for page in PAGES {
        let answer = ana.page(page).await;
        assert_strict(page, &answer);
        assert!(
            nonces.insert(nonce(&answer)),
            "the nonce of {page} was used before"
        );
    }
    for page in ["/sign-in", "/register"] {
        let answer = server.anonymous().page(page).await;
        assert_strict(page, &answer);
        assert!(
            nonces.insert(nonce(&answer)),
            "the nonce of {page} was used before"
        );
    }
    assert!(
        nonces.insert(nonce(&ana.page("/").await)),
        "the same page twice has the same nonce"
    );
}

#[tokio::test]
async fn pages_and_answers_are_kept_by_nobody_and_taken_for_what_they_are() {
    let place = Place::new().await;
    let (server, ana) = person(&place).await;
    let mut answers = Vec::new();
    for page in PAGES {
        answers.push(ana.page(page).await);
    }
    answers.push(server.anonymous().page("/settings/keys").await);
    answers.push(ana.get("keys/list", &[]).await);
    answers.push(ana.post("chat/delete", &[("id", "nonsense")]).await);
    answers.push(ana.get("no/such/function", &[]).await);
    for answer in answers {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'")
        );
    }
}

async fn file(actor: &Actor, path: &str, accept_encoding: &str) -> Answer {
    actor
        .send(Method::GET, path, &[("accept-encoding", accept_encoding)], None)
        .await
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_in_the_form_that_the_browser_takes() {
    let place = Place::new().await;
    let server = place.start().await;
    let manifest = std::fs::read_to_string(place.site().join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let in_bundle = |name: &str| {
        let [folder, name] = ["folder", name].map(|key| manifest[key].as_str().unwrap());
        format!("{folder}/{name}")
    };
    let wasm = in_bundle("wasm");
    let css = manifest["css"].as_str().unwrap().to_owned();
    for path in [&in_bundle("js"), &in_bundle("link"), &wasm, &css] {
        for (accepted, encoding, ending) in [
            ("br, gzip", "br", ".br"),
            ("gzip", "gzip", ".gz"),
            ("identity", "", ""),
        ] {
            let answer = file(&server.anonymous(), path, accepted).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("content-encoding"), encoding, "{path}");
            assert_eq!(answer.text(), format!("{path}{ending}"));
            assert_eq!(
                answer.header("cache-control"),
                "public, max-age=31536000, immutable"
            );
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(
                answer.header("vary").to_lowercase().contains("accept-encoding"),
                "{path}: {:?}",
                answer.headers
            );
        }
    }
    let wasm = file(&server.anonymous(), &wasm, "br").await;
    assert_eq!(wasm.header("content-type"), "application/wasm");
    for path in ["/favicon.svg", "/robots.txt", "/manifest.webmanifest"] {
        let answer = file(&server.anonymous(), path, "br").await;
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (200, "public, max-age=86400"),
            "{path}"
        );
    }
}

/// A file that a later release will have must not be remembered as missing.
#[tokio::test]
async fn what_is_missing_is_not_kept() {
    let place = Place::new().await;
    let server = place.start().await;
    std::fs::remove_file(place.site().join("robots.txt")).unwrap();
    for path in [
        "/pkg/marshmallow.ffffffffffffffff.js",
        "/pkg/../manifest.json",
        "/pkg/%2e%2e/manifest.json",
        "/robots.txt",
    ] {
        let answer = file(&server.anonymous(), path, "identity").await;
        assert!([303, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn health_and_readiness_are_told_shortly_and_to_everyone() {
    let place = Place::new().await;
    let server = place.start().await;
    for (method, path, length) in [
        (Method::GET, "/health", 0),
        (Method::HEAD, "/health", 0),
        (Method::GET, "/ready", "ready\n".len()),
        (Method::HEAD, "/ready", 0),
    ] {
        let answer = server.anonymous().send(method, path, &[], None).await;
        assert_eq!((answer.status, answer.body.len()), (200, length), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn each_request_has_a_name_that_stands_in_the_log() {
    let place = Place::new().await.with("MARSHMALLOW_LOG_FORMAT", "json");
    let server = place.start().await;
    let named = async |name| {
        let headers = [("x-request-id", name)];
        let answer = server
            .anonymous()
            .send(Method::GET, "/sign-in", &headers, None)
            .await;
        answer.header("x-request-id").to_owned()
    };
    assert_eq!(named("from-the_proxy.7").await, "from-the_proxy.7");
    let made = named("no name, but \"words\"").await;
    assert_eq!(made.len(), 36, "{made}");
    assert!(server.stop().await.success());
    let log = std::fs::read_to_string(place.log()).unwrap();
    let lines = log.lines().filter(|line| line.starts_with('{'));
    let names: Vec<_> = lines
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["message"] == "answered" && line["span"]["path"] == "/sign-in")
        .map(|line| line["span"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["from-the_proxy.7".to_owned(), made]);
}
