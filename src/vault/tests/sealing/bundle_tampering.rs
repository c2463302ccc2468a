//! Bundles that were changed, cut, or made to harm: each is refused, and none makes the crate panic or work long.

use std::sync::LazyLock;

use marshmallow_core::{EndpointName, LIMITS, Millis, Provider};
use marshmallow_vault::{Bundle, BundleEntry, BundleError, BundleFile, BundleKey, Passphrase, seal_bundle};
use proptest::prelude::*;

use crate::fixtures::{Seeded, key};

const WORDS: &str = "seven wooden boats drift";
const KEY: &str = "sk-proj-Canary0123456789abcdefghijklmnop";

/// A file with its key, derived once, since that is slow.
static MADE: LazyLock<(String, BundleKey)> = LazyLock::new(|| {
    let secret = key(KEY);
    let endpoint: EndpointName = Provider::OpenAi.into();
    let entry = BundleEntry {
        provider: Provider::OpenAi,
        endpoint: &endpoint,
        base_url: "https://api.openai.com/v1",
        label: "Work",
        is_active: true,
        expires_at: None,
        key: &secret,
    };
    let text = seal_bundle(Millis(1), &[entry], &passphrase(), &Seeded::new(5)).unwrap();
    let key = BundleFile::parse(&text).unwrap().derive_key(&passphrase());
    (text, key)
});

fn passphrase() -> Passphrase {
    Passphrase::parse(WORDS.to_owned()).unwrap()
}

/// Opens with the key of the unchanged file: what is not refused now would not be refused with the passphrase either.
fn open(text: &str) -> Result<Bundle, BundleError> {
    BundleFile::parse(text)?.open(&MADE.1)
}

fn refusal(text: &str) -> BundleError {
    open(text).unwrap_err()
}

#[test]
fn the_unchanged_file_opens_and_shows_nothing_without_its_key() {
    let opened = open(&MADE.0).unwrap();
    assert_eq!(opened.keys[0].key.as_ref().unwrap().expose_secret(), KEY);
    for secret in [KEY, WORDS, "Work", "openai"] {
        assert!(!MADE.0.contains(secret), "{secret}");
    }
    let printed = format!("{:?} {opened:?} {:?}", MADE.1, passphrase());
    assert!(
        !printed.contains("Canary") && !printed.contains("boats"),
        "{printed}"
    );
}

#[test]
fn each_changed_byte_is_refused() {
    let text = &MADE.0;
    for place in 0..text.len() - 1 {
        for bit in [0, 5] {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(open(&changed).is_err(), "bit {bit} of byte {place}: {changed}");
            }
        }
    }
}

#[test]
fn each_cut_is_refused() {
    for end in 0..MADE.0.len() - 2 {
        assert!(open(&MADE.0[..end]).is_err(), "{end}");
    }
    assert_eq!(refusal(&MADE.0[..MADE.0.len() / 2]), BundleError::CutOff);
}

#[test]
fn a_wrong_passphrase_and_a_changed_file_are_told_apart() {
    let file = BundleFile::parse(&MADE.0).unwrap();
    let wrong = Passphrase::parse("seven wooden boats sink".to_owned()).unwrap();
    assert_eq!(
        file.open(&file.derive_key(&wrong)).unwrap_err(),
        BundleError::WrongPassphrase
    );
    let sealed = field("ciphertext");
    let turned: String = sealed[..400].chars().rev().chain(sealed[400..].chars()).collect();
    assert_eq!(refusal(&MADE.0.replace(&sealed, &turned)), BundleError::Changed);
}

#[test]
fn the_header_is_authenticated_beyond_the_passphrase() {
    // With the very key of the file, other rounds or another salt are refused: the content is bound to them.
    for (from, to) in [("2000000", "2000001"), ("2000000", "600000")] {
        assert_eq!(refusal(&MADE.0.replace(from, to)), BundleError::Changed);
    }
    let salt = field("salt");
    let turned: String = salt[..20].chars().rev().chain(salt[20..].chars()).collect();
    assert_eq!(refusal(&MADE.0.replace(&salt, &turned)), BundleError::Changed);
}

fn field(name: &str) -> String {
    let (_, rest) = MADE.0.split_once(&format!("\"{name}\": \"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn what_is_no_bundle_of_this_version_is_named() {
    let large = " ".repeat(LIMITS.bundle_max_bytes + 1);
    let changed = |from: &str, to: &str| MADE.0.replace(from, to);
    let cases = [
        (String::new(), BundleError::NotABundle),
        ("\u{fffd}PNG\r\n\u{1a}\n".to_owned(), BundleError::NotABundle),
        ("{}".to_owned(), BundleError::NotABundle),
        ("[".repeat(100_000), BundleError::NotABundle),
        (
            changed("marshmallow-keys", "marshmallow-audit"),
            BundleError::NotABundle,
        ),
        (large, BundleError::TooLarge),
        (
            changed("\"version\": 1", "\"version\": 2"),
            BundleError::UnknownVersion(2),
        ),
        (changed("2000000", "599999"), BundleError::Rounds(599_999)),
        (changed("2000000", "10000001"), BundleError::Rounds(10_000_001)),
        (changed("2000000", "4294967295"), BundleError::Rounds(u32::MAX)),
        (changed("2000000", "4294967296"), BundleError::Malformed),
        (changed("2000000", "2e6"), BundleError::Malformed),
        (
            changed("PBKDF2-HMAC-SHA-256", "PBKDF2-HMAC-SHA-1"),
            BundleError::Malformed,
        ),
        (changed("AES-256-GCM", "none"), BundleError::Malformed),
        (
            changed("\"version\": 1,", "\"version\": 1, \"more\": 1,"),
            BundleError::Malformed,
        ),
        (changed(&field("nonce"), "AAAA"), BundleError::Malformed),
        (changed(&field("salt"), "AAAA"), BundleError::Malformed),
        (changed(&field("ciphertext"), "AAAA"), BundleError::Malformed),
        (
            changed(&field("ciphertext"), "not base64"),
            BundleError::Malformed,
        ),
    ];
    for (text, expected) in cases {
        let shown: String = text.chars().take(300).collect();
        assert_eq!(refusal(&text), expected, "{shown}");
    }
}

#[test]
fn more_keys_than_anybody_has_are_not_sealed() {
    let secret = key(KEY);
    let endpoint: EndpointName = Provider::OpenAi.into();
    let entry = BundleEntry {
        provider: Provider::OpenAi,
        endpoint: &endpoint,
        base_url: "",
        label: "",
        is_active: true,
        expires_at: None,
        key: &secret,
    };
    let many = vec![entry; LIMITS.keys_per_user + 1];
    let refused = seal_bundle(Millis(1), &many, &passphrase(), &Seeded::new(1)).unwrap_err();
    assert_eq!(refused, BundleError::TooManyKeys);
}

proptest! {
    #[test]
    fn noise_in_a_file_is_refused_and_never_makes_a_panic(
        place in 0..6_000_usize,
        length in 0..40_usize,
        noise in "\\PC{0,12}",
    ) {
        let text = &MADE.0;
        let start = place.min(text.len() - 1);
        let end = (start + length).min(text.len());
        let changed = format!("{}{noise}{}", &text[..start], &text[end..]);
        match open(&changed) {
            // Only white space between the parts may come and go.
            Ok(opened) => {
                prop_assert_eq!(opened.keys[0].key.as_ref().unwrap().expose_secret(), KEY);
                let solid = |text: &str| text.split_whitespace().collect::<String>();
                prop_assert_eq!(solid(&changed), solid(text));
            }
            Err(error) => prop_assert!(changed != *text, "{error}"),
        }
    }

    #[test]
    fn any_text_at_all_is_read_or_refused(text in "\\PC{0,400}") {
        prop_assert!(BundleFile::parse(&text).is_err());
    }
}
