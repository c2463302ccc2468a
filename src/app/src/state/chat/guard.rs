//! Whether a message may leave although it holds a key, and what it is without one. Pure: the text comes in.

use marshmallow_core::{ApiKey, Leak, Recognition, find_keys};

/// What stands in the place of a key that was taken out of a message.
const GAP: &str = "[key]";

/// The keys that hold a message back; none once its author has confirmed exactly this text.
pub fn held_keys(text: &str, confirmed: Option<&str>) -> Vec<Leak> {
    if confirmed == Some(text) {
        Vec::new()
    } else {
        find_keys(text)
    }
}

/// The message without its keys; empty if it was nothing else.
pub fn without_keys(text: &str) -> String {
    let mut rest = text;
    let mut clean = String::with_capacity(text.len());
    let mut has_words = false;
    while let Some(leak) = find_keys(rest).into_iter().next() {
        let before = &rest[..leak.range.start];
        has_words |= !before.trim().is_empty();
        clean.push_str(before);
        clean.push_str(GAP);
        rest = &rest[leak.range.end..];
    }
    has_words |= !rest.trim().is_empty();
    clean.push_str(rest);
    if has_words { clean } else { String::new() }
}

/// The first key of a message, for the form that stores keys.
pub fn first_key(text: &str) -> Option<ApiKey> {
    let leak = find_keys(text).into_iter().next()?;
    ApiKey::parse(text[leak.range].to_owned()).ok()
}

/// What was found, in a sentence: "This message holds a key of OpenAI (…x3Fa)."
pub fn told(text: &str, keys: &[Leak]) -> String {
    let names: Vec<String> = keys
        .iter()
        .map(|leak| {
            let key = &text[leak.range.clone()];
            let end = &key[key.len() - 4..];
            match leak.recognition {
                Recognition::Key(owner, _) => format!("a key of {owner} (…{end})"),
                Recognition::Foreign(service) => format!("a key of {service} (…{end})"),
                Recognition::Ambiguous | Recognition::Unknown => format!("an API key (…{end})"),
            }
        })
        .collect();
    format!("This message holds {}.", names.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-proj-simvalid-0123456789-x3Fa";
    const OTHER: &str = "sk-ant-api03-simvalid-0123456789-9Kd2";

    #[test]
    fn a_confirmation_is_for_one_text_only() {
        let text = format!("My key: {KEY}");
        assert_eq!(held_keys(&text, None).len(), 1);
        assert!(held_keys(&text, Some(&text)).is_empty());
        assert_eq!(held_keys(&format!("{text}!"), Some(&text)).len(), 1);
    }

    #[test]
    fn a_message_loses_its_keys_and_nothing_else() {
        let text = format!("Is {KEY} 🦔 or {OTHER}\nbetter?");
        assert_eq!(without_keys(&text), "Is [key] 🦔 or [key]\nbetter?");
        assert_eq!(without_keys(&format!(" {KEY}\n{OTHER} ")), "");
        assert_eq!(without_keys("No key here."), "No key here.");
        assert_eq!(first_key(&text).unwrap().expose_secret(), KEY);
    }

    #[test]
    fn what_was_found_is_named_by_its_end_only() {
        let text = format!("{KEY} {OTHER}");
        let told = told(&text, &find_keys(&text));
        assert_eq!(
            told,
            "This message holds a key of OpenAI (…x3Fa) and a key of Anthropic (…9Kd2)."
        );
    }
}
