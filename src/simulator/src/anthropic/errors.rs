//! Anthropic's errors: a status, a type and a message for each reason.
//! After <https://platform.claude.com/docs/en/api/errors> and what users report.

use serde_json::{Value, json};

use crate::refusal::{Reason, Refusal};

const CREDIT: &str = "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to \
    upgrade or purchase credits.";
const SPENT: &str = "You have reached your specified API usage limits. You will regain access on 2027-01-01 at 00:00 \
    UTC.";
const TOO_MANY: &str = "This request would exceed your organization's rate limit of 50 requests per minute. For \
    details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage.";

/// Status and body of a refusal.
pub(super) fn refuse(refusal: &Refusal, id: u64) -> (u16, Value) {
    let (status, kind, message) = row(&refusal.reason);
    (refusal.status.unwrap_or(status), body(kind, &message, id))
}

/// An error as it stands in a body, and in a stream.
pub(super) fn body(kind: &str, message: &str, id: u64) -> Value {
    json!({
        "type": "error",
        "error": {"type": kind, "message": message, "details": null},
        "request_id": super::request_id(id),
    })
}

fn row(reason: &Reason) -> (u16, &'static str, String) {
    const INVALID: &str = "invalid_request_error";
    const AUTHENTICATION: &str = "authentication_error";
    const PERMISSION: &str = "permission_error";
    let row = |status, kind, message: &str| (status, kind, message.to_owned());
    match reason {
        Reason::MissingKey => row(401, AUTHENTICATION, "x-api-key header is required"),
        Reason::InvalidKey(_) | Reason::ManagementKey => row(401, AUTHENTICATION, "invalid x-api-key"),
        Reason::EchoedKey(key) => row(401, AUTHENTICATION, &format!("invalid x-api-key: {key}")),
        Reason::ExpiredKey => row(401, AUTHENTICATION, "API key has expired"),
        Reason::Restricted | Reason::RestrictedPlain => row(
            403,
            PERMISSION,
            "Your API key does not have permission to use the specified resource.",
        ),
        Reason::Forbidden => row(403, PERMISSION, "This organization has been disabled."),
        Reason::Region => row(403, "forbidden", "Request not allowed"),
        Reason::NoCredit => row(400, INVALID, CREDIT),
        Reason::SpendCap => row(400, INVALID, SPENT),
        Reason::PaymentRequired => row(
            402,
            "billing_error",
            "There is an issue with your billing or payment information.",
        ),
        Reason::RateLimited => row(429, "rate_limit_error", TOO_MANY),
        Reason::Internal => row(500, "api_error", "Internal server error"),
        Reason::Unavailable => row(503, "api_error", "Service unavailable"),
        Reason::Overloaded => row(529, "overloaded_error", "Overloaded"),
        Reason::UnknownModel(model) | Reason::NotAChatModel(model) => {
            row(404, "not_found_error", &format!("model: {model}"))
        }
        Reason::Bad(complaint) => row(400, INVALID, &complaint.message),
        Reason::NoSuchPath(_) => row(404, "not_found_error", "Not Found"),
    }
}
