//! The free check of a key of OpenAI or a compatible server: its list of models
//! (<https://platform.openai.com/docs/api-reference/models/list>).

use marshmallow_core::{Abilities, Provider};
use serde_json::Value;

use crate::{
    ListedModel,
    call::{BadBase, Call, KeyHeader, join},
    listing::{Page, is_for_chat},
};

/// The call for the list.
pub(crate) fn list(base: &str) -> Result<Call, BadBase> {
    Ok(Call {
        url: join(base, &["models"])?,
        key_header: KeyHeader::Bearer,
        headers: &[],
        body: None,
    })
}

/// Reads the list; none if it is no list. Some servers send a bare array.
pub(crate) fn read_list(provider: Provider, body: &Value) -> Option<Page> {
    let models = body["data"].as_array().or_else(|| body.as_array())?;
    Some(Page {
        models: models
            .iter()
            .filter(|model| model["capabilities"]["completion_chat"] != false)
            .filter_map(read_model)
            .filter(|model| provider != Provider::OpenAi || is_for_chat(&model.id))
            .collect(),
        next: None,
    })
}

/// Names: vLLM, Groq, OpenRouter-like servers, Mistral and LM Studio, llama.cpp.
fn read_model(model: &Value) -> Option<ListedModel> {
    let contexts = [
        &model["max_model_len"],
        &model["context_window"],
        &model["context_length"],
        &model["max_context_length"],
        &model["meta"]["n_ctx_train"],
    ];
    let mut listed = ListedModel::named(&model["id"])?.with_context(&contexts);
    let can = &model["capabilities"];
    listed.abilities = can.is_object().then(|| Abilities {
        vision: can["vision"] == true,
        tools: can["function_calling"] == true,
        reasoning: can["reasoning"] == true,
    });
    Some(listed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(page: &Page) -> Vec<&str> {
        page.models.iter().map(|model| model.id.as_str()).collect()
    }

    #[test]
    fn openais_list_is_cut_down_to_what_chats() {
        let body = json!({"object": "list", "data": [
            {"id": "gpt-5.5", "object": "model", "created": 1, "owned_by": "openai"},
            {"id": "text-embedding-3-small", "object": "model"},
            {"id": "whisper-1", "object": "model"},
            {"id": "o4-mini", "object": "model"},
        ]});
        assert_eq!(
            ids(&read_list(Provider::OpenAi, &body).unwrap()),
            ["gpt-5.5", "o4-mini"]
        );
    }

    #[test]
    fn compatible_servers_keep_their_names_and_tell_their_context() {
        let body = json!({"data": [
            {"id": "my-embedding-chat", "max_model_len": 32768},
            {"id": "groq-like", "context_window": 131072},
            {"id": "llama-like", "meta": {"n_ctx_train": 8192}},
            {"id": "mistral-like", "max_context_length": 40000,
             "capabilities": {"completion_chat": true, "function_calling": true, "vision": false}},
            {"id": "mistral-embed", "capabilities": {"completion_chat": false}},
            {"id": "plain"},
        ]});
        let page = read_list(Provider::Custom, &body).unwrap();
        assert_eq!(
            ids(&page),
            [
                "my-embedding-chat",
                "groq-like",
                "llama-like",
                "mistral-like",
                "plain"
            ]
        );
        let contexts: Vec<_> = page.models.iter().map(|model| model.context).collect();
        assert_eq!(
            contexts,
            [Some(32_768), Some(131_072), Some(8_192), Some(40_000), None]
        );
        let tools = Abilities {
            tools: true,
            ..Abilities::default()
        };
        assert_eq!(page.models[3].abilities, Some(tools));
        assert_eq!(page.models[4].abilities, None);
    }

    #[test]
    fn what_is_no_list_is_not_read_as_an_empty_one() {
        for body in [
            json!({}),
            json!({"data": null}),
            json!("ok"),
            json!({"error": {}}),
        ] {
            assert_eq!(read_list(Provider::Custom, &body), None, "{body}");
        }
        assert_eq!(
            read_list(Provider::Custom, &json!([{"id": "a"}])).map(|p| p.models.len()),
            Some(1)
        );
    }
}
