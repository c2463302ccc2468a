//! What a stored key can call, as its endpoint listed it at the last check. It asks no provider.

use marshmallow_core::{KeyId, PublicError, UserId};

use super::Keys;
use crate::{ServiceError, models::listed};

impl Keys {
    /// The names of the models that a key can call; empty where its endpoint lists none.
    pub async fn models(&self, user: UserId, id: KeyId) -> Result<Vec<String>, ServiceError> {
        let (record, _) = self
            .base
            .store
            .sealed_key(user, id)
            .await?
            .ok_or_else(|| PublicError::not_found("key"))?;
        let listed = listed::from_json(record.models.as_deref());
        Ok(listed.into_iter().map(|model| model.id).collect())
    }
}
