//! What an error answer of Anthropic means (<https://platform.claude.com/docs/en/api/errors>).

use marshmallow_core::Diagnosis;

use crate::refusal::Refusal;

/// The diagnosis of an answer; without a status it came inside a stream.
pub(crate) fn diagnose(refusal: &Refusal) -> Diagnosis {
    if refusal.is_named("authentication_error") {
        // One code for many causes; its words tell them apart.
        return if refusal.says(&["cors requests are not allowed"]) {
            Diagnosis::BadRequest
        } else if refusal.says(&["header is required"]) {
            Diagnosis::Mistyped
        } else if refusal.says(&["oauth"]) {
            Diagnosis::SignInToken
        } else if refusal.says(&["expired"]) {
            Diagnosis::Expired
        } else {
            Diagnosis::Invalid
        };
    }
    if refusal.is_named("forbidden") && refusal.says(&["request not allowed"]) {
        return Diagnosis::RegionBlocked;
    }
    if refusal.is_named("permission_error") && refusal.says(&["ip address"]) {
        return Diagnosis::IpNotAllowed;
    }
    if (refusal.is_named("permission_error") && refusal.says(&["workspace"]))
        || refusal.says(&["organization has been disabled"])
    {
        return Diagnosis::ProjectMissing;
    }
    if refusal.says(&["credit balance is too low"]) {
        return Diagnosis::NoCredit;
    }
    let is_limit = refusal.is_named("invalid_request_error") || refusal.is_named("rate_limit_error");
    if is_limit && refusal.says(&["api usage limits", "spend limit", "monthly limit"]) {
        return Diagnosis::SpendCap;
    }
    let by_name = [
        ("billing_error", Diagnosis::NoCredit),
        ("permission_error", Diagnosis::Restricted),
        ("not_found_error", Diagnosis::ModelUnavailable),
        ("rate_limit_error", Diagnosis::RateLimited),
        ("overloaded_error", Diagnosis::ProviderDown),
        ("timeout_error", Diagnosis::ProviderDown),
        ("api_error", Diagnosis::ProviderDown),
        ("request_too_large", Diagnosis::BadRequest),
        ("invalid_request_error", Diagnosis::BadRequest),
    ];
    let named = by_name.iter().find(|(name, _)| refusal.is_named(name));
    named.map_or_else(|| by_status(refusal), |&(_, diagnosis)| diagnosis)
}

/// For answers of something in between that does not speak Anthropic's format.
fn by_status(refusal: &Refusal) -> Diagnosis {
    match refusal.status {
        Some(401 | 403) => Diagnosis::Restricted,
        Some(402) => Diagnosis::NoCredit,
        Some(404) => Diagnosis::ModelUnavailable,
        Some(429) => Diagnosis::RateLimited,
        Some(408 | 500..) | None => Diagnosis::ProviderDown,
        Some(_) => Diagnosis::BadRequest,
    }
}
