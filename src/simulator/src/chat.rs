//! A chat request in neutral form, and how to find the text in the contents of a message. Knows no provider's rules.

use serde_json::Value;

/// What a wire format read out of a well-formed chat request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chat {
    pub model: String,
    /// The texts of all messages, with those that instruct the model, in order.
    pub texts: Vec<String>,
    /// The text of the last message of the user, which may carry a directive.
    pub last_user: String,
    /// Whether the answer is to be streamed.
    pub stream: bool,
    /// Whether a stream is to report token counts, where the client has a choice.
    pub include_usage: bool,
}

/// The text of a content: a string, or a list of parts of which some have a `text`. None for anything else.
pub(crate) fn text_of(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts
                .iter()
                .filter_map(|part| part.get("text")?.as_str())
                .collect();
            Some(texts.join("\n"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_found_in_strings_and_parts() {
        assert_eq!(text_of(&json!("a")).as_deref(), Some("a"));
        let parts = json!([{"type": "text", "text": "a"}, {"type": "image_url"}, {"text": "b"}]);
        assert_eq!(text_of(&parts).as_deref(), Some("a\nb"));
        assert_eq!(text_of(&json!(null)), None);
    }
}
