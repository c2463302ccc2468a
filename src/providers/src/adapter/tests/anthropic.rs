//! Anthropic's answers: types, and messages where one type has many causes.

use marshmallow_core::{Diagnosis, Provider};

use super::check;

#[test]
fn every_answer_has_its_meaning() {
    use Diagnosis::*;
    check(
        Provider::Anthropic,
        &[
            (
                401,
                r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"},"request_id":"req_1"}"#,
                Invalid,
            ),
            (
                401,
                r#"{"type":"error","error":{"type":"authentication_error","message":"API key has expired"}}"#,
                Expired,
            ),
            (
                401,
                r#"{"type":"error","error":{"type":"authentication_error","message":"CORS requests are not allowed for this Organization because custom retention settings are enabled."}}"#,
                BadRequest,
            ),
            (401, "<html>proxy authentication required</html>", Restricted),
            (
                402,
                r#"{"type":"error","error":{"type":"billing_error","message":"There is an issue with your billing."}}"#,
                NoCredit,
            ),
            (
                403,
                r#"{"type":"error","error":{"type":"permission_error","message":"Your API key does not have permission to use the specified resource."}}"#,
                Restricted,
            ),
            (
                403,
                r#"{"error":{"type":"forbidden","message":"Request not allowed"}}"#,
                RegionBlocked,
            ),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."}}"#,
                NoCredit,
            ),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."}}"#,
                SpendCap,
            ),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
                BadRequest,
            ),
            (
                404,
                r#"{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}"#,
                ModelUnavailable,
            ),
            (
                413,
                r#"{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}"#,
                BadRequest,
            ),
            (
                429,
                r#"{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your organization's rate limit."}}"#,
                RateLimited,
            ),
            (
                500,
                r#"{"type":"error","error":{"type":"api_error","message":"Internal server error"}}"#,
                ProviderDown,
            ),
            (
                504,
                r#"{"type":"error","error":{"type":"timeout_error","message":"timeout"}}"#,
                ProviderDown,
            ),
            (
                529,
                r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                ProviderDown,
            ),
            (529, "", ProviderDown),
        ],
    );
}
