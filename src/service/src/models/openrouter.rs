//! The same model under OpenRouter's name. OpenRouter writes `provider/model` as we do, but without the
//! date of a snapshot, and with a point where Anthropic's own names have a hyphen between numbers.

use marshmallow_core::{ModelId, Provider};

use super::{
    catalogue::{CATALOGUE, without_date},
    listed::Listed,
};

/// OpenRouter's name of `model`, if it offers it: by the list that the key got, else by the catalogue.
pub(crate) fn openrouter_name(model: &ModelId, listed: &[Listed]) -> Option<String> {
    if !matches!(
        model.endpoint.provider(),
        Provider::OpenAi | Provider::Anthropic | Provider::Google
    ) {
        return None;
    }
    let offered = |name: &String| {
        if listed.is_empty() {
            CATALOGUE
                .find(Provider::OpenRouter, name)
                .is_some_and(|known| known.id == *name)
        } else {
            listed.iter().any(|entry| entry.id == *name)
        }
    };
    let undated = without_date(&model.name).unwrap_or(&model.name);
    [model.name.clone(), undated.to_owned(), with_point(undated)]
        .into_iter()
        .map(|name| format!("{}/{name}", model.endpoint))
        .find(offered)
}

/// `claude-sonnet-4-5` as `claude-sonnet-4.5`: the last hyphen between two digits becomes a point.
fn with_point(name: &str) -> String {
    let bytes = name.as_bytes();
    let between_digits =
        |&at: &usize| bytes[at] == b'-' && bytes[at - 1].is_ascii_digit() && bytes[at + 1].is_ascii_digit();
    match (1..bytes.len().saturating_sub(1)).rev().find(between_digits) {
        Some(at) => format!("{}.{}", &name[..at], &name[at + 1..]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(ids: &[&str]) -> Vec<Listed> {
        let entry = |id: &&str| Listed {
            id: (*id).to_owned(),
            title: None,
            context: None,
            price: None,
            abilities: None,
        };
        ids.iter().map(entry).collect()
    }

    #[test]
    fn a_snapshot_is_found_under_openrouters_name() {
        let list = listed(&[
            "anthropic/claude-sonnet-4.5",
            "openai/gpt-5-mini",
            "google/gemini-2.5-flash",
        ]);
        let name = |id: &str| openrouter_name(&id.parse().unwrap(), &list);
        assert_eq!(
            name("anthropic/claude-sonnet-4-5-20250929").as_deref(),
            Some("anthropic/claude-sonnet-4.5")
        );
        assert_eq!(name("openai/gpt-5-mini").as_deref(), Some("openai/gpt-5-mini"));
        assert_eq!(
            name("google/gemini-2.5-flash").as_deref(),
            Some("google/gemini-2.5-flash")
        );
        assert_eq!(name("openai/gpt-9"), None);
        assert_eq!(name("ollama/gpt-5-mini"), None);
    }
}
