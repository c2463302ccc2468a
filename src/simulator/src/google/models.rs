//! The models that Google lists, page by page, with what each can be asked for.

use serde_json::{Value, json};

use crate::{
    record::Recorded,
    refusal::{Complaint, Reason},
};

const DEFAULT_PAGE: usize = 50;
const PAGE_TOKEN: &str = "sim-page-";

/// A model of the list.
#[derive(Clone, Copy)]
pub(super) struct Model {
    /// Without the leading `models/`.
    pub id: &'static str,
    version: &'static str,
    display_name: &'static str,
    input_limit: u64,
    output_limit: u64,
    pub chats: bool,
}

const MODELS: [Model; 4] = [
    Model {
        id: "gemini-embedding-001",
        version: "001",
        display_name: "Gemini Embedding 001",
        input_limit: 2048,
        output_limit: 1,
        chats: false,
    },
    Model {
        id: "gemini-2.5-flash",
        version: "001",
        display_name: "Gemini 2.5 Flash",
        input_limit: 1_048_576,
        output_limit: 65_536,
        chats: true,
    },
    Model {
        id: "gemini-2.5-pro",
        version: "2.5",
        display_name: "Gemini 2.5 Pro",
        input_limit: 1_048_576,
        output_limit: 65_536,
        chats: true,
    },
    Model {
        id: "gemini-2.5-flash-lite",
        version: "001",
        display_name: "Gemini 2.5 Flash-Lite",
        input_limit: 1_048_576,
        output_limit: 65_536,
        chats: true,
    },
];

/// A model by its id.
pub(super) fn find(id: &str) -> Option<Model> {
    MODELS.into_iter().find(|model| model.id == id)
}

/// The page that `pageSize` and `pageToken` ask for.
pub(super) fn page(request: &Recorded) -> Result<Value, Reason> {
    let size = match request.query_value("pageSize") {
        None => DEFAULT_PAGE,
        Some(size) => {
            let size = size.parse().ok().filter(|size| *size > 0);
            size.ok_or_else(|| Complaint::new("Invalid value at 'page_size' (TYPE_INT32)"))?
        }
    };
    let start = match request.query_value("pageToken") {
        None => 0,
        Some(token) => {
            let start = token
                .strip_prefix(PAGE_TOKEN)
                .and_then(|start| start.parse().ok());
            start
                .filter(|start| *start <= MODELS.len())
                .ok_or_else(|| Complaint::new("page_token is invalid"))?
        }
    };
    let end = MODELS.len().min(start + size);
    let mut page = json!({"models": MODELS[start..end].iter().copied().map(entry).collect::<Vec<_>>()});
    if end < MODELS.len() {
        page["nextPageToken"] = json!(format!("{PAGE_TOKEN}{end}"));
    }
    Ok(page)
}

/// One entry of the list.
pub(super) fn entry(model: Model) -> Value {
    let mut entry = json!({
        "name": format!("models/{}", model.id),
        "version": model.version,
        "displayName": model.display_name,
        "description": format!("{}, simulated", model.display_name),
        "inputTokenLimit": model.input_limit,
        "outputTokenLimit": model.output_limit,
        "supportedGenerationMethods": ["embedContent", "countTextTokens"],
    });
    if model.chats {
        entry["supportedGenerationMethods"] = json!([
            "generateContent",
            "countTokens",
            "createCachedContent",
            "batchGenerateContent"
        ]);
        entry["temperature"] = json!(1);
        entry["maxTemperature"] = json!(2);
        entry["topP"] = json!(0.95);
        entry["topK"] = json!(64);
        entry["thinking"] = json!(true);
    }
    entry
}
