//! A name for each request, by which its lines in the log are found, here and at a proxy in front. It refuses to take a
//! name from outside that is more than a name.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use marshmallow_core::Random;
use tower_http::request_id::{MakeRequestId, RequestId};
use uuid::{Builder, Uuid};

use crate::ambient::SystemRandom;

/// The header, in both directions.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest name that is taken from outside, in characters.
const LONGEST: usize = 64;

/// Drops a name from outside that could be anything else.
pub async fn names_only(mut request: Request, next: Next) -> Response {
    if !request.headers().get(REQUEST_ID).is_none_or(is_name) {
        request.headers_mut().remove(REQUEST_ID);
    }
    next.run(request).await
}

fn is_name(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(is_plain)
}

/// Makes names for requests that bring none.
#[derive(Clone, Copy)]
pub struct Make;

impl MakeRequestId for Make {
    fn make_request_id<B>(&mut self, _: &http::Request<B>) -> Option<RequestId> {
        let mut bytes = [0; 16];
        SystemRandom.fill(&mut bytes);
        let name = Builder::from_random_bytes(bytes).into_uuid();
        HeaderValue::from_str(&Uuid::to_string(&name))
            .ok()
            .map(RequestId::new)
    }
}

/// The name of a request, for its span.
pub fn of<B>(request: &http::Request<B>) -> &str {
    let id = request.extensions().get::<RequestId>();
    id.and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_short_word_is_a_name() {
        for name in ["a", "0190-ab_c.d", &"x".repeat(64)] {
            assert!(is_name(&HeaderValue::from_str(name).unwrap()), "{name}");
        }
        for other in ["", "two words", "a=b", "ä", "{\"a\":1}", &"x".repeat(65)] {
            assert!(
                !is_name(&HeaderValue::from_bytes(other.as_bytes()).unwrap()),
                "{other}"
            );
        }
    }
}
