//! Every rule turns away what it is for, and no rule turns away what a generator made.

use super::*;

fn hashed(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// `text`, filled up to 32 bytes.
fn padded(text: &str, filler: u8) -> [u8; 32] {
    let mut bytes = [filler; 32];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

fn numbered(byte: impl Fn(u8) -> u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    (0_u8..)
        .zip(&mut bytes)
        .for_each(|(index, slot)| *slot = byte(index));
    bytes
}

#[test]
fn random_looking_bytes_pass() {
    for number in 0..2_000 {
        let bytes = hashed(&format!("a generator's output {number}"));
        assert!(!is_known_key(&bytes), "{}", *hex::encode(&bytes));
        assert!(!is_known_text(&hex::encode(&bytes)));
    }
}

#[test]
fn patterns_are_recognised() {
    let patterns = [
        ("zeros", numbered(|_| 0)),
        ("ones", numbered(|_| 0xff)),
        ("counting up", numbered(|index| index)),
        (
            "counting up from 200, over the end",
            numbered(|index| index.wrapping_add(230)),
        ),
        ("counting down", numbered(|index| 0x3f - index)),
        ("counting by 17", numbered(|index| index.wrapping_mul(17))),
        ("up, then down", numbered(|index| index.min(31 - index))),
        (
            "eight bytes, four times",
            numbered(|index| ((index % 8).wrapping_mul(37)).wrapping_add(5)),
        ),
        (
            "sixteen bytes, twice",
            numbered(|index| (index % 16).wrapping_mul(index % 16).wrapping_mul(11)),
        ),
        (
            "eleven values without order",
            hashed("order").map(|byte| byte % 11 * 23),
        ),
    ];
    for (name, bytes) in patterns {
        assert!(is_pattern(&bytes), "{name}: {}", *hex::encode(&bytes));
    }
}

#[test]
fn text_is_recognised_whatever_fills_it_up() {
    for filler in [0, 1, 0xff, b'0', b' ', b'='] {
        assert!(is_text(&padded("correct horse battery", filler)), "{filler}");
    }
    assert!(is_known_key(b"thirty-two characters of a text."));
    let mut two_fillers = padded("correct horse battery", 0);
    two_fillers[31] = 0xff;
    assert!(!is_text(&two_fillers), "the rule is for one filler");
}

#[test]
fn hashed_words_are_recognised_in_every_spelling() {
    for text in [
        "",
        "\n",
        "secret",
        "Secret",
        "SECRET",
        "secret\n",
        "changeme",
        "marshmallow",
        "123456",
    ] {
        assert!(is_hashed_word(&hashed(text)), "{text:?}");
    }
    assert!(
        is_known_key(&hashed("marshmallow/known-answer/root")),
        "the pinned vectors' own secret"
    );
    assert!(!is_hashed_word(&hashed("not in any list")));
}

#[test]
fn published_samples_are_recognised() {
    for digits in PUBLISHED {
        let decoded = hex::decode(digits);
        let bytes = decoded
            .as_ref()
            .and_then(|bytes| <&[u8; 32]>::try_from(bytes.as_slice()).ok());
        assert!(bytes.is_some_and(is_known_key), "{digits}");
    }
}

#[test]
fn placeholders_are_recognised_inside_longer_texts() {
    let known = [
        "secret",
        "Admin",
        "changeme",
        "ChangeMe-please-0000000000",
        "xxxx_my_password_xxxx",
    ];
    for text in known {
        assert!(is_known_text(text), "{text}");
    }
    assert!(
        !is_known_text("an-admin-of-the-house"),
        "a short word counts only when it stands alone"
    );
}
