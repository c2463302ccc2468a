//! Whether what stands in the composer may be sent, and the sentence that says why not.
//! It refuses to know the text field.

use marshmallow_core::LIMITS;

/// Bytes from which on the composer shows how much room is left.
const WARN_FROM: usize = LIMITS.message_max_bytes - LIMITS.message_max_bytes / 10;

/// The state of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draft {
    /// It may be sent.
    Ready,
    /// There is nothing but white space.
    Empty,
    /// It is longer than a message may be, by this many bytes.
    TooLong {
        /// Bytes above the limit.
        over: usize,
    },
    /// It holds a key, and nobody has confirmed that it goes along.
    HoldsKey,
    /// No model is chosen that a credential serves.
    NoModel,
}

impl Draft {
    /// Judges a text.
    pub fn judge(text: &str, has_model: bool, holds_key: bool) -> Self {
        if text.len() > LIMITS.message_max_bytes {
            Self::TooLong {
                over: text.len() - LIMITS.message_max_bytes,
            }
        } else if text.trim().is_empty() {
            Self::Empty
        } else if holds_key {
            Self::HoldsKey
        } else if !has_model {
            Self::NoModel
        } else {
            Self::Ready
        }
    }

    /// Why it cannot be sent; none when it can.
    pub fn reason(self) -> Option<String> {
        match self {
            Self::Ready => None,
            Self::Empty => Some("Type a message first.".into()),
            Self::TooLong { over } => Some(format!(
                "This message is {} too long. Shorten it, or send it in parts.",
                size(over)
            )),
            Self::HoldsKey => Some("This message holds an API key.".into()),
            Self::NoModel => Some("Choose a model that a key serves.".into()),
        }
    }
}

/// How much room is left, once that is worth knowing.
pub fn room_left(text: &str) -> Option<String> {
    (WARN_FROM..=LIMITS.message_max_bytes)
        .contains(&text.len())
        .then(|| format!("{} left", size(LIMITS.message_max_bytes - text.len())))
}

/// A size for people: bytes below a kilobyte, else kilobytes (1024 bytes) with one digit.
fn size(bytes: usize) -> String {
    if bytes < 1_024 {
        format!("{bytes} bytes")
    } else {
        format!("{}.{} kB", bytes / 1_024, bytes % 1_024 * 10 / 1_024)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_ready_only_with_text_a_model_and_room() {
        assert_eq!(Draft::judge("Hello", true, false), Draft::Ready);
        assert_eq!(Draft::judge(" \n\t ", true, false), Draft::Empty);
        assert_eq!(Draft::judge("Hello", false, false), Draft::NoModel);
        assert_eq!(Draft::judge("sk-…", false, true), Draft::HoldsKey);
        let longest = "x".repeat(LIMITS.message_max_bytes);
        assert_eq!(Draft::judge(&longest, true, false), Draft::Ready);
        assert_eq!(
            Draft::judge(&format!("{longest}é"), true, false),
            Draft::TooLong { over: 2 }
        );
    }

    #[test]
    fn every_draft_that_cannot_be_sent_says_why() {
        assert_eq!(Draft::Ready.reason(), None);
        for draft in [
            Draft::Empty,
            Draft::NoModel,
            Draft::HoldsKey,
            Draft::TooLong { over: 1_536 },
        ] {
            assert!(
                draft.reason().is_some_and(|reason| reason.ends_with('.')),
                "{draft:?}"
            );
        }
        assert!(
            Draft::TooLong { over: 1_536 }
                .reason()
                .is_some_and(|reason| reason.contains("1.5 kB"))
        );
    }

    #[test]
    fn the_room_is_told_near_the_limit_only() {
        assert_eq!(room_left("Hello"), None);
        let near = "x".repeat(LIMITS.message_max_bytes - 100);
        assert_eq!(room_left(&near).as_deref(), Some("100 bytes left"));
        assert_eq!(room_left(&"x".repeat(LIMITS.message_max_bytes + 1)), None);
    }
}
