//! Turns the model list of models.dev, as the crate rig-core ships it, into our catalogue of models and prices.
//! Knows both file formats, and nothing of who reads the result.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};

/// The vendors we speak to: the name in the source file, and ours.
const PROVIDERS: [(&str, &str); 4] = [
    ("anthropic", "anthropic"),
    ("gcp.gemini", "google"),
    ("openai", "openai"),
    ("openrouter", "openrouter"),
];

type Source = BTreeMap<String, Vendor>;

#[derive(Deserialize)]
struct Vendor {
    models: BTreeMap<String, Row>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Row {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<String>,
    reasoning: bool,
    tool_call: bool,
    modalities: Modalities,
    limit: Option<Limit>,
    cost: Option<Cost>,
    release_date: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Modalities {
    input: Vec<String>,
    output: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Limit {
    context: Option<u64>,
    output: Option<u64>,
}

/// US dollars per million tokens.
#[derive(Deserialize)]
struct Cost {
    input: Option<f64>,
    cache_read: Option<f64>,
    cache_write: Option<f64>,
    output: Option<f64>,
}

#[derive(Serialize, Debug)]
struct Model {
    provider: &'static str,
    id: String,
    name: String,
    context: Option<u64>,
    max_output: Option<u64>,
    price: Option<Price>,
    vision: bool,
    tools: bool,
    reasoning: bool,
    released: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

/// Nano-dollars per million tokens; `None` is unknown, never free.
#[derive(Serialize, Debug, PartialEq)]
struct Price {
    input: Option<u64>,
    cached_input: Option<u64>,
    cache_write: Option<u64>,
    output: Option<u64>,
}

/// Reads `models_json` and replaces the catalogue at `target`; returns how many models it holds.
///
/// # Errors
/// When a file cannot be read or written, or when the source no longer has the shape known here.
pub fn refresh(models_json: &Path, target: &Path) -> Result<usize> {
    let json =
        fs::read_to_string(models_json).with_context(|| format!("reading {}", models_json.display()))?;
    // The crate dates its copy in a file of its own, beside the list.
    let dated = models_json.with_file_name("generated_at");
    let date = fs::read_to_string(&dated)
        .with_context(|| format!("reading the list's date from {}", dated.display()))?;
    let release = models_json
        .ancestors()
        .filter_map(|folder| folder.file_name()?.to_str())
        .find(|name| name.starts_with("rig-core-"))
        .unwrap_or("rig-core");
    let models = convert(&json)?;
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(target, render(&models, release, &date)?)
        .with_context(|| format!("writing {}", target.display()))?;
    Ok(models.len())
}

fn convert(json: &str) -> Result<Vec<Model>> {
    let mut source: Source = serde_json::from_str(json).context("not a list of models by vendor")?;
    let mut models = Vec::new();
    for (vendor, provider) in PROVIDERS {
        let Some(Vendor { models: rows }) = source.remove(vendor) else {
            bail!("the list has no vendor \"{vendor}\"");
        };
        for (id, row) in rows {
            if writes_only_text(&row) {
                models.push(model(provider, id, row)?);
            }
        }
    }
    Ok(models)
}

/// Whether a chat can be held with it. Rows kept for retired models do not list what they write:
/// one that calls tools writes text.
fn writes_only_text(row: &Row) -> bool {
    row.kind.as_deref().is_none_or(|kind| kind == "chat")
        && match &row.modalities.output {
            Some(output) => output == &["text"],
            None => row.tool_call,
        }
}

fn model(provider: &'static str, id: String, row: Row) -> Result<Model> {
    let free = provider == "openrouter" && (id.ends_with(":free") || id == "openrouter/free");
    let price = row.cost.map(|cost| price(&cost, free)).transpose();
    let price = price
        .with_context(|| format!("the price of {provider}/{id}"))?
        .flatten();
    let known = |limit: Option<u64>| limit.filter(|&tokens| tokens > 0);
    Ok(Model {
        provider,
        name: row.name.unwrap_or_else(|| id.clone()),
        context: row.limit.as_ref().and_then(|limit| known(limit.context)),
        max_output: row.limit.as_ref().and_then(|limit| known(limit.output)),
        price,
        vision: row.modalities.input.iter().any(|kind| kind == "image"),
        tools: row.tool_call,
        reasoning: row.reasoning,
        released: row.release_date,
        status: row.status,
        id,
    })
}

/// A zero means "not listed" in the source, except where a model is free by its very name.
fn price(cost: &Cost, free: bool) -> Result<Option<Price>> {
    let nanos = |dollars: Option<f64>| match dollars {
        Some(0.0) if !free => Ok(None),
        Some(dollars) => nano_dollars(dollars).map(Some),
        None => Ok(None),
    };
    let price = Price {
        input: nanos(cost.input)?,
        cached_input: nanos(cost.cache_read)?,
        cache_write: nanos(cost.cache_write)?,
        output: nanos(cost.output)?,
    };
    Ok((price.input.is_some() || price.output.is_some()).then_some(price))
}

fn nano_dollars(dollars: f64) -> Result<u64> {
    ensure!(
        (0.0..1e6).contains(&dollars),
        "{dollars} dollars per million tokens is no price"
    );
    // Below 10^15, so every integer on the way has an exact double.
    Ok((dollars * 1e9).round() as u64)
}

/// One model a line, so that a refresh reads well as a difference.
fn render(models: &[Model], release: &str, date: &str) -> Result<String> {
    let as_of = date.get(..10).context("the list's date is not YYYY-MM-DD…")?;
    let source = format!("models.dev, as shipped in {release}");
    let mut text = format!(
        "{{\"source\":{},\"license\":\"MIT\",\"as_of\":{},\"models\":[\n",
        serde_json::to_string(&source)?,
        serde_json::to_string(as_of)?,
    );
    for (index, model) in models.iter().enumerate() {
        text.push_str(&serde_json::to_string(model)?);
        text.push_str(if index + 1 < models.len() { ",\n" } else { "\n" });
    }
    text.push_str("]}\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"{
      "anthropic": {"models": {"claude-x": {"name": "Claude X", "reasoning": true, "tool_call": true,
        "modalities": {"input": ["text", "image"], "output": ["text"]}, "limit": {"context": 200000, "output": 64000},
        "cost": {"input": 3, "output": 15, "cache_read": 0.083333, "cache_write": 3.75}, "release_date": "2026-01-02"}}},
      "gcp.gemini": {"models": {
        "gemini-old": {"tool_call": true, "status": "deprecated", "modalities": {"input": ["text"]}},
        "gemini-tts": {"tool_call": false, "modalities": {"input": ["text"]}, "cost": {"input": 1, "output": 6}}}},
      "openai": {"models": {
        "embed": {"type": "embedding", "modalities": {"output": ["text"]}},
        "paint": {"modalities": {"output": ["text", "image"]}}}},
      "openrouter": {"models": {
        "a/b": {"modalities": {"input": ["text"], "output": ["text"]}, "limit": {"context": 0}, "cost": {"input": 0, "output": 0}},
        "a/b:free": {"modalities": {"input": ["text"], "output": ["text"]}, "cost": {"input": 0, "output": 0}}}},
      "zai": {"models": {"glm": {"modalities": {"output": ["text"]}}}}
    }"#;

    fn find<'a>(models: &'a [Model], id: &str) -> &'a Model {
        models.iter().find(|model| model.id == id).unwrap()
    }

    #[test]
    fn keeps_chat_models_of_our_providers_only() {
        let models = convert(SOURCE).unwrap();
        let ids: Vec<_> = models
            .iter()
            .map(|m| format!("{}/{}", m.provider, m.id))
            .collect();
        assert_eq!(
            ids,
            [
                "anthropic/claude-x",
                "google/gemini-old",
                "openrouter/a/b",
                "openrouter/a/b:free"
            ]
        );
    }

    #[test]
    fn prices_are_exact_nano_dollars() {
        let models = convert(SOURCE).unwrap();
        let expected = Price {
            input: Some(3_000_000_000),
            cached_input: Some(83_333_000),
            cache_write: Some(3_750_000_000),
            output: Some(15_000_000_000),
        };
        assert_eq!(find(&models, "claude-x").price, Some(expected));
        assert_eq!(nano_dollars(0.003_625).unwrap(), 3_625_000);
        assert!(nano_dollars(-1.0).is_err() && nano_dollars(f64::NAN).is_err());
    }

    #[test]
    fn zero_is_unknown_unless_the_model_is_free_by_name() {
        let models = convert(SOURCE).unwrap();
        assert_eq!(find(&models, "a/b").price, None);
        assert_eq!(find(&models, "a/b").context, None);
        let free = find(&models, "a/b:free").price.as_ref().unwrap();
        assert_eq!(
            (free.input, free.output, free.cached_input),
            (Some(0), Some(0), None)
        );
    }

    #[test]
    fn a_missing_vendor_stops_the_refresh() {
        let error = convert(r#"{"openai": {"models": {}}}"#).unwrap_err();
        assert!(error.to_string().contains("anthropic"), "{error}");
    }

    #[test]
    fn renders_one_model_a_line() {
        let models = convert(SOURCE).unwrap();
        let text = render(&models, "rig-core-9.9.9", "2026-10-30T20:41:45Z").unwrap();
        assert_eq!(text.lines().count(), models.len() + 2);
        let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(parsed["as_of"], "2026-10-30");
        assert_eq!(parsed["models"][0]["max_output"], 64000);
        assert_eq!(parsed["models"][1]["status"], "deprecated");
    }
}
