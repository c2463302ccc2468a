//! What may be typed when registering, with the sentence that says what to do otherwise.

use marshmallow_core::{LIMITS, PublicError};

/// An e-mail address as far as it can be told without sending to it: something, an at sign, a host.
pub fn email(typed: &str) -> Result<String, PublicError> {
    let email = typed.trim();
    let fits = email.len() <= LIMITS.email_max_bytes
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && matches!(email.split_once('@'), Some((local, host)) if !local.is_empty() && !host.is_empty() && !host.contains('@'));
    if fits {
        Ok(email.to_owned())
    } else {
        Err(PublicError::invalid(
            "This is not an e-mail address.",
            "Type it in the form name@example.org.",
        ))
    }
}

/// The name that a person goes by.
pub fn name(typed: &str) -> Result<String, PublicError> {
    let name = typed.trim();
    let length = name.chars().count();
    if length == 0 || length > LIMITS.name_max_chars || name.chars().any(char::is_control) {
        return Err(PublicError::invalid(
            "This name cannot be used.",
            format!("Type a name of 1 to {} characters.", LIMITS.name_max_chars),
        ));
    }
    Ok(name.to_owned())
}

/// A password to be set: long enough, and neither the address nor the name (NIST SP 800-63B-4, 3.1.1.2).
pub fn new_password(typed: &str, email: &str, name: &str) -> Result<(), PublicError> {
    if typed.chars().count() < LIMITS.password_min_chars {
        return Err(PublicError::invalid(
            "This password is too short.",
            format!(
                "Use at least {} characters; a few words in a row are fine.",
                LIMITS.password_min_chars
            ),
        ));
    }
    if typed.len() > LIMITS.password_max_bytes {
        return Err(PublicError::invalid(
            "This password is too long.",
            "Use a shorter one.",
        ));
    }
    let lower = typed.to_lowercase();
    let first = lower.chars().next();
    let is_one_character = lower.chars().all(|c| Some(c) == first);
    if lower == email.to_lowercase() || lower == name.to_lowercase() || is_one_character {
        return Err(PublicError::invalid(
            "This password is too easy to guess.",
            "Use one that has nothing to do with your name or address.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(email("  ana@example.org ").unwrap(), "ana@example.org");
        for wrong in [
            "",
            "ana",
            "@example.org",
            "ana@",
            "a@b@c",
            "a na@example.org",
            &format!("{}@x", "a".repeat(300)),
        ] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names() {
        assert_eq!(name(" Ana ").unwrap(), "Ana");
        assert!(name("  ").is_err());
        assert!(name("a\nb").is_err());
        assert!(name(&"a".repeat(81)).is_err());
    }

    #[test]
    fn passwords() {
        assert!(new_password("correct horse battery", "ana@example.org", "Ana").is_ok());
        assert!(new_password("short", "ana@example.org", "Ana").is_err());
        assert!(new_password("aaaaaaaaaaaaaaaa", "ana@example.org", "Ana").is_err());
        assert!(new_password("Ana@Example.org", "ana@example.org", "Ana").is_err());
        assert!(new_password(&"long ".repeat(1_000), "ana@example.org", "Ana").is_err());
    }
}
