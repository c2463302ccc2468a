//! Recognises root secrets that others know or can guess: placeholders, published samples, patterns, text.
//! It refuses to measure entropy: each rule turns a random secret away less than once in a thousand million.

use sha2::{Digest, Sha256};

use crate::hex;

/// Parts of a text that no random text has: eight characters or more, so that base64 does not spell one by
/// chance.
const PLACEHOLDERS: &str = "change-me change_me change-this change_this changeit changeme changethis insecure \
    marshmallow not-a-secret not_a_secret notasecret passw0rd password placeholder qwertyuiop replace-me \
    replace_me replaceme secret-key secret_key secretkey supersecret your-secret your_secret yoursecret";

/// Words that people type, or hash since 32 bytes were asked for. The last is how the root secret of this
/// crate's known answers is made.
const WORDS: &str = "0 1 123 1234 12345 123456 12345678 123456789 1234567890 abc abc123 admin default demo dev \
    development example foo foobar hello key letmein local master root root-secret root_secret secret test \
    testing marshmallow/known-answer/root";

/// 32-byte secrets that are printed in documents, from where they are copied.
const PUBLISHED: [&str; 7] = [
    // NIST SP 800-38A, appendix F: the AES-256 key of its examples
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    // the Fernet specification: its example key
    "730ff4c7af3d46923e8ed451ee813c87f790b0a226bc96a92de49b5e9c05e1ee",
    // Apache Airflow: Fernet keys of widely copied container files
    "e3a04a26841894f3ce7b1ab43a10d99c894d7a92857fced61702db7f3a830e1a",
    "f351ea0ed6ea032c0a48eba64a16b706158d39d436eac953e8ad18699799c8fb",
    // LibreChat: its sample environment
    "f34be427ebb29de8d88c107a71546019685ed8b241d8f2ed00c3df97ad2566f0",
    "16f8c0ef4a5d391b26034086c628469d3f9f497f08163ab9b40137092f2909ef",
    "eaa5191f2914e30b9387fd84e254e4ba6fc51b4654968a9b0803b456a54b8418",
];

/// Random bytes have 30 distinct values in 32; fewer than 12 come up once in 10²⁴.
const FEWEST_DISTINCT: usize = 12;
/// Of the 31 steps from byte to byte, so many alike make a counting pattern; by chance, once in 10¹⁸.
const MOST_EQUAL_STEPS: usize = 11;
/// A block of at most so many bytes that fills the secret by repetition.
const LONGEST_PERIOD: usize = 16;

/// Whether the text as it was typed is a placeholder or a word, whatever it would decode to.
pub(crate) fn is_known_text(text: &str) -> bool {
    let text = zeroize::Zeroizing::new(text.to_ascii_lowercase());
    words(WORDS).any(|word| *text == word) || words(PLACEHOLDERS).any(|word| text.contains(word))
}

/// Whether 32 bytes are a published sample, the hash of a word, a pattern, or somebody's text.
pub(crate) fn is_known_key(bytes: &[u8; 32]) -> bool {
    is_pattern(bytes) || is_text(bytes) || is_published(bytes) || is_hashed_word(bytes)
}

fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_ascii_whitespace()
}

/// Few distinct bytes, counting up or down in any step, or a short block over and over.
fn is_pattern(bytes: &[u8; 32]) -> bool {
    let mut seen = [0_usize; 256];
    bytes.iter().for_each(|byte| seen[usize::from(*byte)] += 1);
    let distinct = seen.iter().filter(|count| **count > 0).count();

    let mut steps = [0_usize; 256];
    bytes
        .windows(2)
        .for_each(|pair| steps[usize::from(pair[1].wrapping_sub(pair[0]))] += 1);
    let counts = steps.iter().any(|count| *count > MOST_EQUAL_STEPS);

    let repeats = (1..=LONGEST_PERIOD).any(|period| bytes[period..] == bytes[..bytes.len() - period]);
    distinct < FEWEST_DISTINCT || counts || repeats
}

/// Nothing but printable ASCII, save one filler byte: somebody's sentence, not the output of a generator.
/// By chance, once in 10¹³.
fn is_text(bytes: &[u8; 32]) -> bool {
    let printable = |byte: &u8| matches!(byte, b' '..=b'~');
    let filler = bytes.iter().find(|byte| !printable(byte));
    bytes.iter().all(|byte| printable(byte) || Some(byte) == filler)
}

fn is_published(bytes: &[u8; 32]) -> bool {
    let digits = hex::encode(bytes);
    PUBLISHED.contains(&digits.as_str())
}

/// SHA-256 of a word in the usual spellings, with and without the line break that `echo` adds.
fn is_hashed_word(bytes: &[u8; 32]) -> bool {
    let hashes_to = |text: &str| {
        [text.to_owned(), format!("{text}\n")]
            .iter()
            .any(|text| Sha256::digest(text).as_slice() == bytes)
    };
    std::iter::once("")
        .chain(words(WORDS))
        .chain(words(PLACEHOLDERS))
        .any(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            let capitalised = first.to_ascii_uppercase() + rest;
            hashes_to(word) || hashes_to(&capitalised) || hashes_to(&word.to_ascii_uppercase())
        })
}

#[cfg(test)]
mod tests;
