//! What to say about a key while it is being typed. It refuses to judge: the provider's answer decides, and
//! nothing that is said here keeps a key from being sent there.

use marshmallow_core::{KeyShape, Provider, Recognition, recognise};

use crate::ui::Tone;

/// What to say beside the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hint {
    pub tone: Tone,
    pub text: String,
    /// The provider that the key belongs to, where another one is chosen.
    pub belongs_to: Option<Provider>,
}

/// A provider's name with its article: "an OpenAI", "a Google AI".
fn with_article(provider: Provider) -> String {
    let article = if provider.name().starts_with(['A', 'O']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {}", provider.name())
}

/// What the beginning of `typed` says, with `chosen` as the provider that the form is set to.
/// Nothing for an empty field and where nothing useful can be said.
pub(super) fn hint(typed: &str, chosen: Option<Provider>) -> Option<Hint> {
    if typed.trim().is_empty() {
        return None;
    }
    let hint = |tone, text: String, belongs_to| {
        Some(Hint {
            tone,
            text,
            belongs_to,
        })
    };
    match recognise(typed) {
        Recognition::Key(owner, KeyShape::Admin) => hint(
            Tone::Bad,
            format!("Looks like an administration key of {owner}. It cannot chat: make an API key instead."),
            None,
        ),
        Recognition::Key(owner, KeyShape::SignInToken) => hint(
            Tone::Bad,
            format!("Looks like a sign-in token of {owner}, not an API key. Make an API key instead."),
            None,
        ),
        Recognition::Key(owner, _) if chosen == Some(Provider::Custom) => hint(
            Tone::Warning,
            format!(
                "Looks like {} key. It would be sent to the address that you give here.",
                with_article(owner)
            ),
            Some(owner),
        ),
        Recognition::Key(owner, _) if chosen.is_some_and(|chosen| chosen != owner) => hint(
            Tone::Warning,
            format!("Looks like {} key.", with_article(owner)),
            Some(owner),
        ),
        Recognition::Key(owner, KeyShape::Retiring) => hint(
            Tone::Warning,
            format!("Looks like an older {owner} key. It still works, but {owner} is retiring this form."),
            None,
        ),
        Recognition::Key(owner, KeyShape::Chat) => hint(
            Tone::Good,
            format!("Looks like {} key.", with_article(owner)),
            None,
        ),
        Recognition::Foreign(_) if chosen == Some(Provider::Custom) => None,
        Recognition::Foreign(service) => hint(
            Tone::Warning,
            format!(
                "Looks like a key of {service}. Add it as a custom endpoint, with the address of {service}."
            ),
            Some(Provider::Custom),
        ),
        Recognition::Ambiguous if chosen.is_none() => hint(
            Tone::Info,
            "Several services use keys like this one. Choose whose it is.".to_owned(),
            None,
        ),
        Recognition::Unknown if chosen.is_none() => hint(
            Tone::Info,
            "Not recognised. Choose whose key it is.".to_owned(),
            None,
        ),
        Recognition::Ambiguous | Recognition::Unknown => None,
    }
}

/// The provider that a typed key settles by itself.
pub(super) fn owner(typed: &str) -> Option<Provider> {
    match recognise(typed) {
        Recognition::Key(owner, _) => Some(owner),
        Recognition::Foreign(_) => Some(Provider::Custom),
        Recognition::Ambiguous | Recognition::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(typed: &str, chosen: Option<Provider>) -> (Tone, String, Option<Provider>) {
        let hint = hint(typed, chosen).unwrap();
        (hint.tone, hint.text, hint.belongs_to)
    }

    #[test]
    fn a_known_key_is_named_with_its_article() {
        assert_eq!(
            said("sk-ant-api03-abc", None),
            (Tone::Good, "Looks like an Anthropic key.".into(), None)
        );
        assert_eq!(
            said("AQ.abc", Some(Provider::Google)).1,
            "Looks like a Google AI key."
        );
    }

    #[test]
    fn a_key_in_the_wrong_place_offers_the_right_one() {
        assert_eq!(
            said("sk-or-v1-abc", Some(Provider::OpenAi)),
            (
                Tone::Warning,
                "Looks like an OpenRouter key.".into(),
                Some(Provider::OpenRouter)
            )
        );
        let (tone, text, belongs_to) = said("sk-proj-abc", Some(Provider::Custom));
        assert_eq!((tone, belongs_to), (Tone::Warning, Some(Provider::OpenAi)));
        assert!(text.contains("would be sent to the address"), "{text}");
    }

    #[test]
    fn keys_that_cannot_chat_are_called_so_wherever_they_are_pasted() {
        for chosen in [None, Some(Provider::OpenAi), Some(Provider::Custom)] {
            assert_eq!(said("sk-admin-abc", chosen).0, Tone::Bad);
            assert_eq!(said("sk-ant-oat01-abc", chosen).0, Tone::Bad);
        }
    }

    #[test]
    fn googles_retiring_form_is_a_warning() {
        assert_eq!(said("AIzaSyabc", Some(Provider::Google)).0, Tone::Warning);
    }

    #[test]
    fn foreign_keys_lead_to_the_custom_endpoints() {
        assert_eq!(said("gsk_abc", None).2, Some(Provider::Custom));
        assert_eq!(hint("gsk_abc", Some(Provider::Custom)), None);
        assert_eq!(owner("gsk_abc"), Some(Provider::Custom));
    }

    #[test]
    fn nothing_is_said_where_nothing_helps() {
        assert_eq!(hint("  ", None), None);
        assert_eq!(hint("whatever", Some(Provider::Custom)), None);
        assert_eq!(hint("sk-0123456789", Some(Provider::OpenAi)), None);
        assert_eq!(said("sk-0123456789", None).0, Tone::Info);
        assert_eq!(owner("sk-0123456789"), None);
    }
}
