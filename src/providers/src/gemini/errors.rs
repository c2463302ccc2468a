//! What an error answer of Google AI means: its status word, and the reasons in its details
//! (<https://ai.google.dev/gemini-api/docs/troubleshooting>, <https://google.aip.dev/193>).

use marshmallow_core::Diagnosis;

use crate::refusal::Refusal;

/// The diagnosis of an answer.
pub(crate) fn diagnose(refusal: &Refusal) -> Diagnosis {
    // Google says "payment required" with several status words.
    if refusal.status == Some(402) {
        return Diagnosis::NoCredit;
    }
    by_reason(refusal).unwrap_or_else(|| by_status(refusal))
}

fn by_reason(refusal: &Refusal) -> Option<Diagnosis> {
    let reason = |names: &[&str]| names.iter().any(|name| refusal.is_named(name));
    Some(if reason(&["API_KEY_INVALID"]) {
        // One reason for both; its words tell them apart.
        if refusal.says(&["expired"]) {
            Diagnosis::Expired
        } else {
            Diagnosis::Invalid
        }
    } else if reason(&["API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED"]) {
        Diagnosis::IpNotAllowed
    } else if reason(&["API_KEY_SERVICE_BLOCKED"]) && !refusal.says(&["listmodels"]) {
        Diagnosis::ScopeMissing
    } else if reason(&["SERVICE_DISABLED", "CONSUMER_INVALID", "CONSUMER_SUSPENDED"]) {
        Diagnosis::ProjectMissing
    } else if reason(&["BILLING_DISABLED"]) {
        Diagnosis::NoCredit
    } else if reason(&["PERMISSION_DENIED"]) && refusal.says(&["unregistered callers"]) {
        Diagnosis::Mistyped
    } else if reason(&["ACCESS_TOKEN_TYPE_UNSUPPORTED", "PERMISSION_DENIED"]) {
        Diagnosis::Restricted
    } else if reason(&["RESOURCE_EXHAUSTED"]) && refusal.says(&["spending cap", "spend cap"]) {
        Diagnosis::SpendCap
    } else if reason(&["RESOURCE_EXHAUSTED"]) && refusal.says(&["credits are depleted"]) {
        Diagnosis::NoCredit
    } else if reason(&["RESOURCE_EXHAUSTED"]) {
        Diagnosis::RateLimited
    } else if reason(&["FAILED_PRECONDITION"]) {
        Diagnosis::RegionBlocked
    } else if reason(&["NOT_FOUND"]) {
        Diagnosis::ModelUnavailable
    } else if reason(&["INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED"]) {
        Diagnosis::ProviderDown
    } else {
        return None;
    })
}

fn by_status(refusal: &Refusal) -> Diagnosis {
    match refusal.status {
        Some(401 | 403) => Diagnosis::Restricted,
        Some(404) => Diagnosis::ModelUnavailable,
        Some(429) => Diagnosis::RateLimited,
        Some(408 | 499..) | None => Diagnosis::ProviderDown,
        Some(_) => Diagnosis::BadRequest,
    }
}
