//! The form of what audit entries say beside their action: a JSON object with words of our own, never with
//! what a provider wrote.

use serde_json::json;

/// `{"said": word}`; an empty object for no word.
pub fn said(word: &str) -> String {
    if word.is_empty() {
        json!({})
    } else {
        json!({ "said": word })
    }
    .to_string()
}
