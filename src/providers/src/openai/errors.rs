//! What an error answer of OpenAI or a compatible server means
//! (<https://platform.openai.com/docs/guides/error-codes>). Only an invalid-key code proves a key wrong;
//! compatible servers have no codes, so there a bare 401 does.

use marshmallow_core::{Diagnosis, Provider};

use crate::refusal::Refusal;

/// The diagnosis of an answer; without a status it came inside a stream.
pub(crate) fn diagnose(provider: Provider, refusal: &Refusal) -> Diagnosis {
    by_code(refusal)
        .or_else(|| by_message(refusal))
        .unwrap_or_else(|| by_status(provider, refusal))
}

fn by_code(refusal: &Refusal) -> Option<Diagnosis> {
    let code = |names: &[&str]| names.iter().any(|name| refusal.is_named(name));
    Some(if code(&["invalid_api_key"]) {
        Diagnosis::Invalid
    } else if code(&["api_key_expired", "expired_api_key", "key_expired"]) {
        Diagnosis::Expired
    } else if code(&["missing_scope", "insufficient_permissions"]) {
        Diagnosis::Restricted
    } else if code(&["ip_not_authorized", "unsupported_country_region_territory"]) {
        Diagnosis::RegionBlocked
    } else if code(&[
        "insufficient_quota",
        "credit_balance_exhausted",
        "billing_not_active",
    ]) {
        Diagnosis::NoCredit
    } else if code(&["billing_hard_limit_reached", "budget_exceeded"]) {
        Diagnosis::SpendCap
    } else if code(&["rate_limit_exceeded"]) {
        Diagnosis::RateLimited
    } else if code(&["model_not_found", "model_not_available"]) {
        Diagnosis::ModelUnavailable
    } else if code(&["content_filter", "content_policy_violation"]) {
        Diagnosis::Filtered
    } else if code(&["server_error", "service_unavailable"]) {
        Diagnosis::ProviderDown
    } else {
        return None;
    })
}

/// How messages say that a place or address is not served.
const PLACES: [&str; 3] = [
    "ip not authorized",
    "ip address is not authorized",
    "country, region, or territory not supported",
];

/// The words count only where they come with a refusal of the key: a model's name or a person's text can
/// hold any word.
fn by_message(refusal: &Refusal) -> Option<Diagnosis> {
    if !matches!(refusal.status, Some(400 | 401 | 403)) {
        return None;
    }
    if refusal.says(&["missing scopes", "insufficient permissions"]) {
        Some(Diagnosis::Restricted)
    } else if refusal.says(&PLACES) {
        Some(Diagnosis::RegionBlocked)
    } else if refusal.says(&["api key expired", "api key has expired"]) {
        Some(Diagnosis::Expired)
    } else if refusal.says(&["incorrect api key provided"]) {
        Some(Diagnosis::Invalid)
    } else {
        None
    }
}

fn by_status(provider: Provider, refusal: &Refusal) -> Diagnosis {
    match refusal.status {
        Some(401) if provider == Provider::Custom => Diagnosis::Invalid,
        Some(401 | 403) => Diagnosis::Restricted,
        Some(402) => Diagnosis::NoCredit,
        Some(404) => Diagnosis::ModelUnavailable,
        Some(429) => Diagnosis::RateLimited,
        // 498: Groq's name for a full house.
        Some(408 | 498 | 500..) | None => Diagnosis::ProviderDown,
        Some(_) => Diagnosis::BadRequest,
    }
}
