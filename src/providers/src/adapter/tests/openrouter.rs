//! OpenRouter's answers: the status as code, and metadata.

use std::time::Duration;

use marshmallow_core::{Diagnosis, Provider};

use super::{check, error};

#[test]
fn every_answer_has_its_meaning() {
    use Diagnosis::*;
    check(
        Provider::OpenRouter,
        &[
            (
                401,
                r#"{"error":{"message":"User not found.","code":401}}"#,
                Invalid,
            ),
            (
                401,
                r#"{"error":{"message":"API key expired","code":401}}"#,
                Expired,
            ),
            (
                402,
                r#"{"error":{"message":"Insufficient credits. Add more using https://openrouter.ai/settings/credits","code":402}}"#,
                NoCredit,
            ),
            (
                403,
                r#"{"error":{"code":403,"message":"openai/gpt-5 requires moderation. Your input was flagged","metadata":{"reasons":["violence"],"flagged_input":"…"}}}"#,
                Filtered,
            ),
            (
                403,
                r#"{"error":{"code":403,"message":"Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys"}}"#,
                SpendCap,
            ),
            (
                403,
                r#"{"error":{"code":403,"message":"Management keys cannot be used for completions."}}"#,
                AdminKey,
            ),
            (
                403,
                r#"{"error":{"code":403,"message":"This model is not available in your region."}}"#,
                RegionBlocked,
            ),
            (
                403,
                r#"{"error":{"code":403,"message":"blocked by a guardrail"}}"#,
                Restricted,
            ),
            (
                400,
                r#"{"error":{"message":"openai/none is not a valid model ID","code":400}}"#,
                ModelUnavailable,
            ),
            (
                400,
                r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"too long"}}}"#,
                BadRequest,
            ),
            (
                404,
                r#"{"error":{"message":"No endpoints found for x","code":404}}"#,
                ModelUnavailable,
            ),
            (
                408,
                r#"{"error":{"message":"Request timed out","code":408}}"#,
                ProviderDown,
            ),
            (
                429,
                r#"{"error":{"message":"Rate limit exceeded: free-models-per-min.","code":429}}"#,
                RateLimited,
            ),
            (
                502,
                r#"{"error":{"message":"Provider returned error","code":502}}"#,
                ProviderDown,
            ),
            (
                503,
                r#"{"error":{"message":"No instances available","code":503}}"#,
                ProviderDown,
            ),
        ],
    );
    // Credit that running calls hold back comes free again.
    let reserved = error(
        Provider::OpenRouter,
        402,
        Some(5),
        r#"{"error":{"code":402,"message":"in flight"}}"#,
    );
    assert_eq!(reserved.diagnosis, RateLimited);
    assert_eq!(reserved.retry_after, Some(Duration::from_secs(5)));
}
