//! What an answer's headers tell beside its body: how long to wait, and the provider's id of the call.
//! Sources: the providers' pages on rate limits; RFC 9110, section 10.2.3.

use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::timestamps::{parse_seconds, parse_span, wait_until};

/// No wait is shown as longer than this: a header is a hint, and some are nonsense.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Where providers put their id of a call: OpenAI and most, Anthropic, and a proxy in between.
const ID_HEADERS: [&str; 3] = ["x-request-id", "request-id", "x-goog-request-id"];

/// What counts as exhausted, and when it is full again.
const QUOTAS: [(&str, &str); 5] = [
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    (
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ),
    (
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    ),
    (
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-reset",
    ),
];

/// The hints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Hints {
    /// How long to wait.
    pub(crate) retry_after: Option<Duration>,
    /// The provider's id of the call, as it was sent: not yet redacted.
    pub(crate) request_id: Option<String>,
}

impl Hints {
    /// Reads an answer's headers.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        Self {
            retry_after: retry_after(headers).map(|wait| wait.min(LONGEST_WAIT)),
            request_id: ID_HEADERS
                .iter()
                .find_map(|name| text(headers, name))
                .map(str::to_owned),
        }
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let date = text(headers, "date").unwrap_or_default();
    if let Some(millis) = text(headers, "retry-after-ms").and_then(parse_seconds) {
        return Some(millis / 1_000);
    }
    if let Some(value) = text(headers, "retry-after") {
        return parse_seconds(value).or_else(|| wait_until(value, date));
    }
    // Several quotas can be exhausted at once; the call works again when the last one is full.
    QUOTAS
        .iter()
        .filter(|(remaining, _)| text(headers, remaining).map(str::trim) == Some("0"))
        .filter_map(|(_, reset)| text(headers, reset))
        .filter_map(|reset| parse_span(reset).or_else(|| wait_until(reset, date)))
        .max()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    type Headers = &'static [(&'static str, &'static str)];

    fn wait_of(pairs: Headers) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert("date", HeaderValue::from_static("Mon, 02 Nov 2026 17:04:05 GMT"));
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        Hints::read(&headers).retry_after
    }

    #[test]
    fn every_notation_of_a_wait_is_understood() {
        let cases: [(Headers, Option<u64>); 9] = [
            (&[], None),
            (&[("retry-after", "7")], Some(7_000)),
            (&[("retry-after", "Mon, 02 Nov 2026 17:04:12 GMT")], Some(7_000)),
            (&[("retry-after", "7"), ("retry-after-ms", "250")], Some(250)),
            (&[("retry-after", "999999999")], Some(86_400_000)),
            (
                &[
                    ("x-ratelimit-remaining-requests", "0"),
                    ("x-ratelimit-reset-requests", "6s"),
                ],
                Some(6_000),
            ),
            (
                &[
                    ("x-ratelimit-remaining-tokens", "0"),
                    ("x-ratelimit-reset-tokens", "12ms"),
                ],
                Some(12),
            ),
            (
                &[
                    ("anthropic-ratelimit-requests-remaining", "0"),
                    ("anthropic-ratelimit-requests-reset", "2026-11-02T17:04:35Z"),
                ],
                Some(30_000),
            ),
            // A quota that is not exhausted says nothing about this failure.
            (
                &[
                    ("x-ratelimit-remaining-requests", "9"),
                    ("x-ratelimit-reset-requests", "6s"),
                ],
                None,
            ),
        ];
        for (headers, millis) in cases {
            assert_eq!(wait_of(headers), millis.map(Duration::from_millis), "{headers:?}");
        }
    }

    #[test]
    fn the_longest_of_several_exhausted_quotas_counts() {
        let wait = wait_of(&[
            ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "1s"),
            ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "6m0s"),
        ]);
        assert_eq!(wait, Some(Duration::from_secs(360)));
    }

    #[test]
    fn the_id_of_the_call_is_found_under_each_name() {
        for name in ID_HEADERS {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static("req_1"));
            assert_eq!(
                Hints::read(&headers).request_id.as_deref(),
                Some("req_1"),
                "{name}"
            );
        }
    }
}
