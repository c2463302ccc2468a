//! What an answer cost: the provider's own counts where it sent them, else an estimate that says so.
//! Pure.

use marshmallow_core::{Cost, ModelId, NanoDollars, Price, Usage};
use marshmallow_providers::ChatRequest;

use super::draft::Draft;
use crate::{credentials::Candidate, models::CATALOGUE};

/// Characters that one token stands for on average, in Latin text.
const CHARS_PER_TOKEN: usize = 4;

/// The counts of a call that ended without them: by the length of what was sent and received.
pub fn estimate(prompt_chars: usize, output_chars: usize) -> Usage {
    let tokens = |chars: usize| u64::try_from(chars.div_ceil(CHARS_PER_TOKEN)).unwrap_or(u64::MAX);
    Usage {
        input: tokens(prompt_chars),
        output: tokens(output_chars),
        ..Usage::default()
    }
}

/// Bytes that one token of a prompt stands for at least, in most texts and scripts.
const LEAST_BYTES_PER_TOKEN: usize = 3;
/// Tokens that a chat template puts around each turn, at most.
const TOKENS_PER_TURN: usize = 16;

/// The tokens of a prompt, estimated high: what is set aside must hold.
pub fn most_prompt_tokens(request: &ChatRequest) -> u64 {
    let tokens: usize = request
        .turns
        .iter()
        .map(|turn| turn.text.len().div_ceil(LEAST_BYTES_PER_TOKEN) + TOKENS_PER_TURN)
        .sum();
    u64::try_from(tokens).unwrap_or(u64::MAX)
}

/// What a running call has used so far: the provider's counts where they came, else by length.
pub fn so_far(draft: &Draft, prompt_tokens: u64) -> Usage {
    let told = draft.usage.unwrap_or_default();
    // By bytes, which are known without looking at each letter again for each word that comes.
    let bytes = draft.text.len() + draft.reasoning.len();
    let written = u64::try_from(bytes / CHARS_PER_TOKEN).unwrap_or(u64::MAX);
    Usage {
        input: if told.input > 0 { told.input } else { prompt_tokens },
        output: told.output.max(written),
        ..told
    }
}

/// The price of what a candidate would be asked for, by the catalogue.
pub fn price(candidate: &Candidate) -> Option<Price> {
    CATALOGUE
        .find(candidate.label.provider, &candidate.model)
        .and_then(|known| known.price())
}

/// The cost by the provider's own word, else by the price; unknown where there is neither.
pub fn cost(price: Option<Price>, usage: &Usage, told: Option<NanoDollars>, is_estimated: bool) -> Cost {
    Cost {
        amount: told.or_else(|| price.map(|price| price.cost(usage))),
        is_estimated,
    }
}

/// The price by the catalogue of a model asked for under its own name.
pub fn price_of_model(model: &ModelId) -> Option<Price> {
    CATALOGUE
        .find(model.endpoint.provider(), &model.name)
        .and_then(|known| known.price())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_counts_every_begun_token() {
        let usage = estimate(9, 4);
        assert_eq!((usage.input, usage.output), (3, 1));
    }

    #[test]
    fn what_is_set_aside_for_a_prompt_is_more_than_its_estimate() {
        let turn = |text: &str| marshmallow_providers::Turn {
            author: marshmallow_core::Author::User,
            text: text.into(),
        };
        let request = ChatRequest {
            model: "m".into(),
            system: None,
            turns: vec![turn("1234567"), turn("世界")],
            max_output: 1,
        };
        assert_eq!(most_prompt_tokens(&request), 3 + 16 + 2 + 16);
    }

    #[test]
    fn an_unknown_model_has_no_cost_rather_than_none_to_pay() {
        let price = price_of_model(&"ollama/some-model".parse().unwrap());
        assert_eq!(cost(price, &estimate(100, 100), None, true).amount, None);
    }
}
