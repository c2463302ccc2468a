//! Server functions for keys in whose place others work. What comes back are the cards; no call gives a key.

use leptos::prelude::*;
use marshmallow_core::{KeyId, ProviderCard};

use super::ApiError;

/// Probes, seals and stores a key in the place of another one of the caller's, which is out of service from then on.
#[server(prefix = "/api", endpoint = "keys/replace")]
pub async fn replace_key(id: KeyId, key: String) -> Result<Vec<ProviderCard>, ApiError> {
    use super::door;
    use marshmallow_core::ApiKey;
    let key = ApiKey::parse(key);
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .replace(signed_in.account.id, id, key)
        .await
        .map_err(door::refuse)
}

/// Asks the provider whether a replaced key still works.
#[server(prefix = "/api", endpoint = "keys/check_replaced")]
pub async fn check_replaced_key(id: KeyId) -> Result<Vec<ProviderCard>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .check_replaced(signed_in.account.id, id)
        .await
        .map_err(door::refuse)
}

/// Takes a replaced key back into use.
#[server(prefix = "/api", endpoint = "keys/take_back")]
pub async fn take_key_back(id: KeyId) -> Result<Vec<ProviderCard>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .keys
        .take_back(signed_in.account.id, id)
        .await
        .map_err(door::refuse)
}
