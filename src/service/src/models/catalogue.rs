//! The vendored catalogue: names, prices, limits and abilities of known models, as of a stated day.
//! It refuses to invent: a model that is not in it has no price.

use std::{collections::HashMap, sync::LazyLock};

use marshmallow_core::{Abilities, Price, Provider};
use serde::Deserialize;

/// The catalogue that this build carries.
pub(crate) static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::parse(include_str!("../../data/catalogue.json")));

/// A model of the catalogue.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Known {
    provider: Provider,
    /// The provider's own name of it.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Context length in tokens.
    pub context: Option<u64>,
    /// The most tokens that one answer may have.
    pub max_output: Option<u32>,
    price: Option<Listing>,
    #[serde(default)]
    vision: bool,
    #[serde(default)]
    tools: bool,
    #[serde(default)]
    reasoning: bool,
    #[serde(default)]
    released: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

/// A price as the list has it: any part may be unknown.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Listing {
    input: Option<i64>,
    cached_input: Option<i64>,
    cache_write: Option<i64>,
    output: Option<i64>,
}

impl Known {
    /// Its price; none where the list knows only a part of it.
    pub fn price(&self) -> Option<Price> {
        let listing = self.price?;
        Some(Price {
            input: listing.input?,
            cached_input: listing.cached_input,
            cache_write: listing.cache_write,
            output: listing.output?,
        })
    }

    fn is_retired(&self) -> bool {
        self.status.as_deref() == Some("deprecated")
    }

    /// What it can do beyond text.
    pub fn abilities(&self) -> Abilities {
        Abilities {
            vision: self.vision,
            tools: self.tools,
            reasoning: self.reasoning,
        }
    }
}

#[derive(Deserialize)]
struct Document {
    as_of: String,
    models: Vec<Known>,
}

/// All known models, by provider and name.
pub(crate) struct Catalogue {
    /// The day of the price list, `YYYY-MM-DD`.
    pub as_of: String,
    by_provider: HashMap<Provider, Vec<Known>>,
}

impl Catalogue {
    fn parse(json: &str) -> Self {
        let document: Document = serde_json::from_str(json).unwrap_or_else(|error| {
            tracing::error!(%error, "the catalogue cannot be read; no model has a price");
            Document {
                as_of: String::new(),
                models: Vec::new(),
            }
        });
        let mut by_provider: HashMap<Provider, Vec<Known>> = HashMap::new();
        for model in document.models {
            by_provider.entry(model.provider).or_default().push(model);
        }
        Self {
            as_of: document.as_of,
            by_provider,
        }
    }

    /// The models of a provider that are not being retired, newest first.
    pub fn newest_of(&self, provider: Provider) -> Vec<&Known> {
        let mut models: Vec<&Known> = self
            .by_provider
            .get(&provider)
            .into_iter()
            .flatten()
            .filter(|model| !model.is_retired())
            .collect();
        models.sort_by(|a, b| b.released.cmp(&a.released));
        models
    }

    /// The model of this name: exactly, or without the date that a provider puts behind a snapshot's name.
    pub fn find(&self, provider: Provider, id: &str) -> Option<&Known> {
        let models = self.by_provider.get(&provider)?;
        let named = |name: &str| models.iter().find(|model| model.id == name);
        named(id).or_else(|| named(without_date(id)?))
    }
}

/// `name` without a date at its end (`-20250929`, `-2024-08-06`); none where there is none.
pub(crate) fn without_date(name: &str) -> Option<&str> {
    let is_number =
        |part: &str, digits: usize| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
    let (front, last) = name.rsplit_once('-')?;
    if is_number(last, 8) {
        return Some(front);
    }
    let (front, month) = front.rsplit_once('-')?;
    let (front, year) = front.rsplit_once('-')?;
    (is_number(last, 2) && is_number(month, 2) && is_number(year, 4)).then_some(front)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendored_catalogue_is_readable_and_says_its_day() {
        assert_eq!(CATALOGUE.as_of.len(), 10);
        for provider in [
            Provider::OpenAi,
            Provider::Anthropic,
            Provider::Google,
            Provider::OpenRouter,
        ] {
            assert!(!CATALOGUE.newest_of(provider).is_empty(), "{provider}");
        }
    }

    #[test]
    fn a_snapshot_has_the_price_of_its_model() {
        let catalogue = Catalogue::parse(
            r#"{"as_of":"2026-01-01","models":[{"provider":"anthropic","id":"claude-x-1","name":"X","context":1,
            "max_output":1,"price":{"input":1,"cached_input":null,"cache_write":null,"output":2}}]}"#,
        );
        assert!(
            catalogue
                .find(Provider::Anthropic, "claude-x-1-20260101")
                .unwrap()
                .price()
                .is_some()
        );
        assert!(catalogue.find(Provider::Anthropic, "claude-x-2").is_none());
        assert!(catalogue.find(Provider::OpenAi, "claude-x-1").is_none());
    }

    #[test]
    fn dates_are_told_from_versions() {
        assert_eq!(without_date("gpt-4o-2024-08-06"), Some("gpt-4o"));
        assert_eq!(
            without_date("claude-haiku-4-5-20251001"),
            Some("claude-haiku-4-5")
        );
        assert_eq!(without_date("claude-haiku-4-5"), None);
        assert_eq!(without_date("gpt-4"), None);
    }
}
