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
        missing_scope(refusal)
    } else if code(&["ip_not_authorized"]) {
        Diagnosis::IpNotAllowed
    } else if code(&["unsupported_country_region_territory"]) {
        Diagnosis::RegionBlocked
    } else if code(&PROJECT_CODES)
        || (code(&["model_not_found"]) && refusal.says(&["does not have access to model"]))
    {
        Diagnosis::ProjectMissing
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

/// Codes for a project or organization that cannot serve (the last two: Groq).
const PROJECT_CODES: [&str; 7] = [
    "account_deactivated",
    "mismatched_organization",
    "mismatched_project",
    "invalid_organization",
    "not_authorized_invalid_project",
    "organization_restricted",
    "model_permission_blocked_org",
];

/// The list of models needs a permission of its own, which no chat needs.
fn missing_scope(refusal: &Refusal) -> Diagnosis {
    if refusal.says(&["api.model.read"]) {
        Diagnosis::Restricted
    } else {
        Diagnosis::ScopeMissing
    }
}

#[rustfmt::skip]
const PHRASES: [(&str, Diagnosis); 13] = [
    ("ip not authorized",                           Diagnosis::IpNotAllowed),
    ("ip address is not authorized",                Diagnosis::IpNotAllowed),
    ("country, region, or territory not supported", Diagnosis::RegionBlocked),
    ("must be a member of an organization",         Diagnosis::ProjectMissing),
    ("has been archived",                           Diagnosis::ProjectMissing),
    ("api key expired",                             Diagnosis::Expired),
    ("api key has expired",                         Diagnosis::Expired),
    ("incorrect api key provided",                  Diagnosis::Invalid),
    ("you didn't provide an api key",               Diagnosis::Mistyped),
    ("any credits",                                 Diagnosis::NoCredit),
    ("used all available credits",                  Diagnosis::NoCredit),
    ("credit balance",                              Diagnosis::NoCredit),
    ("monthly spending limit",                      Diagnosis::SpendCap),
];

/// The words count only where they come with a refusal of the key: a model's name or a person's text can
/// hold any word.
fn by_message(refusal: &Refusal) -> Option<Diagnosis> {
    if !matches!(refusal.status, Some(400 | 401 | 403 | 429)) {
        return None;
    }
    if refusal.says(&["missing scopes", "insufficient permissions"]) {
        return Some(missing_scope(refusal));
    }
    let said = PHRASES.iter().find(|(phrase, _)| refusal.says(&[phrase]));
    said.map(|&(_, diagnosis)| diagnosis)
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
