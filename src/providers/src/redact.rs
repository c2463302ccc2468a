//! Takes keys out of foreign text before it leaves this crate: the key in use, whole or in part, and
//! whatever else looks like a provider's key. Error bodies do echo keys.

use marshmallow_core::ApiKey;

use crate::{ListedModel, answer_filter::is_filtered};

/// What stands in the place of a key.
pub(crate) const MASK: &str = "[redacted]";

/// Pieces of the key in use of half its length are taken out too, within these bounds: a body that is cut,
/// or a message that shows the first half, still tells too much.
const PIECE: std::ops::RangeInclusive<usize> = 6..=12;

/// A word that begins like a key counts as one when it goes on for at least this long.
const LOOKALIKE_TAIL: usize = 8;

/// Longest detail, in characters.
const DETAIL_CHARS: usize = 300;

/// Longest id or name, in characters.
const LABEL_CHARS: usize = 100;

/// How known keys begin (providers' own pages and the open rule sets of secret scanners, October 2026).
const PREFIXES: [&str; 11] = [
    "sk-", "sk_", "pk-", "AIza", "AQ.", "gsk_", "xai-", "hf_", "Bearer ", "bearer ", "eyJ",
];

/// Knows the key of one call, for as long as the call lasts.
pub(crate) struct Redactor {
    key: Option<ApiKey>,
}

impl Redactor {
    /// A redactor for the text that a call with `key` brings back.
    pub(crate) fn new(key: &ApiKey) -> Self {
        Self {
            key: ApiKey::parse(key.expose_secret().to_owned()).ok(),
        }
    }

    /// A message fit to be stored and shown.
    pub(crate) fn detail(&self, text: &str) -> String {
        self.clean(text, DETAIL_CHARS)
    }

    /// An id or a name fit to be stored and shown.
    pub(crate) fn label(&self, text: &str) -> String {
        self.clean(text, LABEL_CHARS)
    }

    /// The key to be taken out of answers; none where it cannot be told from a word.
    pub(crate) fn answer_key(&self) -> Option<&str> {
        let key = self.key.as_ref()?.expose_secret();
        is_filtered(key).then_some(key)
    }

    /// A list of models without the key: a name for people loses it, and a model that is named by it is left
    /// out, since it could not be called under another name.
    pub(crate) fn models(&self, mut models: Vec<ListedModel>) -> Vec<ListedModel> {
        let Some(key) = self.answer_key() else {
            return models;
        };
        let holds_key = |text: &str| text.to_ascii_lowercase().contains(&key.to_ascii_lowercase());
        models.retain(|model| !holds_key(&model.id));
        for model in &mut models {
            model.title = model.title.take().map(|title| {
                if holds_key(&title) {
                    self.label(&title)
                } else {
                    title
                }
            });
        }
        models
    }

    fn clean(&self, text: &str, max_chars: usize) -> String {
        let without_key = match &self.key {
            Some(key) => mask_pieces(text, key.expose_secret()),
            None => text.to_owned(),
        };
        let flat: String = mask_lookalikes(&without_key)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let flat = flat.trim();
        if flat.chars().count() <= max_chars {
            return flat.to_owned();
        }
        let mut cut: String = flat.chars().take(max_chars.saturating_sub(1)).collect();
        cut.push('…');
        cut
    }
}

/// Masks every place where `text` holds `key` or a piece of it, in upper or lower case.
fn mask_pieces(text: &str, key: &str) -> String {
    let (haystack, key) = (text.as_bytes(), key.as_bytes());
    let width = (key.len() / 2).clamp(*PIECE.start(), *PIECE.end()).min(key.len());
    let mut hit = vec![false; haystack.len()];
    for (start, window) in haystack.windows(width).enumerate() {
        if key.windows(width).any(|piece| piece.eq_ignore_ascii_case(window)) {
            hit[start..start + width].fill(true);
        }
    }
    // Keys are ASCII, so a hit never splits a character.
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if !hit[at] {
            out.push(c);
        } else if at == 0 || !hit[at - 1] {
            out.push_str(MASK);
        }
    }
    out
}

/// Masks every word that begins like a key and goes on for a while.
fn mask_lookalikes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut inside_word = false;
    while let Some(c) = rest.chars().next() {
        if !inside_word && let Some(length) = lookalike(rest) {
            out.push_str(MASK);
            rest = &rest[length..];
            continue;
        }
        inside_word = c.is_ascii_alphanumeric();
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The length of the key-like word at the start of `text`.
fn lookalike(text: &str) -> Option<usize> {
    let prefix = PREFIXES.iter().find(|prefix| text.starts_with(**prefix))?;
    let tail = text[prefix.len()..]
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"-_.*~+/=".contains(b))
        .count();
    (tail >= LOOKALIKE_TAIL).then_some(prefix.len() + tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-proj-Canary0123456789abcdef";

    fn redactor(key: &str) -> Redactor {
        Redactor::new(&ApiKey::parse(key.into()).unwrap())
    }

    #[test]
    fn the_key_in_use_never_comes_through() {
        let redactor = redactor(KEY);
        let cases = [
            (format!("Incorrect API key provided: {KEY}."), "whole"),
            (format!("{{\"auth\":\"Bearer {KEY}\"}}"), "in a header"),
            (KEY.to_uppercase(), "in capitals"),
            (format!("…{}", &KEY[..14]), "cut at its end"),
            (format!("{}…", &KEY[14..]), "cut at its start"),
            (format!("{KEY}{KEY}"), "twice"),
            (format!("url?key={KEY}&x=1"), "in a query"),
            (format!("a{KEY}z"), "inside a word"),
        ];
        for (text, how) in cases {
            let shown = redactor.detail(&text).to_lowercase();
            assert!(shown.contains(MASK), "{how}: {shown}");
            for piece in KEY.to_lowercase().as_bytes().windows(*PIECE.end()) {
                let piece = std::str::from_utf8(piece).unwrap();
                assert!(!shown.contains(piece), "{how}: {shown} holds {piece}");
            }
        }
    }

    #[test]
    fn a_key_without_any_known_form_is_found_too() {
        assert_eq!(
            redactor("p4ss").detail("the key p4ss is wrong"),
            "the key [redacted] is wrong"
        );
        assert_eq!(
            redactor("0123456789abcdefghij").detail("got 0123456789abcdefghij"),
            "got [redacted]"
        );
    }

    #[test]
    fn other_peoples_keys_are_taken_out_by_their_form() {
        let redactor = redactor("unrelated-key-in-use");
        for other in [
            "sk-ant-api03-abcdefghijkl",
            "sk-or-v1-0123456789abcdef",
            "AIzaSyA1234567890",
            "AQ.Ab8RN6abcdefgh",
            "gsk_abcdefghijkl",
            "xai-abcdefghijkl",
            "Bearer abcdefghijkl",
            "sk-abcd********wxyz",
        ] {
            assert_eq!(
                redactor.detail(&format!("key '{other}' failed")),
                "key '[redacted]' failed"
            );
        }
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        let redactor = redactor(KEY);
        for text in [
            "The model `gpt-9` does not exist or you do not have access to it.",
            "task-based limits: risk-free; disk-usage-is-high; desk-and-chair-set",
            "Zu viele Anfragen — später wieder …",
            "sk-short",
        ] {
            assert_eq!(redactor.detail(text), text);
        }
    }

    #[test]
    fn long_text_is_cut_and_control_characters_are_flattened() {
        let redactor = redactor(KEY);
        let shown = redactor.detail(&"ä".repeat(1_000));
        assert_eq!(shown.chars().count(), DETAIL_CHARS);
        assert!(shown.ends_with('…'));
        assert_eq!(redactor.detail("one\r\ntwo\u{1b}[31m"), "one  two [31m");
        assert_eq!(redactor.label(&"r".repeat(500)).chars().count(), LABEL_CHARS);
    }
}
