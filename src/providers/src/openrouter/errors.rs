//! What an error answer of OpenRouter means (<https://openrouter.ai/docs/api-reference/errors>).
//! Its `error.code` is an HTTP status, also inside a stream that began with 200.

use marshmallow_core::Diagnosis;

use crate::refusal::Refusal;

/// The diagnosis of an answer.
pub(crate) fn diagnose(refusal: &Refusal) -> Diagnosis {
    match refusal.status {
        Some(401) if refusal.says(&["expired"]) => Diagnosis::Expired,
        Some(401) if refusal.says(&["no auth credentials", "missing authentication"]) => Diagnosis::Mistyped,
        Some(401) => Diagnosis::Invalid,
        // With a waiting time the credit is only reserved by calls that still run.
        Some(402) if refusal.retry_after.is_some() => Diagnosis::RateLimited,
        Some(402) => Diagnosis::NoCredit,
        Some(403) if refusal.has_metadata("reasons") || refusal.has_metadata("flagged_input") => {
            Diagnosis::Filtered
        }
        Some(403) if refusal.says(&["key limit exceeded", "limit exceeded"]) => Diagnosis::SpendCap,
        Some(403) if refusal.says(&["management keys cannot", "provisioning keys cannot"]) => {
            Diagnosis::AdminKey
        }
        Some(403) if refusal.says(&["region", "country", "territory"]) => Diagnosis::RegionBlocked,
        Some(403) => Diagnosis::Restricted,
        Some(400) if refusal.says(&["not a valid model"]) => Diagnosis::ModelUnavailable,
        Some(404) => Diagnosis::ModelUnavailable,
        Some(429) => Diagnosis::RateLimited,
        Some(408 | 500..) | None => Diagnosis::ProviderDown,
        Some(_) => Diagnosis::BadRequest,
    }
}
