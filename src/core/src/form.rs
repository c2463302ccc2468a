//! What the form of a typed text alone tells against it as a key, before anything is sent anywhere.
//! It refuses to judge length and alphabet: providers change them, and the provider's answer decides.

use crate::{Diagnosis, Finding, KeyShape, Provider, Recognition, recognise};

/// What stands in a text that is no whole key: how pages hide keys, and how examples show them.
const MASKS: [&str; 7] = ["...", "***", "•••", "xxxxxxxx", "XXXXXXXX", "<", "\""];

/// Beginnings that no key holds twice.
const BEGINNINGS: [&str; 5] = ["sk-ant-api", "sk-or-v1-", "sk-proj-", "sk-svcacct-", "AIzaSy"];

/// What is wrong with `typed` as a key of `chosen`, or of the provider that it names itself if none is chosen.
/// None where nothing is: then its provider is asked. A custom endpoint takes any text.
pub fn judge_form(typed: &str, chosen: Option<Provider>) -> Option<Finding> {
    if chosen == Some(Provider::Custom) {
        return None;
    }
    let typed = typed.trim();
    let found = |provider, diagnosis| Some(Finding::new(provider, diagnosis));
    let owner = match recognise(typed) {
        Recognition::Key(owner, KeyShape::Admin) => return found(owner, Diagnosis::AdminKey),
        Recognition::Key(owner, KeyShape::SignInToken) => return found(owner, Diagnosis::SignInToken),
        Recognition::Key(owner, _) => Some(owner),
        _ => None,
    };
    match (owner, chosen) {
        (Some(owner), Some(chosen)) if owner != chosen => found(owner, Diagnosis::OtherProvider),
        _ if is_broken(typed) => found(chosen.or(owner).unwrap_or(Provider::Custom), Diagnosis::Mistyped),
        _ => None,
    }
}

fn is_broken(typed: &str) -> bool {
    MASKS.iter().any(|mask| typed.contains(mask))
        || BEGINNINGS
            .iter()
            .any(|beginning| typed.matches(beginning).count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_tells_is_told_before_anything_is_sent() {
        use Provider::{Anthropic, Custom, Google, OpenAi, OpenRouter};
        let cases = [
            ("sk-proj-abcdef123456", None, None),
            ("sk-proj-abcdef123456", Some(OpenAi), None),
            ("a-new-form-of-2030", Some(Google), None),
            ("sk-admin-abc", Some(OpenAi), Some((OpenAi, Diagnosis::AdminKey))),
            ("sk-ant-admin01-abc", None, Some((Anthropic, Diagnosis::AdminKey))),
            (
                "sk-ant-oat01-abc",
                None,
                Some((Anthropic, Diagnosis::SignInToken)),
            ),
            (
                "sk-or-v1-abc",
                Some(OpenAi),
                Some((OpenRouter, Diagnosis::OtherProvider)),
            ),
            (
                "sk-proj-****abcd",
                Some(OpenAi),
                Some((OpenAi, Diagnosis::Mistyped)),
            ),
            ("sk-proj-***abcd", None, Some((OpenAi, Diagnosis::Mistyped))),
            (
                "sk-ant-api03-abc...xyz",
                None,
                Some((Anthropic, Diagnosis::Mistyped)),
            ),
            ("\"AIzaSyabc\"", Some(Google), Some((Google, Diagnosis::Mistyped))),
            (
                "sk-proj-abc1sk-proj-abc1",
                Some(OpenAi),
                Some((OpenAi, Diagnosis::Mistyped)),
            ),
            ("<your key>", None, Some((Custom, Diagnosis::Mistyped))),
            ("sk-ant-admin01-abc", Some(Custom), None),
            ("***", Some(Custom), None),
        ];
        for (typed, chosen, expected) in cases {
            let found = judge_form(typed, chosen).map(|found| (found.provider, found.diagnosis));
            assert_eq!(found, expected, "{typed} {chosen:?}");
        }
    }

    #[test]
    fn nothing_that_the_form_tells_is_stored() {
        for typed in ["sk-admin-a", "sk-ant-oat01-a", "sk-proj-***"] {
            let found = judge_form(typed, Some(Provider::Google)).unwrap();
            assert!(!found.diagnosis.may_be_stored(), "{typed}");
        }
    }
}
