//! A response, read to its end.

use marshmallow_core::{ErrorCode, PublicError};
use reqwest::header::HeaderMap;
use serde_json::Value;

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Self {
            status,
            headers,
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// The body as JSON, which it has to be.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{} is no JSON: {}", self.status, self.text()))
    }

    /// The body as the error that people see, which it has to be.
    pub fn error(&self) -> PublicError {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{} is no public error: {}", self.status, self.text()))
    }

    /// The body of a success.
    pub fn value(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// `200`, or the status with the error's code: `404 not_found`.
    pub fn outcome(&self) -> String {
        if self.status < 400 {
            return self.status.to_string();
        }
        format!("{} {}", self.status, code(self.error().code))
    }
}

/// The stable word of a code; a provider's diagnosis stands behind a slash.
fn code(code: ErrorCode) -> String {
    match serde_json::to_value(code).unwrap() {
        Value::String(word) => word,
        other => format!("provider/{}", other["provider"].as_str().unwrap()),
    }
}
