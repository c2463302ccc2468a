//! The models that Anthropic lists, page by page.

use serde_json::{Value, json};

use crate::{
    record::Recorded,
    refusal::{Complaint, Reason},
};

const DEFAULT_LIMIT: usize = 20;

/// A model of the list.
#[derive(Clone, Copy)]
pub(super) struct Model {
    pub id: &'static str,
    /// The name without a date, which requests may use too.
    alias: &'static str,
    display_name: &'static str,
    created_at: &'static str,
    /// The most tokens that an answer may have.
    pub max_output: u64,
}

const MODELS: [Model; 4] = [
    Model {
        id: "claude-haiku-4-5-20251001",
        alias: "claude-haiku-4-5",
        display_name: "Claude Haiku 4.5",
        created_at: "2025-10-15T00:00:00Z",
        max_output: 64_000,
    },
    Model {
        id: "claude-sonnet-4-5-20250929",
        alias: "claude-sonnet-4-5",
        display_name: "Claude Sonnet 4.5",
        created_at: "2025-09-29T00:00:00Z",
        max_output: 64_000,
    },
    Model {
        id: "claude-opus-4-1-20250805",
        alias: "claude-opus-4-1",
        display_name: "Claude Opus 4.1",
        created_at: "2025-08-05T00:00:00Z",
        max_output: 32_000,
    },
    Model {
        id: "claude-3-haiku-20240307",
        alias: "claude-3-haiku",
        display_name: "Claude Haiku 3",
        created_at: "2024-03-07T00:00:00Z",
        max_output: 4_096,
    },
];

/// A model by its id or alias.
pub(super) fn find(id: &str) -> Option<Model> {
    MODELS
        .into_iter()
        .find(|model| model.id == id || model.alias == id)
}

/// The page that `limit`, `after_id` and `before_id` ask for.
pub(super) fn page(request: &Recorded) -> Result<Value, Reason> {
    let limit = match request.query_value("limit") {
        None => DEFAULT_LIMIT,
        Some(limit) => limit
            .parse()
            .ok()
            .filter(|limit| (1..=1000).contains(limit))
            .ok_or_else(|| {
                Complaint::new(
                    "limit: Input should be greater than or equal to 1 and less than or equal to 1000",
                )
            })?,
    };
    let position = |name: &str| {
        let Some(id) = request.query_value(name) else {
            return Ok(None);
        };
        let found = MODELS.iter().position(|model| model.id == id);
        found
            .map(Some)
            .ok_or_else(|| Complaint::new(format!("{name}: model not found")))
    };
    let (after, before) = (position("after_id")?, position("before_id")?);
    let (shown, has_more) = if let Some(end) = before {
        let start = end.saturating_sub(limit);
        (&MODELS[start..end], start > 0)
    } else {
        let start = after.map_or(0, |after| after + 1);
        let end = MODELS.len().min(start + limit);
        (&MODELS[start..end], end < MODELS.len())
    };
    Ok(json!({
        "data": shown.iter().copied().map(entry).collect::<Vec<_>>(),
        "has_more": has_more,
        "first_id": shown.first().map(|model| model.id),
        "last_id": shown.last().map(|model| model.id),
    }))
}

/// One entry of the list.
pub(super) fn entry(model: Model) -> Value {
    json!({"type": "model", "id": model.id, "display_name": model.display_name, "created_at": model.created_at})
}
