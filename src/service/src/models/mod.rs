//! The model selector: which models a person may choose, at which price, and whose key would serve them.

mod catalogue;
pub(crate) mod listed;
mod openrouter;
mod selection;

use marshmallow_core::{ModelId, ModelSelection, UserId};

pub(crate) use catalogue::CATALOGUE;
pub(crate) use openrouter::openrouter_name;

use crate::{Base, ServiceError, credentials::Credentials};

/// The use cases of the model selector.
pub struct Models {
    base: Base,
    credentials: Credentials,
}

impl Models {
    pub(crate) fn new(base: Base, credentials: Credentials) -> Self {
        Self { base, credentials }
    }

    /// The models that the person may choose from, and the one chosen last.
    pub async fn selection(&self, user: UserId) -> Result<ModelSelection, ServiceError> {
        let wallet = self.credentials.wallet(user).await?;
        let choices = selection::choices(&wallet);
        let account = self.base.store.user(user).await?;
        let chosen_last = account.and_then(|user| user.preferred_model?.parse::<ModelId>().ok());
        let usable = |id: &ModelId| {
            choices
                .iter()
                .any(|choice| choice.id == *id && choice.credential.is_some())
        };
        let preferred = chosen_last.filter(usable).or_else(|| {
            choices
                .iter()
                .find(|choice| choice.credential.is_some())
                .map(|choice| choice.id.clone())
        });
        Ok(ModelSelection {
            choices,
            preferred,
            prices_as_of: CATALOGUE.as_of.clone(),
        })
    }

    /// Remembers the model for new conversations.
    pub async fn prefer(&self, user: UserId, model: &ModelId) -> Result<(), ServiceError> {
        self.base
            .store
            .set_preferred_model(user, Some(&model.to_string()))
            .await?;
        Ok(())
    }
}
