//! Server functions for who pays when own keys cannot. Amounts are typed dollars on the way in and nano-dollars on the
//! way out.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::{FallbackSettings, PlatformTerms};

use super::ApiError;

/// The rule in force for the caller.
#[server(name = ReadFallback, prefix = "/api", endpoint = "fallback/settings", input = GetUrl)]
pub async fn fallback_settings() -> Result<FallbackSettings, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .fallback
        .settings(signed_in.account.id)
        .await
        .map_err(door::refuse)
}

/// Sets the caller's rule.
#[server(prefix = "/api", endpoint = "fallback/set_rule")]
pub async fn set_fallback_rule(
    policy: String,
    #[server(default)] day: String,
) -> Result<FallbackSettings, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .fallback
        .set_rule(signed_in.account.id, &policy, &day)
        .await
        .map_err(door::refuse)
}

/// The terms for everybody, for administrators.
#[server(name = ReadTerms, prefix = "/api", endpoint = "fallback/terms", input = GetUrl)]
pub async fn platform_terms() -> Result<PlatformTerms, ApiError> {
    use super::door;
    door::administrator()?;
    door::service()?.fallback.terms().await.map_err(door::refuse)
}

/// Sets the terms for everybody, for administrators.
#[server(prefix = "/api", endpoint = "fallback/set_terms")]
pub async fn set_platform_terms(
    policy: String,
    #[server(default)] day: String,
    #[server(default)] grant: String,
) -> Result<PlatformTerms, ApiError> {
    use super::door;
    let signed_in = door::administrator()?;
    door::service()?
        .fallback
        .set_terms(signed_in.account.id, &policy, &day, &grant)
        .await
        .map_err(door::refuse)
}
