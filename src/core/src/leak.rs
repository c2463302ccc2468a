//! Finds provider keys inside ordinary text, so that one is not sent to a model by mistake.
//! It keeps quiet about words that merely begin like a key: a long, mixed tail has to follow.

use std::{borrow::Cow, collections::BTreeSet, ops::Range};

use crate::{Recognition, recognise};

/// How keys begin, the fewest characters that follow, and whether the tail may have hyphens and underlines.
/// Bare `sk-` begins ordinary words too (`sk-learn-…`), so there only an unbroken tail counts.
const RULES: [(&str, usize, bool); 11] = [
    ("sk-ant-", 16, true),
    ("sk-or-", 16, true),
    ("sk-proj-", 16, true),
    ("sk-svcacct-", 16, true),
    ("sk-service-", 16, true),
    ("sk-admin-", 16, true),
    ("AIza", 24, true),
    ("AQ.", 16, true),
    ("gsk_", 20, false),
    ("xai-", 20, false),
    ("sk-", 20, false),
];

/// Fewest different characters of a tail. Placeholders such as `sk-proj-xxxx…` have fewer.
const VARIETY: usize = 8;

/// A key in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What its beginning says about it.
    pub recognition: Recognition,
}

/// The keys in `text`, in their order.
pub fn find_keys(text: &str) -> Vec<Leak> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let length = if text.is_char_boundary(at) && !is_inside_word(text, at) {
            key_at(&text[at..])
        } else {
            None
        };
        match length {
            Some(length) => {
                found.push(Leak {
                    range: at..at + length,
                    recognition: recognise(&text[at..at + length]),
                });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The text with a word in the place of each key, for logs and other places where nothing may be held back.
pub fn mask_keys(text: &str) -> Cow<'_, str> {
    let found = find_keys(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = text.to_owned();
    for leak in found.into_iter().rev() {
        masked.replace_range(leak.range, "[redacted]");
    }
    Cow::Owned(masked)
}

fn is_inside_word(text: &str, at: usize) -> bool {
    text[..at].ends_with(|c: char| c.is_alphanumeric())
}

/// The length of the key at the start of `text`.
fn key_at(text: &str) -> Option<usize> {
    RULES.iter().find_map(|&(prefix, least, may_break)| {
        let tail = text.strip_prefix(prefix)?;
        let length = tail
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || (may_break && matches!(b, b'-' | b'_')))
            .count();
        let tail = &tail[..length];
        let is_mixed =
            tail.bytes().any(|b| b.is_ascii_digit()) && tail.bytes().any(|b| b.is_ascii_alphabetic());
        let variety = tail.bytes().collect::<BTreeSet<_>>().len();
        (length >= least && is_mixed && variety >= VARIETY).then_some(prefix.len() + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeyShape, Provider};

    const KEYS: [&str; 9] = [
        "sk-proj-simvalid-0123456789-x3Fa",
        "sk-ant-api03-Ab3dEf6hIj9kLm2nOp5q_r8-tAA",
        "sk-ant-oat01-Ab3dEf6hIj9kLm2nOp5q",
        "sk-or-v1-0123456789abcdef0123456789abcdef",
        "AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
        "AQ.Ab8RN6LkJh2Gf4Ds6Qw8Er0T",
        "gsk_A1b2C3d4E5f6G7h8I9j0K1l2",
        "xai-A1b2C3d4E5f6G7h8I9j0K1l2",
        "sk-0123456789abcdef0123456789abcdef",
    ];

    #[test]
    fn a_key_is_found_wherever_it_stands() {
        for key in KEYS {
            for (before, after) in [
                ("", ""),
                ("My key is ", ", please use it."),
                ("OPENAI_API_KEY=", "\nNEXT=1"),
                ("curl -H \"Authorization: Bearer ", "\""),
                ("https://example.org/?key=", "&x=1"),
                ("(", ")"),
                ("Schlüssel für dich — ", " 🦔"),
            ] {
                let text = format!("{before}{key}{after}");
                let found = find_keys(&text);
                assert_eq!(found.len(), 1, "{text}");
                assert_eq!(&text[found[0].range.clone()], key);
            }
        }
    }

    #[test]
    fn several_keys_are_found_in_their_order() {
        let text = format!("{} and {}", KEYS[0], KEYS[1]);
        let found: Vec<_> = find_keys(&text)
            .into_iter()
            .map(|leak| leak.recognition)
            .collect();
        assert_eq!(
            found,
            [
                Recognition::Key(Provider::OpenAi, KeyShape::Chat),
                Recognition::Key(Provider::Anthropic, KeyShape::Chat)
            ]
        );
    }

    #[test]
    fn a_masked_text_holds_no_key() {
        let text = format!("{} and {}!", KEYS[0], KEYS[1]);
        assert_eq!(mask_keys(&text), "[redacted] and [redacted]!");
        assert!(matches!(mask_keys("sk-learn is a package"), Cow::Borrowed(_)));
    }

    #[test]
    fn ordinary_text_and_code_raise_no_alarm() {
        for text in [
            "",
            "How do I get an sk-proj- key? It begins with sk-ant-api03-…",
            "OPENAI_API_KEY=sk-proj-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "ANTHROPIC_API_KEY=sk-ant-api03-XXXXXXXXXXXXXXXXXXXXXXXXXXXX",
            "export OPENAI_API_KEY=sk-...",
            "use sk-learn-pipeline-with-version-2024-and-more in the desk-0123456789abcdef0123456789abcdef",
            "class=\"sk-circle12-fade-delay-animation-container\"",
            "sk-proj-your-api-key-goes-here-instead",
            "disk-usage task-0123456789abcdef0123456789 risk-free",
            "let AQ = 5; AQ.push_the_elements_of_the_list(3)",
            "commit 280179f5f0e1c9a4b7d3e2f1a0b9c8d7e6f5a4b3",
            "550e8400-e29b-41d4-a716-446655440000",
            "SK-PROJ-0123456789ABCDEF is not how keys are written",
            "日本語のテキスト sk-説明 と続く",
        ] {
            assert_eq!(find_keys(text), [], "{text}");
        }
    }
}
