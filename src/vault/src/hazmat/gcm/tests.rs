//! Published AES-256-GCM vectors: test cases 13 to 16 of McGrew and Viega, "The Galois/Counter Mode of
//! Operation (GCM)", appendix B, as submitted to NIST and used for SP 800-38D.

use super::*;
use crate::hex;

struct Case {
    key: &'static str,
    iv: &'static str,
    aad: &'static str,
    plaintext: &'static str,
    ciphertext: &'static str,
    tag: &'static str,
}

const ZERO_KEY: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const LONG_KEY: &str = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
const LONG_TEXT: &str = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
const LONG_CIPHER: &str = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";

fn cases() -> [Case; 4] {
    let zero_iv = "000000000000000000000000";
    let long_iv = "cafebabefacedbaddecaf888";
    [
        Case {
            key: ZERO_KEY,
            iv: zero_iv,
            aad: "",
            plaintext: "",
            ciphertext: "",
            tag: "530f8afbc74536b9a963b4f1c4cb738b",
        },
        Case {
            key: ZERO_KEY,
            iv: zero_iv,
            aad: "",
            plaintext: "00000000000000000000000000000000",
            ciphertext: "cea7403d4d606b6e074ec5d3baf39d18",
            tag: "d0d1c8a799996bf0265b98b5d48ab919",
        },
        Case {
            key: LONG_KEY,
            iv: long_iv,
            aad: "",
            plaintext: LONG_TEXT,
            ciphertext: LONG_CIPHER,
            tag: "b094dac5d93471bdec1a502270e3cc6c",
        },
        Case {
            key: LONG_KEY,
            iv: long_iv,
            aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            plaintext: &LONG_TEXT[..120],
            ciphertext: &LONG_CIPHER[..120],
            tag: "76fc6ece0f4e1768cddf8853bb2d551b",
        },
    ]
}

/// Gives the nonce of a test case.
struct Nonce(Vec<u8>);

impl Random for Nonce {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0);
    }
}

fn bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits)
        .map(|bytes| bytes.to_vec())
        .unwrap_or_default()
}

fn key(digits: &str) -> Key256 {
    Key256::filled_by(|key| key.copy_from_slice(&bytes(digits)))
}

#[test]
fn published_vectors_are_sealed_and_opened() -> Result<(), Refused> {
    for case in cases() {
        let (aad, plaintext) = (bytes(case.aad), bytes(case.plaintext));
        let sealed = seal(&key(case.key), &aad, &plaintext, &Nonce(bytes(case.iv)))?;
        assert_eq!(*hex::encode(&sealed.bytes), [case.ciphertext, case.tag].concat());
        let opened = open(&key(case.key), &sealed.iv, &aad, &sealed.bytes)?;
        assert_eq!(*opened, plaintext);
    }
    Ok(())
}

#[test]
fn another_key_nonce_context_or_text_is_refused() -> Result<(), Refused> {
    let iv = [7; IV_BYTES];
    let sealed = seal(&key(LONG_KEY), b"context", b"text", &Nonce(iv.to_vec()))?;
    let refused = |key: &Key256, iv, aad: &[u8], bytes: &[u8]| open(key, iv, aad, bytes) == Err(Refused);
    assert!(refused(&key(ZERO_KEY), &iv, b"context", &sealed.bytes));
    assert!(refused(&key(LONG_KEY), &[8; IV_BYTES], b"context", &sealed.bytes));
    assert!(refused(&key(LONG_KEY), &iv, b"contexT", &sealed.bytes));
    assert!(refused(&key(LONG_KEY), &iv, b"context", &sealed.bytes[1..]));
    assert!(refused(&key(LONG_KEY), &iv, b"context", &[]));
    assert_eq!(
        open(&key(LONG_KEY), &iv, b"context", &sealed.bytes)?.as_slice(),
        b"text"
    );
    Ok(())
}
