//! Server functions for provider keys. What comes back is a summary; no call gives a key or its ciphertext.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::{KeyId, KeyInspection, KeySummary, ProviderCard};

use super::ApiError;

/// A card per provider with the caller's keys.
#[server(prefix = "/api", endpoint = "keys/list", input = GetUrl)]
pub async fn key_cards() -> Result<Vec<ProviderCard>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .cards(signed_in.account.id)
        .await
        .map_err(door::refuse)
}

/// Recognises, probes, seals and stores a key. `provider` is a slug; `base_url` and `endpoint` (its short
/// name) belong to custom endpoints only and are empty otherwise. `life` and `until` say how long it may be used, as in
/// [`set_key_life`](super::key_life::set_key_life); nothing is as long as is allowed.
#[server(prefix = "/api", endpoint = "keys/add")]
pub async fn add_key(
    provider: String,
    key: String,
    #[server(default)] label: String,
    #[server(default)] base_url: String,
    #[server(default)] endpoint: String,
    #[server(default)] life: String,
    #[server(default)] until: String,
) -> Result<KeySummary, ApiError> {
    use super::door;
    use marshmallow_core::{ApiKey, KeyLife};
    let key = ApiKey::parse(key);
    let signed_in = door::signed_in()?;
    let life = KeyLife::parse(&life, &until).map_err(ApiError)?;
    let place = door::KeyPlace {
        provider,
        label,
        base_url,
        endpoint,
        life,
    };
    door::service()?
        .keys
        .add(signed_in.account.id, place, key)
        .await
        .map_err(door::refuse)
}

/// Recognises and probes a key without storing it. `provider` is a slug, or empty to have it recognised.
#[server(prefix = "/api", endpoint = "keys/inspect")]
pub async fn inspect_key(
    #[server(default)] provider: String,
    key: String,
) -> Result<KeyInspection, ApiError> {
    use super::door;
    use marshmallow_core::ApiKey;
    let key = ApiKey::parse(key);
    let signed_in = door::signed_in()?;
    let place = door::KeyPlace {
        provider,
        ..door::KeyPlace::default()
    };
    door::service()?
        .keys
        .inspect(signed_in.account.id, place, key)
        .await
        .map_err(door::refuse)
}

/// Asks the provider again.
#[server(prefix = "/api", endpoint = "keys/recheck")]
pub async fn recheck_key(id: KeyId) -> Result<KeySummary, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .recheck(signed_in.account.id, id)
        .await
        .map_err(door::refuse)
}

/// The names of the models that a key can call.
#[server(prefix = "/api", endpoint = "keys/models", input = GetUrl)]
pub async fn key_models(id: KeyId) -> Result<Vec<String>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .models(signed_in.account.id, id)
        .await
        .map_err(door::refuse)
}

/// Switches a key on or off.
#[server(prefix = "/api", endpoint = "keys/set_active")]
pub async fn set_key_active(id: KeyId, is_active: bool) -> Result<KeySummary, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .set_active(signed_in.account.id, id, is_active)
        .await
        .map_err(door::refuse)
}

/// Gives a key another name, which may be empty.
#[server(prefix = "/api", endpoint = "keys/rename")]
pub async fn rename_key(id: KeyId, #[server(default)] label: String) -> Result<KeySummary, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .rename(signed_in.account.id, id, &label)
        .await
        .map_err(door::refuse)
}

/// Puts keys in the order in which turns try them.
#[server(prefix = "/api", endpoint = "keys/reorder")]
pub async fn reorder_keys(ids: Vec<KeyId>) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .reorder(signed_in.account.id, &ids)
        .await
        .map_err(door::refuse)
}

/// Removes a key: its ciphertext and wrapped data key are gone afterwards.
#[server(prefix = "/api", endpoint = "keys/remove")]
pub async fn remove_key(id: KeyId) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .remove(signed_in.account.id, id)
        .await
        .map_err(door::refuse)
}
