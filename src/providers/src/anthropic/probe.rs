//! The free check of an Anthropic key: its list of models
//! (<https://platform.claude.com/docs/en/api/models-list>).

use serde_json::Value;

use super::{HEADERS, KEY_HEADER};
use crate::{
    ListedModel,
    call::{BadBase, Call, join},
    listing::Page,
};

/// The call for one page of the list; `after` is the last model of the page before.
pub(crate) fn list(base: &str, after: Option<&str>) -> Result<Call, BadBase> {
    let mut url = join(base, &["models"])?;
    url.query_pairs_mut().append_pair("limit", "1000");
    if let Some(id) = after {
        url.query_pairs_mut().append_pair("after_id", id);
    }
    Ok(Call {
        url,
        key_header: KEY_HEADER,
        headers: HEADERS,
        body: None,
    })
}

/// Reads a page; none if it is no list.
pub(crate) fn read_list(body: &Value) -> Option<Page> {
    let models = body["data"].as_array()?.iter().filter_map(|model| {
        let listed = ListedModel::named(&model["id"])?;
        Some(
            listed
                .titled(&model["display_name"])
                .with_context(&[&model["max_input_tokens"]]),
        )
    });
    Some(Page {
        models: models.collect(),
        next: match body["has_more"].as_bool() {
            Some(true) => body["last_id"].as_str().map(str::to_owned),
            _ => None,
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_name_the_next_one() {
        let page = read_list(
            &json!({"data": [{"type": "model", "id": "claude-x", "display_name": "Claude X",
            "created_at": "2026-01-01T00:00:00Z", "max_input_tokens": 200000}],
            "has_more": true, "first_id": "claude-x", "last_id": "claude-x"}),
        )
        .unwrap();
        assert_eq!(page.next.as_deref(), Some("claude-x"));
        assert_eq!(page.models[0].title.as_deref(), Some("Claude X"));
        assert_eq!(page.models[0].context, Some(200_000));

        let last = read_list(&json!({"data": [], "has_more": false, "last_id": "claude-x"})).unwrap();
        assert_eq!(last.next, None);
        assert_eq!(read_list(&json!({"type": "error"})), None);
    }

    #[test]
    fn the_call_asks_for_the_largest_page() {
        let first = list("https://h.example/v1", None).unwrap();
        assert_eq!(first.url.as_str(), "https://h.example/v1/models?limit=1000");
        let second = list("https://h.example/v1", Some("a&b")).unwrap();
        assert_eq!(
            second.url.as_str(),
            "https://h.example/v1/models?limit=1000&after_id=a%26b"
        );
    }
}
