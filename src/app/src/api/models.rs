//! Server functions for the model selector.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::{ModelId, ModelSelection};

use super::ApiError;

/// The models that the caller may choose from, own keys first, and the one chosen last.
#[server(prefix = "/api", endpoint = "models/list", input = GetUrl)]
pub async fn models() -> Result<ModelSelection, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .models
        .selection(signed_in.account.id)
        .await
        .map_err(door::refuse)
}

/// Remembers the model for new conversations.
#[server(prefix = "/api", endpoint = "models/prefer")]
pub async fn prefer_model(model: ModelId) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .models
        .prefer(signed_in.account.id, &model)
        .await
        .map_err(door::refuse)
}
