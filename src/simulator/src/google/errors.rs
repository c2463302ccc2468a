//! Google's errors: a status, its name, a message and details for each reason.
//! After <https://ai.google.dev/gemini-api/docs/troubleshooting> and what users report.

use serde_json::{Value, json};

use crate::refusal::{Reason, Refusal};

const DOMAIN: &str = "googleapis.com";
const SERVICE: &str = "generativelanguage.googleapis.com";
const NO_KEY: &str = "Method doesn't allow unregistered callers (callers without established identity). Please use API \
    Key or other form of API consumer identity to call this API.";
const QUOTA: &str = "You exceeded your current quota, please check your plan and billing details. For more information \
    on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.";
const CREDITS: &str = "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to \
    manage your project and billing.";
const CAP: &str = "Your project has exceeded its monthly spending cap. Please go to AI Studio at \
    https://ai.studio/spend to manage your project spend cap.";
const INTERNAL: &str = "An internal error has occurred. Please retry or report in \
    https://developers.generativeai.google/guide/troubleshooting";

/// Status and body of a refusal.
pub(super) fn refuse(refusal: &Refusal) -> (u16, Value) {
    let (native, name, message, details) = row(refusal);
    let code = refusal.status.unwrap_or(native);
    let name = if code == native { name } else { name_of(code) };
    let mut error = json!({"code": code, "message": message, "status": name});
    if !details.is_empty() {
        error["details"] = json!(details);
    }
    (code, json!({"error": error}))
}

type Row = (u16, &'static str, String, Vec<Value>);

fn row(refusal: &Refusal) -> Row {
    let row = |status, name, message: &str| -> Row { (status, name, message.to_owned(), Vec::new()) };
    match &refusal.reason {
        Reason::MissingKey => row(403, "PERMISSION_DENIED", NO_KEY),
        Reason::InvalidKey(_) | Reason::ManagementKey => {
            invalid_key("API key not valid. Please pass a valid API key.", None)
        }
        Reason::EchoedKey(key) => {
            let detail = json!({"@type": "type.googleapis.com/google.rpc.DebugInfo",
                "detail": format!("Invalid API key: {key}")});
            let (_, _, message, details) =
                invalid_key("API key not valid. Please pass a valid API key.", Some(detail));
            (401, "UNAUTHENTICATED", message, details)
        }
        Reason::ExpiredKey => invalid_key("API key expired. Please renew the API key.", None),
        Reason::Restricted | Reason::RestrictedPlain => {
            let message = format!("Requests to this API {SERVICE} method ListModels are blocked.");
            (
                403,
                "PERMISSION_DENIED",
                message,
                vec![info("API_KEY_SERVICE_BLOCKED")],
            )
        }
        Reason::Forbidden => row(
            403,
            "PERMISSION_DENIED",
            "Your project has been denied access. Please contact support.",
        ),
        Reason::Region => row(
            400,
            "FAILED_PRECONDITION",
            "User location is not supported for the API use.",
        ),
        Reason::NoCredit => row(402, "RESOURCE_EXHAUSTED", CREDITS),
        Reason::PaymentRequired => {
            let message = format!("This API method requires billing to be enabled on the project. {CREDITS}");
            row(402, "FAILED_PRECONDITION", &message)
        }
        Reason::SpendCap => row(429, "RESOURCE_EXHAUSTED", CAP),
        Reason::RateLimited => rate_limited(refusal.retry_after),
        Reason::Internal => row(500, "INTERNAL", INTERNAL),
        Reason::Unavailable | Reason::Overloaded => row(
            503,
            "UNAVAILABLE",
            "The model is overloaded. Please try again later.",
        ),
        Reason::UnknownModel(model) | Reason::NotAChatModel(model) => {
            let message = format!(
                "models/{model} is not found for API version v1beta, or is not supported for generateContent. Call \
                 ListModels to see the list of available models and their supported methods."
            );
            row(404, "NOT_FOUND", &message)
        }
        Reason::Bad(complaint) => row(400, "INVALID_ARGUMENT", &complaint.message),
        Reason::NoSuchPath(_) => row(404, "NOT_FOUND", "Requested entity was not found."),
    }
}

fn invalid_key(message: &str, more: Option<Value>) -> Row {
    let localized = json!({"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": message});
    let details = [info("API_KEY_INVALID"), localized]
        .into_iter()
        .chain(more)
        .collect();
    (400, "INVALID_ARGUMENT", message.to_owned(), details)
}

fn info(reason: &str) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": DOMAIN,
        "metadata": {"service": SERVICE},
    })
}

fn rate_limited(retry_after: Option<u64>) -> Row {
    let failure = json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{
            "quotaMetric": format!("{SERVICE}/generate_content_free_tier_requests"),
            "quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
            "quotaValue": "10",
        }],
    });
    let mut message = QUOTA.to_owned();
    let mut details = vec![failure];
    if let Some(seconds) = retry_after {
        message.push_str(&format!("\nPlease retry in {seconds}s."));
        details.push(
            json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": format!("{seconds}s")}),
        );
    }
    (429, "RESOURCE_EXHAUSTED", message, details)
}

/// The name of a status that is not the one of the reason.
fn name_of(code: u16) -> &'static str {
    match code {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        402 | 429 => "RESOURCE_EXHAUSTED",
        500 => "INTERNAL",
        502.. => "UNAVAILABLE",
        _ => "UNKNOWN",
    }
}
