//! The models that an endpoint listed for a key, as they are kept beside the key.
//! They are what a key can call; the catalogue only adds names and prices.

use marshmallow_core::{Abilities, Price};
use marshmallow_providers::ListedModel;
use serde::{Deserialize, Serialize};

/// A listed model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    /// The endpoint's own name of it.
    pub id: String,
    /// The name for people, where the endpoint tells one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Context length in tokens, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<u64>,
    /// The price, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// What it can do, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abilities: Option<Abilities>,
}

impl From<&ListedModel> for Listed {
    fn from(model: &ListedModel) -> Self {
        Self {
            id: model.id.clone(),
            title: model.title.clone(),
            context: model.context,
            price: model.price,
            abilities: model.abilities,
        }
    }
}

/// The form in which the list is kept.
pub(crate) fn to_json(models: &[ListedModel]) -> String {
    let listed: Vec<Listed> = models.iter().map(Listed::from).collect();
    serde_json::to_string(&listed).unwrap_or_else(|_| "[]".to_owned())
}

/// The kept list; empty where nothing readable is kept.
pub(crate) fn from_json(json: Option<&str>) -> Vec<Listed> {
    json.and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default()
}

/// How many models the kept list has.
pub(crate) fn count(json: &str) -> u32 {
    u32::try_from(from_json(Some(json)).len()).unwrap_or(u32::MAX)
}
