//! Server-sent events as text, and the frames that a stream consists of. Knows no provider and no network.

use serde_json::Value;

/// A word to be cut within; its last character has four bytes.
pub(crate) const CUT_WORD: &str = "cut🪓";

/// One thing that the transport does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Sent at once.
    Now(String),
    /// Sent after the pause between two words.
    Word(String),
    /// Silence for ever.
    Stall,
    /// After the pause between two words these bytes, and then the connection is cut.
    Cut(Vec<u8>),
}

/// An event without a name.
pub(crate) fn data(value: &Value) -> String {
    format!("data: {value}\n\n")
}

/// An event with a name.
pub(crate) fn named(name: &str, value: &Value) -> String {
    format!("event: {name}\n{}", data(value))
}

/// The event with its JSON broken off in the middle, still framed as an event.
pub(crate) fn broken(event: &str) -> String {
    let start = event.find('{').unwrap_or_default();
    let mut middle = start + (event.len() - start) / 2;
    while !event.is_char_boundary(middle) {
        middle -= 1;
    }
    format!("{}\n\n", event[..middle].trim_end())
}

/// The beginning of an event that says [`CUT_WORD`], up to the middle of the word's last character.
pub(crate) fn cut(event: &str) -> Vec<u8> {
    let end = event
        .find(CUT_WORD)
        .map_or(event.len(), |start| start + CUT_WORD.len() - 2);
    event.as_bytes()[..end].to_vec()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_end_with_a_blank_line() {
        assert_eq!(data(&json!({"a": 1})), "data: {\"a\":1}\n\n");
        assert_eq!(named("ping", &json!({})), "event: ping\ndata: {}\n\n");
    }

    #[test]
    fn a_broken_event_is_an_event_whose_json_is_not() {
        let event = broken(&named("delta", &json!({"text": "a 🍡 word"})));
        let json = event
            .strip_prefix("event: delta\ndata: ")
            .and_then(|rest| rest.strip_suffix("\n\n"))
            .unwrap();
        assert!(json.starts_with("{\"te"), "{json}");
        assert!(serde_json::from_str::<Value>(json).is_err());
    }

    #[test]
    fn a_cut_falls_within_a_character() {
        let bytes = cut(&data(&json!({"text": CUT_WORD})));
        assert!(bytes.starts_with(b"data: {\"text\":\"cut"));
        let error = std::str::from_utf8(&bytes).unwrap_err();
        assert_eq!(error.error_len(), None, "the input ended within a character");
        assert_eq!(bytes.len() - error.valid_up_to(), 2);
    }
}
