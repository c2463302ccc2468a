//! Answers of compatible servers, in all the shapes that they come in.

use marshmallow_core::{Diagnosis, Provider};

use super::check;

#[test]
fn every_answer_has_its_meaning() {
    use Diagnosis::*;
    check(
        Provider::Custom,
        &[
            (
                401,
                r#"{"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}}"#,
                Invalid,
            ),
            (401, r#"{"detail":"Unauthorized"}"#, Invalid),
            (401, "", Invalid),
            (
                401,
                r#"{"error":{"code":401,"message":"API key expired","type":"authentication_error"}}"#,
                Expired,
            ),
            (
                400,
                r#"{"code":"invalid-argument","error":"Incorrect API key provided: xa***yz."}"#,
                Invalid,
            ),
            (403, r#"{"error":{"message":"forbidden"}}"#, Restricted),
            (
                402,
                r#"{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}"#,
                NoCredit,
            ),
            (
                400,
                r#"{"error":{"message":"Budget has been exceeded!","type":"budget_exceeded","code":"400"}}"#,
                SpendCap,
            ),
            (
                404,
                r#"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}"#,
                ModelUnavailable,
            ),
            (
                422,
                r#"{"object":"error","message":"Extra inputs are not permitted","type":"invalid_request_error"}"#,
                BadRequest,
            ),
            (429, r#"{"message":"Requests rate limit exceeded"}"#, RateLimited),
            (
                498,
                r#"{"error":{"message":"Flex tier capacity exceeded","type":"capacity"}}"#,
                ProviderDown,
            ),
            (
                503,
                r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
                ProviderDown,
            ),
        ],
    );
}
