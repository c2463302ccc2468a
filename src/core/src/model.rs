//! Models: their names, abilities, and whose key would serve them for the person who looks.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{CredentialLabel, EndpointName, Price};

/// A model's name as people see it: `provider/model`, or `endpoint/model` for a custom endpoint.
/// The part behind the first slash is the provider's own name and may hold more slashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelId {
    /// The endpoint that answers.
    pub endpoint: EndpointName,
    /// The endpoint's own name of the model.
    pub name: String,
}

/// Why a text is no model name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a model is named provider/model")]
pub struct ModelIdError;

impl FromStr for ModelId {
    type Err = ModelIdError;

    fn from_str(text: &str) -> Result<Self, ModelIdError> {
        let (endpoint, name) = text.split_once('/').ok_or(ModelIdError)?;
        let fits = (1..=200).contains(&name.len()) && name.chars().all(|c| c.is_ascii_graphic());
        if !fits {
            return Err(ModelIdError);
        }
        Ok(Self {
            endpoint: endpoint.parse().map_err(|_| ModelIdError)?,
            name: name.to_owned(),
        })
    }
}

impl TryFrom<String> for ModelId {
    type Error = ModelIdError;

    fn try_from(text: String) -> Result<Self, ModelIdError> {
        text.parse()
    }
}

impl From<ModelId> for String {
    fn from(id: ModelId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.endpoint, self.name)
    }
}

/// What a model can do beyond text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Abilities {
    /// Reads pictures.
    pub vision: bool,
    /// Calls tools.
    pub tools: bool,
    /// Reasons before it answers.
    pub reasoning: bool,
}

/// A row of the model selector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelChoice {
    /// Its name.
    pub id: ModelId,
    /// The name for people; the provider's own name where the catalogue has none.
    pub title: String,
    /// Context length in tokens, where known.
    pub context: Option<u64>,
    /// Its price, where known.
    pub price: Option<Price>,
    /// What it can do.
    pub abilities: Abilities,
    /// The credential that would serve it now; none when it needs a key.
    pub credential: Option<CredentialLabel>,
}

/// What the model selector shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModelSelection {
    /// The models: those that a credential serves first, own keys before others, then by price.
    pub choices: Vec<ModelChoice>,
    /// The model for a new conversation: the one chosen last, else the first that a credential serves.
    pub preferred: Option<ModelId>,
    /// The day of the price list, `YYYY-MM-DD`.
    pub prices_as_of: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_splits_at_the_first_slash() {
        let id: ModelId = "openrouter/meta-llama/llama-3:free".parse().unwrap();
        assert_eq!(id.endpoint.as_str(), "openrouter");
        assert_eq!(id.name, "meta-llama/llama-3:free");
        assert_eq!(id.to_string(), "openrouter/meta-llama/llama-3:free");
    }

    #[test]
    fn what_is_no_name_is_refused_also_when_it_is_deserialised() {
        for wrong in [
            "",
            "gpt",
            "/gpt",
            "openai/",
            "Open AI/gpt",
            "openai/a b",
            &format!("openai/{}", "x".repeat(300)),
        ] {
            assert_eq!(wrong.parse::<ModelId>(), Err(ModelIdError), "{wrong}");
            assert!(serde_json::from_value::<ModelId>(wrong.into()).is_err());
        }
    }
}
