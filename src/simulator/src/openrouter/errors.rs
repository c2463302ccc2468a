//! OpenRouter's errors: a numeric code that is the status, and a message for each reason.
//! After <https://openrouter.ai/docs/api/reference/errors-and-debugging> and what users report.

use serde_json::{Value, json};

use crate::refusal::{Reason, Refusal};

/// Status and body of a refusal.
pub(super) fn refuse(refusal: &Refusal) -> (u16, Value) {
    let (native, message) = row(&refusal.reason);
    let code = refusal.status.unwrap_or(native);
    let mut error = json!({"message": message, "code": code});
    if refusal.reason == Reason::RateLimited {
        error["metadata"] = json!({"headers": {"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "0"}});
    }
    (code, json!({"error": error, "user_id": "user_simulator"}))
}

fn row(reason: &Reason) -> (u16, String) {
    let row = |status, message: &str| (status, message.to_owned());
    match reason {
        Reason::MissingKey => row(401, "No auth credentials found"),
        Reason::InvalidKey(_) => row(401, "User not found."),
        Reason::EchoedKey(key) => row(401, &format!("User not found for key {key}.")),
        Reason::ExpiredKey => row(401, "API key expired"),
        Reason::ManagementKey => row(
            403,
            "Management keys cannot be used for completions. Please use an API key instead.",
        ),
        Reason::Restricted | Reason::RestrictedPlain => row(
            403,
            "This API key is restricted by a guardrail and may not access this endpoint.",
        ),
        Reason::Forbidden => row(403, "Only management keys can perform this operation"),
        Reason::Region => row(403, "This service is not available in your region."),
        Reason::NoCredit => row(
            402,
            "Insufficient credits. Add more using https://openrouter.ai/settings/credits",
        ),
        Reason::PaymentRequired => row(
            402,
            "This request requires more credits, or fewer max_tokens. You requested up to 16384 tokens, but can only \
             afford 12. To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account",
        ),
        Reason::SpendCap => row(
            403,
            "Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys",
        ),
        Reason::RateLimited => row(429, "Rate limit exceeded: free-models-per-min."),
        Reason::Internal => row(500, "Internal Server Error"),
        Reason::Unavailable => row(503, "No instances available"),
        Reason::Overloaded => row(502, "Provider returned error"),
        Reason::UnknownModel(model) | Reason::NotAChatModel(model) => {
            row(400, &format!("{model} is not a valid model ID"))
        }
        Reason::Bad(complaint) => row(400, &complaint.message),
        Reason::NoSuchPath(_) => row(404, "Not Found"),
    }
}
