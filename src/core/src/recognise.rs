//! Tells from a key's first characters whose it is. A hint for people and a catch for mix-ups:
//! the provider's own answer decides, so nothing is refused for its length or alphabet.

use crate::Provider;

/// What the beginning of a text says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognition {
    /// Looks like a key of this provider.
    Key(Provider, KeyShape),
    /// Looks like a key of a service that is not in the list of providers: its name.
    Foreign(&'static str),
    /// `sk-` and nothing more: OpenAI's old form, but others use it too.
    Ambiguous,
    /// Nothing known.
    Unknown,
}

/// What kind of key its form suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyShape {
    /// A key that can chat.
    Chat,
    /// Google's older form, which Google is retiring.
    Retiring,
    /// An administration key, which cannot chat.
    Admin,
    /// A subscription's sign-in token, which is not an API key.
    SignInToken,
}

/// Looks at the beginning of `typed`, longest known prefix first
/// (prefixes: providers' own pages and the open rule sets of secret scanners, October 2026).
pub fn recognise(typed: &str) -> Recognition {
    use KeyShape::{Admin, Chat, Retiring, SignInToken};
    use Recognition::{Foreign, Key};

    const PREFIXES: &[(&str, Recognition)] = &[
        ("sk-ant-admin", Key(Provider::Anthropic, Admin)),
        ("sk-ant-oat", Key(Provider::Anthropic, SignInToken)),
        ("sk-ant-", Key(Provider::Anthropic, Chat)),
        ("sk-or-", Key(Provider::OpenRouter, Chat)),
        ("sk-admin-", Key(Provider::OpenAi, Admin)),
        ("sk-proj-", Key(Provider::OpenAi, Chat)),
        ("sk-svcacct-", Key(Provider::OpenAi, Chat)),
        ("sk-service-", Key(Provider::OpenAi, Chat)),
        ("AQ.", Key(Provider::Google, Chat)),
        ("AIza", Key(Provider::Google, Retiring)),
        ("gsk_", Foreign("Groq")),
        ("xai-", Foreign("xAI")),
    ];

    let typed = typed.trim();
    if let Some((_, found)) = PREFIXES.iter().find(|(prefix, _)| typed.starts_with(prefix)) {
        return *found;
    }
    if typed.starts_with("sk-") {
        // OpenAI marks its keys with the base64 of its name in the middle.
        if typed.contains("T3BlbkFJ") {
            Key(Provider::OpenAi, Chat)
        } else {
            Recognition::Ambiguous
        }
    } else {
        Recognition::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_recognised_by_their_beginning() {
        use KeyShape::*;
        let cases = [
            ("sk-ant-api03-abc", Recognition::Key(Provider::Anthropic, Chat)),
            ("sk-ant-admin01-abc", Recognition::Key(Provider::Anthropic, Admin)),
            (
                "sk-ant-oat01-abc",
                Recognition::Key(Provider::Anthropic, SignInToken),
            ),
            ("sk-or-v1-0123", Recognition::Key(Provider::OpenRouter, Chat)),
            ("sk-proj-abc", Recognition::Key(Provider::OpenAi, Chat)),
            ("sk-svcacct-abc", Recognition::Key(Provider::OpenAi, Chat)),
            ("sk-admin-abc", Recognition::Key(Provider::OpenAi, Admin)),
            ("sk-abcT3BlbkFJabc", Recognition::Key(Provider::OpenAi, Chat)),
            ("  AQ.abc", Recognition::Key(Provider::Google, Chat)),
            ("AIzaSyabc", Recognition::Key(Provider::Google, Retiring)),
            ("gsk_abc", Recognition::Foreign("Groq")),
            ("xai-abc", Recognition::Foreign("xAI")),
            ("sk-0123456789abcdef", Recognition::Ambiguous),
            ("hello", Recognition::Unknown),
            ("", Recognition::Unknown),
        ];
        for (typed, expected) in cases {
            assert_eq!(recognise(typed), expected, "{typed}");
        }
    }
}
