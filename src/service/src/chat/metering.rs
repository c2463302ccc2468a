//! What an answer cost: the provider's own counts where it sent them, else an estimate that says so.
//! Pure.

use marshmallow_core::{Cost, ModelId, NanoDollars, Price, Usage};

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

/// The cost by the provider's own word, else by the catalogue; unknown where neither knows.
pub fn cost(candidate: &Candidate, usage: &Usage, told: Option<NanoDollars>, is_estimated: bool) -> Cost {
    let provider = candidate.label.provider;
    let price: Option<Price> = CATALOGUE
        .find(provider, &candidate.model)
        .and_then(|known| known.price());
    Cost {
        amount: told.or_else(|| price.map(|price| price.cost(usage))),
        is_estimated,
    }
}

/// The cost by the catalogue of a model asked for under its own name.
pub fn cost_of_model(model: &ModelId, usage: &Usage) -> Cost {
    let known = CATALOGUE.find(model.endpoint.provider(), &model.name);
    Cost {
        amount: known
            .and_then(|known| known.price())
            .map(|price| price.cost(usage)),
        is_estimated: true,
    }
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
    fn an_unknown_model_has_no_cost_rather_than_none_to_pay() {
        let cost = cost_of_model(&"ollama/some-model".parse().unwrap(), &estimate(100, 100));
        assert_eq!(cost.amount, None);
    }
}
