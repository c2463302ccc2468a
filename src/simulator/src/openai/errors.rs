//! OpenAI's errors: a status, a type, a code and a message for each reason.
//! After <https://platform.openai.com/docs/guides/error-codes> and what users report.

use serde_json::{Value, json};

use crate::refusal::{Complaint, Reason, Refusal};

const SCOPES: &str = "You have insufficient permissions for this operation. Missing scopes: api.model.read. Check that \
    you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're \
    using a restricted API key, that it has the necessary scopes.";
const QUOTA: &str = "You exceeded your current quota, please check your plan and billing details. For more information \
    on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.";
const NO_KEY: &str = "You didn't provide an API key. You need to provide your API key in an Authorization header using \
    Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from \
    https://platform.openai.com/account/api-keys.";

/// Status and body of a refusal.
pub(super) fn refuse(refusal: &Refusal) -> (u16, Value) {
    // Restricted keys are known to get the message bare, where other errors have an object.
    if refusal.reason == Reason::RestrictedPlain {
        return (refusal.status.unwrap_or(401), json!({"error": SCOPES}));
    }
    let (status, kind, param, code, message) = row(refusal);
    let error = json!({"message": message, "type": kind, "param": param, "code": code});
    (refusal.status.unwrap_or(status), json!({"error": error}))
}

type Row = (u16, &'static str, Option<String>, Option<&'static str>, String);

fn row(refusal: &Refusal) -> Row {
    const INVALID: &str = "invalid_request_error";
    let row = |status, kind, code, message: &str| (status, kind, None, code, message.to_owned());
    match &refusal.reason {
        Reason::MissingKey => row(401, INVALID, None, NO_KEY),
        Reason::InvalidKey(key) => row(401, INVALID, Some("invalid_api_key"), &incorrect(&masked(key))),
        Reason::EchoedKey(key) => row(401, INVALID, Some("invalid_api_key"), &incorrect(key)),
        Reason::ExpiredKey => row(401, INVALID, Some("expired_api_key"), "Your API key has expired."),
        Reason::ManagementKey | Reason::Restricted | Reason::RestrictedPlain => {
            row(403, INVALID, Some("missing_scope"), SCOPES)
        }
        Reason::Forbidden => {
            let message = "Project `proj_simulator` does not have access to this resource.";
            row(403, INVALID, Some("project_access_denied"), message)
        }
        Reason::NoCredit => row(429, "insufficient_quota", Some("insufficient_quota"), QUOTA),
        Reason::SpendCap => {
            let code = Some("billing_hard_limit_reached");
            row(
                400,
                "billing_limit_user_error",
                code,
                "Billing hard limit has been reached.",
            )
        }
        Reason::RateLimited => row(
            429,
            "requests",
            Some("rate_limit_exceeded"),
            &too_many(refusal.retry_after),
        ),
        Reason::Region => {
            let code = Some("unsupported_country_region_territory");
            row(
                403,
                "request_forbidden",
                code,
                "Country, region, or territory not supported",
            )
        }
        Reason::PaymentRequired => {
            let message = "Your credit balance is exhausted. Please add credits to continue.";
            row(
                402,
                "insufficient_quota",
                Some("credit_balance_exhausted"),
                message,
            )
        }
        Reason::Internal => {
            let message = "The server had an error while processing your request. Sorry about that!";
            row(500, "server_error", None, message)
        }
        Reason::Unavailable | Reason::Overloaded => {
            let message = "The engine is currently overloaded, please try again later.";
            row(503, "service_unavailable_error", None, message)
        }
        Reason::UnknownModel(model) => {
            let message = format!("The model `{model}` does not exist or you do not have access to it.");
            row(404, INVALID, Some("model_not_found"), &message)
        }
        Reason::NotAChatModel(_) => {
            let message = "This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did \
                           you mean to use v1/completions?";
            (404, INVALID, Some("model".to_owned()), None, message.to_owned())
        }
        Reason::Bad(Complaint { message, param, code }) => {
            (400, INVALID, param.clone(), *code, message.clone())
        }
        Reason::NoSuchPath(path) => row(404, INVALID, None, &format!("Invalid URL ({path})")),
    }
}

fn incorrect(key: &str) -> String {
    format!(
        "Incorrect API key provided: {key}. You can find your API key at https://platform.openai.com/account/api-keys."
    )
}

fn too_many(retry_after: Option<u64>) -> String {
    let hint = retry_after
        .map(|seconds| format!(" Please try again in {seconds}s."))
        .unwrap_or_default();
    format!(
        "Rate limit reached for requests in organization org-simulator on requests per min (RPM): Limit 3, Used 3, \
         Requested 1.{hint} Visit https://platform.openai.com/account/rate-limits to learn more."
    )
}

/// The key with its middle replaced: eight characters before, four after.
fn masked(key: &str) -> String {
    let characters: Vec<char> = key.chars().collect();
    let hidden = characters.len().saturating_sub(12);
    let shown = |part: &[char]| part.iter().collect::<String>();
    let (head, tail) = (
        8.min(characters.len()),
        characters.len() - 4.min(characters.len()),
    );
    format!(
        "{}{}{}",
        shown(&characters[..head]),
        "*".repeat(hidden),
        shown(&characters[tail.max(head)..])
    )
}
