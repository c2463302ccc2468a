//! Which texts are taken as the root secret, and what an operator is told about the others.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use marshmallow_vault::{RootSecret, RootSecretError};

use crate::fixtures::{ROOT, Seeded, hex, unhex};

/// Has bytes that the two alphabets of base64 write differently.
const DIGITS: &str = "fbf0a1ffe2943b7c58d60e91c7274fd82b3e15a06c497dfb8803e6c1925ab4ff";

fn error(text: &str) -> RootSecretError {
    RootSecret::parse(text).unwrap_err()
}

#[test]
fn every_usual_spelling_is_the_same_secret() {
    let bytes = unhex(DIGITS);
    let spellings = [
        DIGITS.to_owned(),
        DIGITS.to_uppercase(),
        format!("  {DIGITS}\r\n"),
        BASE64_STANDARD.encode(&bytes),
        BASE64_STANDARD_NO_PAD.encode(&bytes),
        BASE64_URL_SAFE.encode(&bytes),
        BASE64_URL_SAFE_NO_PAD.encode(&bytes),
    ];
    assert_ne!(spellings[3], spellings[5], "the two alphabets differ here");
    for text in spellings {
        assert_eq!(*RootSecret::parse(&text).unwrap().expose_hex(), DIGITS, "{text}");
    }
}

#[test]
fn a_made_secret_survives_its_file() {
    let digits = ROOT.expose_hex();
    let read = RootSecret::parse(&digits).unwrap();
    assert_eq!(read.expose_hex(), digits);
    assert_eq!(read.kek_id(), ROOT.kek_id());
    assert_ne!(RootSecret::make(&Seeded::new(99)).kek_id(), ROOT.kek_id());
}

#[test]
fn nothing_is_empty() {
    for text in ["", " ", "\n", "\t \r\n"] {
        assert_eq!(error(text), RootSecretError::Empty, "{text:?}");
    }
}

#[test]
fn less_than_32_bytes_are_too_short() {
    let bytes = unhex(DIGITS);
    for length in 1..32 {
        assert_eq!(
            error(&DIGITS[..length * 2]),
            RootSecretError::TooShort,
            "{length} bytes in hex"
        );
        let text = BASE64_STANDARD.encode(&bytes[..length]);
        assert_eq!(
            error(&text),
            RootSecretError::TooShort,
            "{length} bytes in base64"
        );
    }
    assert_eq!(
        error(&DIGITS[..63]),
        RootSecretError::TooShort,
        "a digit was lost"
    );
    assert_eq!(
        error(&DIGITS[..43]),
        RootSecretError::TooShort,
        "hex of base64's length is still hex"
    );
}

#[test]
fn what_is_neither_hex_nor_base64_of_32_bytes_is_malformed() {
    let mut longer = unhex(DIGITS);
    longer.push(1);
    let malformed = [
        hex(&longer),
        format!("{DIGITS}0"),
        BASE64_STANDARD.encode(&longer),
        format!("0x{DIGITS}"),
        format!("{} {}", &DIGITS[..32], &DIGITS[32..]),
        format!("{}g", &DIGITS[..63]),
        "not base64, and long enough to be a secret!".to_owned(),
        "+/-_".repeat(11),
        "ä".repeat(32),
        "x".repeat(100_000),
    ];
    for text in malformed {
        assert_eq!(
            error(&text),
            RootSecretError::Malformed,
            "{}",
            &text[..text.len().min(80)]
        );
    }
}

#[test]
fn what_others_can_guess_is_well_known() {
    let guessable = [
        "changeme".to_owned(),
        "CHANGEME".to_owned(),
        "secret".to_owned(),
        "changeme-changeme-changeme-changeme-changem".to_owned(),
        "0".repeat(64),
        "f".repeat(64),
        "A".repeat(43) + "=",
        "0123456789abcdef".repeat(4),
        "deadbeef".repeat(8),
        hex(&(0..32).collect::<Vec<u8>>()),
        hex(&(0..32).rev().collect::<Vec<u8>>()),
        hex(b"changeme\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        hex(b"my passphrase, thirty-two bytes!"),
        BASE64_STANDARD.encode(b"my passphrase, thirty-two bytes!"),
        // SHA-256 of "" and of "password"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned(),
        "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8".to_owned(),
        // a sample from another project's documents, as printed there
        "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=".to_owned(),
    ];
    for text in guessable {
        assert_eq!(error(&text), RootSecretError::WellKnown, "{text}");
    }
}

#[test]
fn every_message_tells_what_to_do_and_repeats_nothing() {
    for text in ["", "dGVzdA==", "zz!", "hunter2hunter2password"] {
        let message = error(text).to_string();
        assert!(message.contains("openssl rand -hex 32"), "{message}");
        assert!(text.is_empty() || !message.contains(text), "{message}");
    }
}
