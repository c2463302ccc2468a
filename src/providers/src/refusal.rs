//! An error answer taken apart: what all providers' error bodies have in common, under one set of names.
//! What it means is decided in each provider's `errors`.

use std::time::Duration;

use serde_json::Value;

use crate::timestamps::parse_span;

/// The parts of an error answer that diagnoses are made from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    /// The HTTP status, or inside a stream the one that the error names; none if it names none.
    pub(crate) status: Option<u16>,
    /// How long to wait.
    pub(crate) retry_after: Option<Duration>,
    /// The provider's message, as it was sent: not yet redacted.
    pub(crate) message: String,
    names: Vec<String>,
    metadata: Value,
}

impl Refusal {
    /// Takes the answer of a failed call apart.
    pub(crate) fn of_answer(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => {
                let refusal = Self::of_json(&value);
                Self {
                    status: Some(status),
                    retry_after: retry_after.or(refusal.retry_after),
                    ..refusal
                }
            }
            Err(_) => Self {
                status: Some(status),
                retry_after,
                message: text.into_owned(),
                names: Vec::new(),
                metadata: Value::Null,
            },
        }
    }

    /// Takes an error apart that came inside a stream.
    pub(crate) fn of_event(value: &Value) -> Self {
        Self::of_json(value)
    }

    fn of_json(value: &Value) -> Self {
        // Google wraps errors of streams in an array.
        let whole = value.get(0).unwrap_or(value);
        // OpenAI and most: `{"error": {…}}`; Mistral and old vLLM: the fields stand outside.
        let error = if whole["error"].is_object() {
            &whole["error"]
        } else {
            whole
        };
        let details = error["details"].as_array().map(Vec::as_slice).unwrap_or_default();
        let named = [&error["code"], &error["type"], &error["status"]];
        let names = named
            .into_iter()
            .chain(details.iter().map(|detail| &detail["reason"]))
            .filter_map(|name| match name {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
            .collect();
        Self {
            status: read_status(&error["code"]),
            retry_after: details
                .iter()
                .find_map(|detail| parse_span(detail["retryDelay"].as_str()?)),
            message: read_message(whole, error),
            names,
            metadata: error["metadata"].clone(),
        }
    }

    /// Whether a code, type, status word or reason of the error has this name, in any case.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether the message holds one of these phrases, given in lower case.
    pub(crate) fn says(&self, phrases: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        phrases.iter().any(|phrase| message.contains(phrase))
    }

    /// Whether the error's metadata has this field.
    pub(crate) fn has_metadata(&self, field: &str) -> bool {
        self.metadata.get(field).is_some_and(|value| !value.is_null())
    }
}

/// A code that is an HTTP status, as number or text.
fn read_status(code: &Value) -> Option<u16> {
    let number = match code {
        Value::Number(number) => u16::try_from(number.as_u64()?).ok()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (400..600).contains(&number).then_some(number)
}

fn read_message(whole: &Value, error: &Value) -> String {
    let texts = [
        &error["message"],
        &whole["error"],
        &whole["message"],
        &whole["detail"],
        &error["detail"],
    ];
    let message = texts.into_iter().find_map(Value::as_str).unwrap_or_default();
    // OpenRouter says "Provider returned error" and keeps the reason apart.
    match error["metadata"]["raw"].as_str() {
        Some(raw) => format!("{message}: {raw}"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_are_found_in_every_shape_of_body() {
        let cases = [
            (json!({"error": {"message": "no"}}), "no"),
            (json!({"error": "no"}), "no"),
            (json!({"message": "no", "object": "error", "type": "x"}), "no"),
            (json!({"detail": "no"}), "no"),
            (json!([{"error": {"message": "no"}}]), "no"),
            (
                json!({"error": {"message": "no", "metadata": {"raw": "why"}}}),
                "no: why",
            ),
            (json!({"unknown": true}), ""),
        ];
        for (body, message) in cases {
            let refusal = Refusal::of_answer(400, None, body.to_string().as_bytes());
            assert_eq!(refusal.message, message, "{body}");
        }
        assert_eq!(Refusal::of_answer(502, None, b"<html>Bad").message, "<html>Bad");
    }

    #[test]
    fn a_code_may_be_a_number_or_a_text() {
        for code in [json!(429), json!("429")] {
            let refusal = Refusal::of_event(&json!({"error": {"code": code}}));
            assert_eq!(refusal.status, Some(429));
            assert!(refusal.is_named("429"));
        }
        for code in [json!("server_error"), json!(null), json!(7), json!(99_999)] {
            assert_eq!(Refusal::of_event(&json!({"error": {"code": code}})).status, None);
        }
    }

    #[test]
    fn googles_waiting_time_stands_in_the_details() {
        let body = json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure"},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}]}});
        let refusal = Refusal::of_answer(429, None, body.to_string().as_bytes());
        assert_eq!(refusal.retry_after, Some(Duration::from_millis(7_500)));
        assert!(refusal.is_named("resource_exhausted"));
    }
}
