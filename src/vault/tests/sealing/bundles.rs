//! Bundles as other programs make and read them: vectors that Python made from the description alone, and a reader in
//! Node that opens what this crate makes.

use std::path::Path;
use std::process::{Command, Stdio};

use marshmallow_core::{ApiKeyError, EndpointName, Millis, Provider};
use marshmallow_vault::{Bundle, BundleEntry, BundleError, BundleFile, Passphrase, seal_bundle};
use serde_json::Value;

use crate::fixtures::{Script, Seeded, key, unhex};

fn vector(name: &str) -> Value {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("bundles/vectors.json")).unwrap();
    vectors.into_iter().find(|vector| vector["name"] == name).unwrap()
}

fn opened(vector: &Value) -> Result<Bundle, BundleError> {
    let file = BundleFile::parse(word(vector, "file")).unwrap();
    file.open(&file.derive_key(&passphrase(word(vector, "passphrase"))))
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::parse(text.to_owned()).unwrap()
}

fn word<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

#[test]
fn what_python_made_opens_with_everything_in_it() {
    for vector in ["written", "composed", "empty"].map(vector) {
        let opened = opened(&vector).unwrap();
        let content: Value = serde_json::from_str(word(&vector, "content")).unwrap();
        assert_eq!(opened.made_at, Millis(content["made_at"].as_i64().unwrap()));
        let keys = content["keys"].as_array().unwrap();
        assert_eq!(opened.keys.len(), keys.len());
        for (opened, expected) in opened.keys.iter().zip(keys) {
            assert_eq!(opened.provider, word(expected, "provider"));
            assert_eq!(opened.endpoint, word(expected, "endpoint"));
            assert_eq!(opened.base_url, word(expected, "base_url"));
            assert_eq!(opened.label, word(expected, "label"));
            assert_eq!(opened.is_active, expected["is_active"]);
            let text = opened.key.as_ref().unwrap().expose_secret();
            assert_eq!(text, word(expected, "key"));
        }
    }
}

#[test]
fn the_same_salt_and_nonce_make_the_same_file_byte_for_byte() {
    let vector = vector("written");
    let random = Script::new(&[&unhex(word(&vector, "salt")), &unhex(word(&vector, "nonce"))]);
    let custom: EndpointName = "ollama".parse().unwrap();
    let keys = [
        key("sk-proj-known-answer-0123456789-x3Fa"),
        key("quote\"back\\slash"),
    ];
    let entries = [
        BundleEntry {
            provider: Provider::OpenAi,
            endpoint: &Provider::OpenAi.into(),
            base_url: "https://api.openai.com/v1",
            label: "Work",
            is_active: true,
            expires_at: None,
            key: &keys[0],
        },
        BundleEntry {
            provider: Provider::Custom,
            endpoint: &custom,
            base_url: "http://127.0.0.1:11434/v1",
            label: "Zuhause – küche",
            is_active: false,
            expires_at: None,
            key: &keys[1],
        },
    ];
    let words = passphrase(word(&vector, "passphrase"));
    let file = seal_bundle(Millis(1_764_000_000_000), &entries, &words, &random).unwrap();
    assert_eq!(file, word(&vector, "file"));
    assert!(random.is_used_up());
}

#[test]
fn a_reader_in_another_language_opens_what_is_made_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let words = "ＣＡＦＥ́ with ﬁve boats";
    let secret = key("sk-ant-api03-for-another-reader-9Kd2");
    let entry = BundleEntry {
        provider: Provider::Anthropic,
        endpoint: &Provider::Anthropic.into(),
        base_url: "https://api.anthropic.com/v1",
        label: "Ana's",
        is_active: true,
        expires_at: Some(Millis(8)),
        key: &secret,
    };
    let file = seal_bundle(Millis(7), &[entry], &passphrase(words), &Seeded::new(9)).unwrap();
    let path = std::env::temp_dir().join(format!("marshmallow-bundle-{}.mmkeys", std::process::id()));
    std::fs::write(&path, file).unwrap();
    let read = |words: &str| {
        let mut child = Command::new("node")
            .arg(folder.join("../../docs/read-key-bundle.mjs"))
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), words.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let (right, wrong) = (read(words), read("not the right one"));
    std::fs::remove_file(&path).unwrap();
    let said = String::from_utf8_lossy(&right.stderr).into_owned();
    let content: Value = serde_json::from_slice(&right.stdout).unwrap_or_else(|_| panic!("{said}"));
    assert_eq!(content["keys"][0]["key"], secret.expose_secret());
    assert_eq!(content["keys"][0]["label"], "Ana's");
    assert_eq!(content["keys"][0]["expires_at"], 8);
    assert_eq!(content["made_at"], 7);
    assert!(!wrong.status.success() && wrong.stdout.is_empty());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("passphrase"));
}

#[test]
fn what_is_odd_inside_is_told_apart_from_what_is_not() {
    let odd = opened(&vector("odd")).unwrap().keys;
    assert_eq!(odd[0].key.as_ref().unwrap_err(), &ApiKeyError::InnerSpace);
    assert_eq!(odd[1].key.as_ref().unwrap().expose_secret(), "of-2030-key-0123");
    let rest = (odd[1].provider.as_str(), odd[1].label.as_str(), odd[1].is_active);
    assert_eq!(rest, ("of-2030", "", true));
    assert_eq!(opened(&vector("no list")).unwrap_err(), BundleError::Content);
    assert_eq!(opened(&vector("too many")).unwrap_err(), BundleError::TooManyKeys);
}
