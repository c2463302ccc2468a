//! The free check of an OpenRouter key: its account (<https://openrouter.ai/docs/api-reference/limits>).
//! The list of models is public, so it proves nothing and only tells names, abilities and prices
//! (<https://openrouter.ai/docs/api-reference/list-available-models>).

use marshmallow_core::{Abilities, Diagnosis, Price};
use serde_json::Value;

use crate::{
    ListedModel,
    account::Account,
    amount::nano_dollars,
    call::{BadBase, Call, KeyHeader, join},
    listing::Page,
};

/// The call for the key's account.
pub(crate) fn account(base: &str) -> Result<Call, BadBase> {
    get(base, "key")
}

/// The call for the list of models.
pub(crate) fn list(base: &str) -> Result<Call, BadBase> {
    get(base, "models")
}

fn get(base: &str, segment: &str) -> Result<Call, BadBase> {
    Ok(Call {
        url: join(base, &[segment])?,
        key_header: KeyHeader::Bearer,
        headers: &[],
        body: None,
    })
}

/// What the account says of the key; none if it is no account.
pub(crate) fn read_account(body: &Value) -> Option<Account> {
    let account = body["data"].as_object()?;
    let is = |name: &str| account.get(name).is_some_and(|value| value == true);
    let remaining = account.get("limit_remaining").and_then(Value::as_f64);
    let diagnosis = if is("is_management_key") || is("is_provisioning_key") {
        Diagnosis::AdminKey
    } else if is("disabled") {
        Diagnosis::ScopeMissing
    } else if remaining.is_some_and(|dollars| dollars <= 0.0) {
        Diagnosis::SpendCap
    } else {
        Diagnosis::Valid
    };
    Some(Account {
        diagnosis,
        credit_left: remaining.and_then(|dollars| nano_dollars(dollars.max(0.0))),
    })
}

/// Reads the list; none if it is no list.
pub(crate) fn read_list(body: &Value) -> Option<Page> {
    Some(Page {
        models: body["data"].as_array()?.iter().filter_map(read_model).collect(),
        next: None,
    })
}

fn read_model(model: &Value) -> Option<ListedModel> {
    let holds = |list: &Value, word: &str| list.as_array().is_some_and(|l| l.iter().any(|w| w == word));
    let modes = &model["architecture"];
    if modes["output_modalities"].is_array() && !holds(&modes["output_modalities"], "text") {
        return None;
    }
    let mut listed = ListedModel::named(&model["id"])?
        .titled(&model["name"])
        .with_context(&[&model["context_length"]]);
    listed.price = read_price(&model["pricing"]);
    listed.abilities = Some(Abilities {
        vision: holds(&modes["input_modalities"], "image"),
        tools: holds(&model["supported_parameters"], "tools"),
        reasoning: holds(&model["supported_parameters"], "reasoning"),
    });
    Some(listed)
}

/// Prices are decimal dollars for one token, as text. A negative one means "depends on the route".
fn read_price(pricing: &Value) -> Option<Price> {
    let per_million = |name: &str| {
        let dollars: f64 = pricing[name].as_str()?.parse().ok()?;
        nano_dollars(dollars * 1e6)
    };
    Some(Price {
        input: per_million("prompt")?,
        cached_input: per_million("input_cache_read"),
        cache_write: per_million("input_cache_write"),
        output: per_million("completion")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_account_tells_what_the_key_is_good_for() {
        let cases = [
            (
                json!({"label": "sk-or-v1-abc...123", "limit": null, "limit_remaining": null,
                "usage": 0.5, "is_free_tier": false, "is_management_key": false}),
                Diagnosis::Valid,
                None,
            ),
            (
                json!({"limit": 5, "limit_remaining": 4.5}),
                Diagnosis::Valid,
                Some(4_500_000_000),
            ),
            (
                json!({"limit": 5, "limit_remaining": 0}),
                Diagnosis::SpendCap,
                Some(0),
            ),
            (
                json!({"limit": 5, "limit_remaining": -0.01}),
                Diagnosis::SpendCap,
                Some(0),
            ),
            (json!({"is_management_key": true}), Diagnosis::AdminKey, None),
            (json!({"is_provisioning_key": true}), Diagnosis::AdminKey, None),
            (json!({"disabled": true}), Diagnosis::ScopeMissing, None),
            (json!({}), Diagnosis::Valid, None),
        ];
        for (data, diagnosis, credit_left) in cases {
            let account = Account {
                diagnosis,
                credit_left,
            };
            assert_eq!(read_account(&json!({"data": data})), Some(account), "{data}");
        }
        assert_eq!(read_account(&json!({"ok": true})), None);
    }

    #[test]
    fn the_list_tells_prices_in_nano_dollars_for_a_million_tokens() {
        let body = json!({"data": [
            {"id": "anthropic/claude-x", "name": "Anthropic: Claude X", "context_length": 200000,
             "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
             "pricing": {"prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003",
                 "input_cache_write": "0.00000375", "request": "0"},
             "supported_parameters": ["max_tokens", "tools", "reasoning"]},
            {"id": "openrouter/auto", "name": "Auto", "pricing": {"prompt": "-1", "completion": "-1"}},
            {"id": "free/one:free", "pricing": {"prompt": "0", "completion": "0"}},
            {"id": "paint/er", "architecture": {"output_modalities": ["image"]}},
        ]});
        let models = read_list(&body).unwrap().models;
        assert_eq!(models.len(), 3);
        assert_eq!(
            models[0],
            ListedModel {
                id: "anthropic/claude-x".into(),
                title: Some("Anthropic: Claude X".into()),
                context: Some(200_000),
                price: Some(Price {
                    input: 3_000_000_000,
                    cached_input: Some(300_000_000),
                    cache_write: Some(3_750_000_000),
                    output: 15_000_000_000,
                }),
                abilities: Some(Abilities {
                    vision: true,
                    tools: true,
                    reasoning: true,
                }),
            }
        );
        assert_eq!(models[1].price, None, "an unknown price is unknown, never 0");
        assert_eq!(models[2].price.map(|price| price.input), Some(0));
    }
}
