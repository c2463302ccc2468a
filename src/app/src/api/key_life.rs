//! Server functions for how long keys may be used: their owners' limits, and the administrator's bound on these.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::{KeyId, KeySummary};

use super::ApiError;

/// Gives a key another end of its life. `life` is the word of a length, "never", or "until" with a date and time (UTC)
/// in `until`.
#[server(prefix = "/api", endpoint = "key_life/set")]
pub async fn set_key_life(
    id: KeyId,
    life: String,
    #[server(default)] until: String,
) -> Result<KeySummary, ApiError> {
    use super::door;
    use marshmallow_core::KeyLife;
    let signed_in = door::signed_in()?;
    let life = KeyLife::parse(&life, &until).map_err(ApiError)?;
    door::service()?
        .keys
        .set_life(signed_in.account.id, id, life)
        .await
        .map_err(door::refuse)
}

/// The longest life, in milliseconds, that anybody may give a key; none for no bound.
#[server(prefix = "/api", endpoint = "key_life/longest", input = GetUrl)]
pub async fn longest_key_life() -> Result<Option<i64>, ApiError> {
    use super::door;
    door::signed_in()?;
    door::service()?.keys.longest_life().await.map_err(door::refuse)
}

/// Bounds the life of everybody's keys, for administrators. `longest` is the word of a length, or "never" for no bound.
#[server(prefix = "/api", endpoint = "key_life/set_longest")]
pub async fn set_longest_key_life(longest: String) -> Result<Option<i64>, ApiError> {
    use super::door;
    let signed_in = door::administrator()?;
    door::service()?
        .keys
        .set_longest_life(signed_in.account.id, &longest)
        .await
        .map_err(door::refuse)
}
