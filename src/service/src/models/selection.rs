//! The rows of the model selector, from a person's credentials and the catalogue. Pure.

use std::collections::BTreeMap;

use marshmallow_core::{CredentialKind, CredentialLabel, ModelChoice, ModelId, Provider};

use super::{
    catalogue::{CATALOGUE, Known},
    listed::Listed,
};
use crate::credentials::{Wallet, models_of};

/// How many models of a provider without a key are shown as what a key would open.
const NEEDS_A_KEY: usize = 8;

/// All rows: own keys first, then OpenRouter's, then the platform's, then what needs a key; each by price.
pub(super) fn choices(wallet: &Wallet) -> Vec<ModelChoice> {
    let mut rows: BTreeMap<ModelId, ModelChoice> = BTreeMap::new();
    // Asked where turns ask, so that what is shown here is what pays there.
    let served = |id: &ModelId| wallet.resolve(id).first();
    let usable = wallet
        .own
        .iter()
        .filter(|(record, _)| record.status.may_serve() && !record.is_over(wallet.at));
    for (record, listed) in usable.clone() {
        for model in models_of(record.provider, listed) {
            let id = ModelId {
                endpoint: record.endpoint.clone(),
                name: model.id.clone(),
            };
            rows.entry(id)
                .or_insert_with_key(|id| row(id, &model, served(id)));
        }
    }
    for platform in &wallet.platform {
        for model in platform.models() {
            let id = ModelId {
                endpoint: platform.endpoint.clone(),
                name: model.id.clone(),
            };
            rows.entry(id)
                .or_insert_with_key(|id| row(id, &model, served(id)));
        }
    }
    for provider in [Provider::OpenAi, Provider::Anthropic, Provider::Google] {
        let has_key = usable.clone().any(|(record, _)| record.provider == provider);
        if has_key {
            continue;
        }
        for known in CATALOGUE.newest_of(provider).into_iter().take(NEEDS_A_KEY) {
            let id = ModelId {
                endpoint: provider.into(),
                name: known.id.clone(),
            };
            // The platform serves what it lists, and that has its row already.
            rows.entry(id).or_insert_with_key(|id| {
                let via = served(id).filter(|label| label.kind == CredentialKind::OpenRouter);
                row(id, &Listed::from(known), via)
            });
        }
    }
    let mut rows: Vec<ModelChoice> = rows.into_values().collect();
    rows.sort_by_cached_key(|row| (rank(row.credential.as_ref()), price_rank(row), row.id.clone()));
    rows
}

fn row(id: &ModelId, model: &Listed, credential: Option<CredentialLabel>) -> ModelChoice {
    let known = CATALOGUE.find(id.endpoint.provider(), &id.name);
    let title = model
        .title
        .clone()
        .or_else(|| known.map(|known| known.name.clone()));
    ModelChoice {
        title: title.unwrap_or_else(|| id.name.clone()),
        context: model.context.or(known.and_then(|known| known.context)),
        price: model.price.or(known.and_then(|known| known.price())),
        abilities: model
            .abilities
            .or(known.map(Known::abilities))
            .unwrap_or_default(),
        id: id.clone(),
        credential,
    }
}

fn rank(credential: Option<&CredentialLabel>) -> u8 {
    match credential.map(|credential| credential.kind) {
        Some(CredentialKind::Own) => 0,
        Some(CredentialKind::OpenRouter) => 1,
        Some(CredentialKind::Platform) => 2,
        None => 3,
    }
}

/// Cheaper first, by input and output together; unknown prices last.
fn price_rank(row: &ModelChoice) -> i64 {
    row.price
        .map_or(i64::MAX, |price| price.input.saturating_add(price.output))
}

impl From<&Known> for Listed {
    fn from(known: &Known) -> Self {
        Self {
            id: known.id.clone(),
            title: Some(known.name.clone()),
            context: known.context,
            price: known.price(),
            abilities: Some(known.abilities()),
        }
    }
}
