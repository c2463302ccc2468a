//! OpenAI's answers: codes, types, and messages where the code is missing.

use marshmallow_core::{Diagnosis, Provider};

use super::check;

#[test]
fn every_answer_has_its_meaning() {
    use Diagnosis::*;
    check(
        Provider::OpenAi,
        &[
            (
                401,
                r#"{"error":{"message":"Incorrect API key provided: sk-proj-********abcd. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
                Invalid,
            ),
            (
                401,
                r#"{"error":{"message":"Your API key has expired.","type":"invalid_request_error","param":null,"code":"expired_api_key"}}"#,
                Expired,
            ),
            (
                401,
                r#"{"error":"You have insufficient permissions for this operation. Missing scopes: api.model.read. Check that you have the correct role."}"#,
                Restricted,
            ),
            (
                403,
                r#"{"error":{"message":"Missing scopes: api.model.read","type":"invalid_request_error","param":null,"code":"missing_scope"}}"#,
                Restricted,
            ),
            (
                401,
                r#"{"error":{"message":"Your IP address is not authorized to use this project.","type":"invalid_request_error","code":"ip_not_authorized"}}"#,
                RegionBlocked,
            ),
            (
                401,
                r#"{"error":{"message":"IP not authorized","type":"invalid_request_error","code":null}}"#,
                RegionBlocked,
            ),
            (
                401,
                r#"{"error":{"message":"You must be a member of an organization to use the API","type":"invalid_request_error","code":null}}"#,
                Restricted,
            ),
            (401, "", Restricted),
            (
                403,
                r#"{"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory not supported","param":null,"type":"request_forbidden"}}"#,
                RegionBlocked,
            ),
            (
                403,
                r#"{"error":{"message":"Project `proj_x` does not have access to model `gpt-5`","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
                ModelUnavailable,
            ),
            (
                404,
                r#"{"error":{"message":"The model `gpt-9` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
                ModelUnavailable,
            ),
            (
                429,
                r#"{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
                NoCredit,
            ),
            (
                429,
                r#"{"error":{"message":"Your credit balance is exhausted.","type":"insufficient_quota","param":null,"code":"credit_balance_exhausted"}}"#,
                NoCredit,
            ),
            (
                429,
                r#"{"error":{"message":"Rate limit reached for gpt-5 in organization org-x on tokens per min (TPM)","type":"tokens","param":null,"code":"rate_limit_exceeded"}}"#,
                RateLimited,
            ),
            (429, "", RateLimited),
            (
                400,
                r#"{"error":{"message":"Billing hard limit has been reached","type":"billing_limit_user_error","param":null,"code":"billing_hard_limit_reached"}}"#,
                SpendCap,
            ),
            (
                400,
                r#"{"error":{"message":"This model's maximum context length is 128000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
                BadRequest,
            ),
            (
                400,
                r#"{"error":{"message":"Your request was rejected by the safety system.","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}"#,
                Filtered,
            ),
            (413, "", BadRequest),
            (
                500,
                r#"{"error":{"message":"The server had an error while processing your request.","type":"server_error","param":null,"code":null}}"#,
                ProviderDown,
            ),
            (
                503,
                "<html><body>upstream connect error</body></html>",
                ProviderDown,
            ),
            (408, "", ProviderDown),
        ],
    );
}
