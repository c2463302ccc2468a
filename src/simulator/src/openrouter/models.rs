//! The models that OpenRouter lists, with their prices.

use serde_json::{Value, json};

const CREATED: u64 = 1_754_587_413;

/// A model of the list. Prices are nano-dollars a token.
#[derive(Clone, Copy)]
pub(super) struct Model {
    pub id: &'static str,
    name: &'static str,
    /// Who really answers.
    pub provider: &'static str,
    context: u64,
    prompt: u64,
    completion: u64,
}

const MODELS: [Model; 5] = [
    Model {
        id: "openai/gpt-5-mini",
        name: "OpenAI: GPT-5 Mini",
        provider: "OpenAI",
        context: 400_000,
        prompt: 250,
        completion: 2000,
    },
    Model {
        id: "openai/gpt-4o-mini",
        name: "OpenAI: GPT-4o-mini",
        provider: "OpenAI",
        context: 128_000,
        prompt: 150,
        completion: 600,
    },
    Model {
        id: "anthropic/claude-sonnet-4.5",
        name: "Anthropic: Claude Sonnet 4.5",
        provider: "Anthropic",
        context: 1_000_000,
        prompt: 3000,
        completion: 15_000,
    },
    Model {
        id: "google/gemini-2.5-flash",
        name: "Google: Gemini 2.5 Flash",
        provider: "Google",
        context: 1_048_576,
        prompt: 300,
        completion: 2500,
    },
    Model {
        id: "meta-llama/llama-3.3-70b-instruct:free",
        name: "Meta: Llama 3.3 70B Instruct (free)",
        provider: "Venice",
        context: 131_072,
        prompt: 0,
        completion: 0,
    },
];

/// The model list.
pub(super) fn list() -> Value {
    json!({"data": MODELS.map(entry)})
}

/// A model by its id.
pub(super) fn find(id: &str) -> Option<Model> {
    MODELS.into_iter().find(|model| model.id == id)
}

impl Model {
    /// What an answer costs, in US dollars, which OpenRouter calls credits.
    pub fn cost(self, input: u64, output: u64) -> f64 {
        dollars(input * self.prompt + output * self.completion)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the provider reports a floating-point number, and costs are small"
)]
fn dollars(nano: u64) -> f64 {
    nano as f64 / 1e9
}

fn entry(model: Model) -> Value {
    json!({
        "id": model.id,
        "canonical_slug": model.id,
        "hugging_face_id": "",
        "name": model.name,
        "created": CREATED,
        "description": format!("{}, simulated", model.name),
        "context_length": model.context,
        "architecture": {
            "modality": "text+image->text",
            "input_modalities": ["text", "image"],
            "output_modalities": ["text"],
            "tokenizer": "Other",
            "instruct_type": null,
        },
        "pricing": {
            "prompt": price(model.prompt),
            "completion": price(model.completion),
            "request": "0",
            "image": "0",
            "web_search": "0",
            "internal_reasoning": "0",
        },
        "top_provider": {
            "context_length": model.context,
            "max_completion_tokens": 16_384,
            "is_moderated": false,
        },
        "per_request_limits": null,
        "supported_parameters": ["max_tokens", "temperature", "top_p", "stop", "reasoning", "include_reasoning"],
        "default_parameters": {"temperature": null},
    })
}

/// A price as a decimal string of dollars, without needless zeros: prices are strings because floats lose digits.
fn price(nano: u64) -> String {
    let digits = format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000);
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}
