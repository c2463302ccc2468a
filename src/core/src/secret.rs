//! `ApiKey`, the only form in which a provider's key exists in memory.
//! It refuses to be cloned, serialised, compared or printed.

use std::fmt;

use zeroize::Zeroizing;

use crate::limits::LIMITS;

/// A provider key as a person typed it, trimmed. Wiped from memory when dropped.
pub struct ApiKey(Zeroizing<String>);

/// Why a text cannot be a key of any provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyError {
    /// Nothing but white space.
    #[error("no key was entered")]
    Empty,
    /// White space or a control character inside.
    #[error("the key has a space or a line break inside")]
    InnerSpace,
    /// Shorter than any provider's keys.
    #[error("this is too short for a key")]
    TooShort,
    /// Longer than any provider's keys.
    #[error("this is too long for a key")]
    TooLong,
    /// Characters that cannot travel in an HTTP header.
    #[error("the key has characters that no provider uses")]
    NotAscii,
}

impl ApiKey {
    /// Takes a typed text: trims it and refuses what cannot be sent as a header.
    /// The text handed in is wiped. Formats are hints: nothing is refused for a new length or alphabet.
    pub fn parse(typed: String) -> Result<Self, ApiKeyError> {
        let typed = Zeroizing::new(typed);
        let key = typed.trim();
        if key.is_empty() {
            return Err(ApiKeyError::Empty);
        }
        if key.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(ApiKeyError::InnerSpace);
        }
        if !key.is_ascii() {
            return Err(ApiKeyError::NotAscii);
        }
        if key.len() < LIMITS.key_min_chars {
            return Err(ApiKeyError::TooShort);
        }
        if key.len() > LIMITS.key_max_chars {
            return Err(ApiKeyError::TooLong);
        }
        Ok(Self(Zeroizing::new(key.to_owned())))
    }

    /// The key itself: for the cipher and for the HTTP client's header, nowhere else.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }

    /// The last four characters, which its owner may see again.
    pub fn last_four(&self) -> String {
        let start = self.0.len().saturating_sub(4);
        self.0[start..].to_owned()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_key_loses_its_outer_white_space() {
        let key = ApiKey::parse("  sk-proj-abcdef123456\n".into()).unwrap();
        assert_eq!(key.expose_secret(), "sk-proj-abcdef123456");
        assert_eq!(key.last_four(), "3456");
    }

    #[test]
    fn debug_says_nothing() {
        let key = ApiKey::parse("sk-proj-abcdef123456".into()).unwrap();
        assert_eq!(format!("{key:?}"), "ApiKey(redacted)");
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_with_its_reason() {
        let refused = |typed: &str| ApiKey::parse(typed.to_owned()).unwrap_err();
        assert_eq!(refused("  "), ApiKeyError::Empty);
        assert_eq!(refused("sk-proj abcdef123456"), ApiKeyError::InnerSpace);
        assert_eq!(refused("sk-proj\nabcdef123456"), ApiKeyError::InnerSpace);
        assert_eq!(refused("abc"), ApiKeyError::TooShort);
        assert_eq!(refused(&"k".repeat(5_000)), ApiKeyError::TooLong);
        assert_eq!(refused("sk-proj-äöü-abcdef"), ApiKeyError::NotAscii);
    }
}
