//! What holds for the answers of all providers. What each single answer means stands in `tests/answers`.

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

#[test]
fn only_an_invalid_key_code_proves_a_key_wrong() {
    // Whatever else a provider answers, the key is kept: scopes, limits and empty accounts are no typing errors.
    for provider in Provider::ALL {
        for status in [400, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529] {
            for body in [
                "",
                "{}",
                "null",
                "[]",
                r#"{"error":null}"#,
                r#"{"error":{"message":"no"}}"#,
            ] {
                let error = error(provider, status, None, body);
                assert!(
                    error.diagnosis.may_be_stored(),
                    "{provider} {status} {body}: {error:?}"
                );
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
