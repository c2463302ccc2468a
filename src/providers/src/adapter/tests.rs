//! Every answer of every provider that is known to come, in the shape in which it comes, and what it means.
//! Bodies after the providers' own pages on errors and reports of users, October 2026.

use std::time::Duration;

use marshmallow_core::{Diagnosis, Provider};

use super::*;

fn error(provider: Provider, status: u16, retry_after: Option<u64>, body: &str) -> ProviderError {
    let hints = Hints {
        retry_after: retry_after.map(Duration::from_secs),
        request_id: Some("req_1".into()),
    };
    error_of_answer(provider, status, hints, body.as_bytes())
}

fn check(provider: Provider, cases: &[(u16, &str, Diagnosis)]) {
    for (status, body, diagnosis) in cases {
        let error = error(provider, *status, None, body);
        assert_eq!(error.diagnosis, *diagnosis, "{provider} {status} {body}");
        assert_eq!(error.status, Some(*status));
        assert_eq!(error.request_id.as_deref(), Some("req_1"));
    }
}

#[test]
fn openai() {
    use Diagnosis::*;
    check(
        Provider::OpenAi,
        &[
            (401, r#"{"error":{"message":"Incorrect API key provided: sk-proj-********abcd. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#, Invalid),
            (401, r#"{"error":{"message":"Your API key has expired.","type":"invalid_request_error","param":null,"code":"expired_api_key"}}"#, Expired),
            (401, r#"{"error":"You have insufficient permissions for this operation. Missing scopes: api.model.read. Check that you have the correct role."}"#, Restricted),
            (403, r#"{"error":{"message":"Missing scopes: api.model.read","type":"invalid_request_error","param":null,"code":"missing_scope"}}"#, Restricted),
            (401, r#"{"error":{"message":"Your IP address is not authorized to use this project.","type":"invalid_request_error","code":"ip_not_authorized"}}"#, RegionBlocked),
            (401, r#"{"error":{"message":"IP not authorized","type":"invalid_request_error","code":null}}"#, RegionBlocked),
            (401, r#"{"error":{"message":"You must be a member of an organization to use the API","type":"invalid_request_error","code":null}}"#, Restricted),
            (401, "", Restricted),
            (403, r#"{"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory not supported","param":null,"type":"request_forbidden"}}"#, RegionBlocked),
            (403, r#"{"error":{"message":"Project `proj_x` does not have access to model `gpt-5`","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#, ModelUnavailable),
            (404, r#"{"error":{"message":"The model `gpt-9` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#, ModelUnavailable),
            (429, r#"{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#, NoCredit),
            (429, r#"{"error":{"message":"Your credit balance is exhausted.","type":"insufficient_quota","param":null,"code":"credit_balance_exhausted"}}"#, NoCredit),
            (429, r#"{"error":{"message":"Rate limit reached for gpt-5 in organization org-x on tokens per min (TPM)","type":"tokens","param":null,"code":"rate_limit_exceeded"}}"#, RateLimited),
            (429, "", RateLimited),
            (400, r#"{"error":{"message":"Billing hard limit has been reached","type":"billing_limit_user_error","param":null,"code":"billing_hard_limit_reached"}}"#, SpendCap),
            (400, r#"{"error":{"message":"This model's maximum context length is 128000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#, BadRequest),
            (400, r#"{"error":{"message":"Your request was rejected by the safety system.","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}"#, Filtered),
            (413, "", BadRequest),
            (500, r#"{"error":{"message":"The server had an error while processing your request.","type":"server_error","param":null,"code":null}}"#, ProviderDown),
            (503, "<html><body>upstream connect error</body></html>", ProviderDown),
            (408, "", ProviderDown),
        ],
    );
}

#[test]
fn anthropic() {
    use Diagnosis::*;
    check(
        Provider::Anthropic,
        &[
            (401, r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"},"request_id":"req_1"}"#, Invalid),
            (401, r#"{"type":"error","error":{"type":"authentication_error","message":"API key has expired"}}"#, Expired),
            (401, r#"{"type":"error","error":{"type":"authentication_error","message":"CORS requests are not allowed for this Organization because custom retention settings are enabled."}}"#, BadRequest),
            (401, "<html>proxy authentication required</html>", Restricted),
            (402, r#"{"type":"error","error":{"type":"billing_error","message":"There is an issue with your billing."}}"#, NoCredit),
            (403, r#"{"type":"error","error":{"type":"permission_error","message":"Your API key does not have permission to use the specified resource."}}"#, Restricted),
            (403, r#"{"error":{"type":"forbidden","message":"Request not allowed"}}"#, RegionBlocked),
            (400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."}}"#, NoCredit),
            (400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."}}"#, SpendCap),
            (400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#, BadRequest),
            (404, r#"{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}"#, ModelUnavailable),
            (413, r#"{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}"#, BadRequest),
            (429, r#"{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your organization's rate limit."}}"#, RateLimited),
            (500, r#"{"type":"error","error":{"type":"api_error","message":"Internal server error"}}"#, ProviderDown),
            (504, r#"{"type":"error","error":{"type":"timeout_error","message":"timeout"}}"#, ProviderDown),
            (529, r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, ProviderDown),
            (529, "", ProviderDown),
        ],
    );
}

#[test]
fn google() {
    use Diagnosis::*;
    check(
        Provider::Google,
        &[
            (400, r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"#, Invalid),
            (400, r#"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]"#, Invalid),
            (400, r#"{"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#, Expired),
            (400, r#"{"error":{"code":400,"message":"Unknown name \"x\"","status":"INVALID_ARGUMENT"}}"#, BadRequest),
            (400, r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#, RegionBlocked),
            (401, r#"{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED","details":[{"reason":"ACCESS_TOKEN_TYPE_UNSUPPORTED"}]}}"#, Restricted),
            (401, r#"{"error":{"code":401,"message":"unknown","status":"UNAUTHENTICATED"}}"#, Restricted),
            (402, r#"{"error":{"code":402,"message":"Your prepayment credits are depleted.","status":"RESOURCE_EXHAUSTED"}}"#, NoCredit),
            (402, r#"{"error":{"code":402,"message":"This API method requires billing","status":"FAILED_PRECONDITION"}}"#, NoCredit),
            (403, r#"{"error":{"code":403,"message":"Requests to this API are blocked.","status":"PERMISSION_DENIED","details":[{"reason":"API_KEY_SERVICE_BLOCKED"}]}}"#, Restricted),
            (403, r#"{"error":{"code":403,"message":"The provided API key has an IP address restriction.","status":"PERMISSION_DENIED","details":[{"reason":"API_KEY_IP_ADDRESS_BLOCKED"}]}}"#, RegionBlocked),
            (404, r#"{"error":{"code":404,"message":"models/x is not found for API version v1beta","status":"NOT_FOUND"}}"#, ModelUnavailable),
            (429, r#"{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED"}}"#, RateLimited),
            (429, r#"{"error":{"code":429,"message":"Your project has exceeded its monthly spending cap.","status":"RESOURCE_EXHAUSTED"}}"#, SpendCap),
            (500, r#"{"error":{"code":500,"message":"An internal error has occurred.","status":"INTERNAL"}}"#, ProviderDown),
            (503, r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#, ProviderDown),
            (504, "", ProviderDown),
        ],
    );
}

#[test]
fn openrouter() {
    use Diagnosis::*;
    check(
        Provider::OpenRouter,
        &[
            (401, r#"{"error":{"message":"User not found.","code":401}}"#, Invalid),
            (401, r#"{"error":{"message":"API key expired","code":401}}"#, Expired),
            (402, r#"{"error":{"message":"Insufficient credits. Add more using https://openrouter.ai/settings/credits","code":402}}"#, NoCredit),
            (403, r#"{"error":{"code":403,"message":"openai/gpt-5 requires moderation. Your input was flagged","metadata":{"reasons":["violence"],"flagged_input":"…"}}}"#, Filtered),
            (403, r#"{"error":{"code":403,"message":"Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys"}}"#, SpendCap),
            (403, r#"{"error":{"code":403,"message":"Management keys cannot be used for completions."}}"#, AdminKey),
            (403, r#"{"error":{"code":403,"message":"This model is not available in your region."}}"#, RegionBlocked),
            (403, r#"{"error":{"code":403,"message":"blocked by a guardrail"}}"#, Restricted),
            (400, r#"{"error":{"message":"openai/none is not a valid model ID","code":400}}"#, ModelUnavailable),
            (400, r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"too long"}}}"#, BadRequest),
            (404, r#"{"error":{"message":"No endpoints found for x","code":404}}"#, ModelUnavailable),
            (408, r#"{"error":{"message":"Request timed out","code":408}}"#, ProviderDown),
            (429, r#"{"error":{"message":"Rate limit exceeded: free-models-per-min.","code":429}}"#, RateLimited),
            (502, r#"{"error":{"message":"Provider returned error","code":502}}"#, ProviderDown),
            (503, r#"{"error":{"message":"No instances available","code":503}}"#, ProviderDown),
        ],
    );
    // Credit that running calls hold back comes free again.
    let reserved = error(Provider::OpenRouter, 402, Some(5), r#"{"error":{"code":402,"message":"in flight"}}"#);
    assert_eq!(reserved.diagnosis, RateLimited);
    assert_eq!(reserved.retry_after, Some(Duration::from_secs(5)));
}

#[test]
fn compatible_servers() {
    use Diagnosis::*;
    check(
        Provider::Custom,
        &[
            (401, r#"{"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}}"#, Invalid),
            (401, r#"{"detail":"Unauthorized"}"#, Invalid),
            (401, "", Invalid),
            (401, r#"{"error":{"code":401,"message":"API key expired","type":"authentication_error"}}"#, Expired),
            (400, r#"{"code":"invalid-argument","error":"Incorrect API key provided: xa***yz."}"#, Invalid),
            (403, r#"{"error":{"message":"forbidden"}}"#, Restricted),
            (402, r#"{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}"#, NoCredit),
            (400, r#"{"error":{"message":"Budget has been exceeded!","type":"budget_exceeded","code":"400"}}"#, SpendCap),
            (404, r#"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}"#, ModelUnavailable),
            (422, r#"{"object":"error","message":"Extra inputs are not permitted","type":"invalid_request_error"}"#, BadRequest),
            (429, r#"{"message":"Requests rate limit exceeded"}"#, RateLimited),
            (498, r#"{"error":{"message":"Flex tier capacity exceeded","type":"capacity"}}"#, ProviderDown),
            (503, r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#, ProviderDown),
        ],
    );
}

#[test]
fn only_an_invalid_key_code_proves_a_key_wrong() {
    // Whatever else a provider answers, the key is kept: scopes, limits and empty accounts are no typing errors.
    for provider in Provider::ALL {
        for status in [400, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529] {
            for body in ["", "{}", "null", "[]", r#"{"error":null}"#, r#"{"error":{"message":"no"}}"#] {
                let error = error(provider, status, None, body);
                assert!(error.diagnosis.may_be_stored(), "{provider} {status} {body}: {error:?}");
            }
        }
    }
}

#[test]
fn a_persons_words_in_a_message_change_nothing() {
    let body = r#"{"error":{"message":"The model `incorrect api key provided` does not exist","code":null}}"#;
    assert_eq!(
        error(Provider::OpenAi, 404, None, body).diagnosis,
        Diagnosis::ModelUnavailable
    );
}

#[test]
fn waiting_times_of_headers_and_bodies_both_count() {
    let body = r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"31s"}]}}"#;
    let wait = |header| error(Provider::Google, 429, header, body).retry_after;
    assert_eq!(wait(None), Some(Duration::from_secs(31)));
    assert_eq!(wait(Some(7)), Some(Duration::from_secs(7)));
}
