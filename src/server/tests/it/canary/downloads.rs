//! Everything that can be downloaded: none of it holds a key, but for the bundle, which holds it sealed, and whose
//! passphrase nobody keeps.

use marshmallow_core::Provider;
use reqwest::Method;
use url::form_urlencoded::Serializer;

use super::{
    CANARY, key,
    search::{traces_in, traces_in_files},
};
use crate::harness::{Actor, PASSWORD, Place};

const PASSPHRASE: &str = "pQ4wZ7nR-moss-lantern-kX2v";
const DOWNLOADS: [&str; 2] = ["/download/activity.csv", "/download/activity.json"];

/// Addresses of downloads in the router's own text.
fn declared() -> Vec<String> {
    let router = include_str!("../../../src/router.rs");
    let pieces = router.split('"').filter(|piece| piece.starts_with("/download/"));
    pieces.map(str::to_owned).collect()
}

fn nothing(bytes: &[u8], where_: &str) {
    for secret in [CANARY, PASSPHRASE] {
        assert_eq!(traces_in(bytes, secret), Vec::<String>::new(), "{where_}");
    }
}

async fn export(ana: &Actor, ids: &[String]) -> String {
    let mut form = Serializer::new(String::new());
    form.extend_pairs([
        ("password", PASSWORD),
        ("passphrase", PASSPHRASE),
        ("again", PASSPHRASE),
    ]);
    form.extend_pairs(ids.iter().map(|id| ("key", id)));
    let headers = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
    let answer = ana
        .send(Method::POST, "/download/keys", &headers, Some(form.finish()))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

#[tokio::test]
async fn no_download_holds_a_key_and_a_bundle_holds_it_sealed() {
    assert_eq!(declared(), DOWNLOADS, "a download is not searched here");
    let place = Place::new().await.with("MARSHMALLOW_LOG", "debug");
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let mut ids = Vec::new();
    for provider in Provider::ALL {
        ids.push(ana.add_key(&place, provider, &key(provider)).await);
    }
    let bundle = export(&ana, &ids).await;
    nothing(bundle.as_bytes(), "the bundle");

    // The way back, with what goes wrong on it.
    for id in &ids {
        assert_eq!(ana.post("keys/remove", &[("id", id)]).await.status, 200);
    }
    let wrong = format!("{PASSPHRASE}x");
    let fields = [("file", bundle.as_str()), ("passphrase", PASSPHRASE)];
    for (file, passphrase) in [
        (bundle.as_str(), wrong.as_str()),
        ("{}", PASSPHRASE),
        (&bundle[..900], PASSPHRASE),
    ] {
        let refused = ana
            .post("keys/open_bundle", &[("file", file), ("passphrase", passphrase)])
            .await;
        assert_eq!(refused.status, 422, "{}", refused.text());
    }
    assert_eq!(ana.post("keys/open_bundle", &fields).await.status, 200);
    for number in ["0", "1", "2", "3", "4"] {
        let asked = [fields.as_slice(), &[("numbers[0]", number)]].concat();
        assert_eq!(ana.post("keys/inspect_bundle", &asked).await.status, 200);
        let chosen = [
            fields.as_slice(),
            &[("choices[0][number]", number), ("choices[0][step]", "add")],
        ]
        .concat();
        let stored = ana.post("keys/import_bundle", &chosen).await.value();
        assert!(stored[0]["outcome"]["Ok"].is_object(), "{stored}");
    }

    for download in DOWNLOADS {
        for whose in ["", "?everyone=true"] {
            let file = ana.page(&format!("{download}{whose}")).await;
            assert_eq!(file.status, 200);
            assert!(file.text().contains("key.export"), "the export is on record");
            nothing(&file.body, download);
        }
    }
    for page in ["/settings/keys", "/settings/activity"] {
        ana.page(page).await;
    }
    nothing(&ana.heard(), "what the server answered");
    assert!(server.stop().await.success());
    for secret in [CANARY, PASSPHRASE] {
        assert_eq!(traces_in_files(place.folder(), secret), Vec::<String>::new());
    }
}
