//! The free check of a Google AI key: its list of models
//! (<https://ai.google.dev/api/models#method:-models.list>).

use serde_json::Value;

use super::KEY_HEADER;
use crate::{
    ListedModel,
    call::{BadBase, Call, join},
    listing::{Page, is_for_chat},
};

/// The call for one page of the list; `token` names the page.
pub(crate) fn list(base: &str, token: Option<&str>) -> Result<Call, BadBase> {
    let mut url = join(base, &["models"])?;
    url.query_pairs_mut().append_pair("pageSize", "1000");
    if let Some(token) = token {
        url.query_pairs_mut().append_pair("pageToken", token);
    }
    Ok(Call {
        url,
        key_header: KEY_HEADER,
        headers: &[],
        body: None,
    })
}

/// Reads a page; none if it is no list. Speech and picture models generate content too, so names count
/// beside methods.
pub(crate) fn read_list(body: &Value) -> Option<Page> {
    let generates = |model: &&Value| {
        let methods = model["supportedGenerationMethods"].as_array();
        methods.is_some_and(|methods| methods.iter().any(|method| method == "generateContent"))
    };
    let models = body["models"]
        .as_array()?
        .iter()
        .filter(generates)
        .filter_map(|model| {
            let name = model["name"].as_str()?;
            let listed = ListedModel::named(&name.strip_prefix("models/").unwrap_or(name).into())?;
            Some(
                listed
                    .titled(&model["displayName"])
                    .with_context(&[&model["inputTokenLimit"]]),
            )
        });
    Some(Page {
        models: models.filter(|model| is_for_chat(&model.id)).collect(),
        next: body["nextPageToken"]
            .as_str()
            .filter(|token| !token.is_empty())
            .map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_generates_text_is_listed() {
        let page = read_list(&json!({"models": [
            {"name": "models/gemini-x", "displayName": "Gemini X", "inputTokenLimit": 1048576,
             "supportedGenerationMethods": ["generateContent", "countTokens"]},
            {"name": "models/gemini-embedding-001", "supportedGenerationMethods": ["embedContent"]},
            {"name": "models/gemini-x-tts", "supportedGenerationMethods": ["generateContent"]},
            {"name": "models/no-methods"},
        ], "nextPageToken": "p2"}))
        .unwrap();
        assert_eq!(page.models.len(), 1);
        assert_eq!(page.models[0].id, "gemini-x");
        assert_eq!(page.models[0].title.as_deref(), Some("Gemini X"));
        assert_eq!(page.models[0].context, Some(1_048_576));
        assert_eq!(page.next.as_deref(), Some("p2"));
        assert_eq!(read_list(&json!({"error": {}})), None);
    }

    #[test]
    fn the_call_never_holds_a_key_in_its_address() {
        let call = list("https://h.example/v1beta", Some("t&1")).unwrap();
        assert_eq!(
            call.url.as_str(),
            "https://h.example/v1beta/models?pageSize=1000&pageToken=t%261"
        );
    }
}
