//! The receipt beneath an answer: whose key paid, which model, what it cost; it opens in place to all of it.
//! It refuses to reckon: the server has.

use leptos::prelude::*;
use marshmallow_core::{Cost, CredentialLabel, Receipt};

use crate::ui::{CredentialBadge, Disclosure, credential_text};

/// What an answer cost, in words.
fn cost_words(cost: Cost) -> String {
    match cost.amount {
        None => "price unknown".into(),
        Some(amount) if cost.is_estimated => format!("{amount} estimated"),
        Some(amount) => amount.to_string(),
    }
}

/// A length of time: milliseconds below a second, else seconds with one digit.
fn duration(millis: u32) -> String {
    if millis < 1_000 {
        format!("{millis} ms")
    } else {
        format!("{}.{} s", millis / 1_000, millis % 1_000 / 100)
    }
}

/// A whole number with its thousands apart.
fn whole(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The lines of the table. Counts that are 0 and say nothing are left out.
fn lines(receipt: &Receipt) -> Vec<(&'static str, String)> {
    let credential = &receipt.credential;
    let usage = &receipt.usage;
    let mut lines = vec![
        (
            "Paid with",
            format!(
                "{}, {}",
                credential_text(Some(credential.kind), &credential.label, &credential.last_four),
                credential.provider
            ),
        ),
        ("Model", receipt.model.to_string()),
        ("Cost", cost_words(receipt.cost)),
        ("Input", counted_tokens(usage.input)),
    ];
    let parts = [
        ("of it from the cache", usage.cached_input),
        ("of it written to the cache", usage.cache_write),
    ];
    lines.extend(
        parts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| (name, counted_tokens(count))),
    );
    lines.push(("Output", counted_tokens(usage.output)));
    if usage.reasoning > 0 {
        lines.push(("of it reasoning", counted_tokens(usage.reasoning)));
    }
    if receipt.cost.is_estimated {
        lines.push(("Counts", "estimated, as the provider sent none".into()));
    }
    lines.extend(
        receipt
            .ttft_ms
            .map(|millis| ("Time to first token", duration(millis))),
    );
    lines.push(("Duration", duration(receipt.duration_ms)));
    lines.extend(attempts(receipt).into_iter().map(|attempt| ("Attempt", attempt)));
    lines.extend(receipt.request_id.clone().map(|id| ("Provider's request id", id)));
    lines
}

/// Every credential that was tried or passed over, in order, and what became of it.
fn attempts(receipt: &Receipt) -> Vec<String> {
    let named = |label: &CredentialLabel| credential_text(Some(label.kind), &label.label, &label.last_four);
    let failed = receipt
        .fallbacks
        .iter()
        .map(|fallback| (&fallback.from, Some(fallback.because)));
    failed
        .chain([(&receipt.credential, receipt.failure)])
        .zip(1..)
        .map(|((label, failure), number)| match failure {
            Some(diagnosis) => format!("{number}. {}: {}", named(label), diagnosis.title().to_lowercase()),
            None => format!("{number}. {}: served", named(label)),
        })
        .collect()
}

fn counted_tokens(count: u64) -> String {
    format!("{} {}", whole(count), if count == 1 { "token" } else { "tokens" })
}

/// The receipt line and what it opens to.
#[component]
pub fn ReceiptLine(
    /// The receipt.
    receipt: Receipt,
) -> impl IntoView {
    let credential = receipt.credential.clone();
    let model = receipt.model.to_string();
    let cost = cost_words(receipt.cost);
    let summary = move || {
        view! {
            <span class="sr-only">"Receipt: "</span>
            <span class="flex min-w-0 flex-wrap items-center gap-x-2 text-xs">
                <CredentialBadge
                    plain=true
                    kind=Some(credential.kind)
                    label=credential.label.clone()
                    last_four=credential.last_four.clone()
                />
                <span aria-hidden="true">"·"</span>
                <span class="font-mono [overflow-wrap:anywhere]">{model.clone()}</span>
                <span aria-hidden="true">"·"</span>
                <span class="font-mono tabular-nums">{cost.clone()}</span>
            </span>
        }
    };
    let rows = lines(&receipt)
        .into_iter()
        .map(|(name, value)| {
            view! {
                <tr class="border-b border-line last:border-b-0">
                    <th scope="row" class="py-1.5 pr-4 text-left align-top font-normal text-soft">{name}</th>
                    <td class="py-1.5 font-mono [overflow-wrap:anywhere]">{value}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Disclosure summary=summary>
            <table class="w-full max-w-lg text-xs">
                <caption class="sr-only">"Receipt of this answer"</caption>
                <tbody>{rows}</tbody>
            </table>
        </Disclosure>
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{CredentialKind, Diagnosis, Fallback, NanoDollars, Provider, Usage};

    use super::*;

    fn receipt() -> Receipt {
        Receipt {
            credential: CredentialLabel {
                kind: CredentialKind::Own,
                provider: Provider::OpenAi,
                label: "Work".into(),
                last_four: "x3Fa".into(),
                key: None,
            },
            model: "openai/gpt-test".parse().unwrap(),
            usage: Usage {
                input: 1_234_567,
                output: 1,
                ..Usage::default()
            },
            cost: Cost {
                amount: Some(NanoDollars(4_100_000)),
                is_estimated: false,
            },
            fallbacks: Vec::new(),
            failure: None,
            stop: None,
            ttft_ms: Some(320),
            duration_ms: 12_345,
            request_id: Some("req_1".into()),
        }
    }

    #[test]
    fn the_table_tells_all_that_is_known() {
        assert_eq!(
            lines(&receipt()),
            [
                ("Paid with", "Your key · Work ··x3Fa, OpenAI".to_owned()),
                ("Model", "openai/gpt-test".to_owned()),
                ("Cost", "$0.0041".to_owned()),
                ("Input", "1,234,567 tokens".to_owned()),
                ("Output", "1 token".to_owned()),
                ("Time to first token", "320 ms".to_owned()),
                ("Duration", "12.3 s".to_owned()),
                ("Attempt", "1. Your key · Work ··x3Fa: served".to_owned()),
                ("Provider's request id", "req_1".to_owned()),
            ]
        );
    }

    #[test]
    fn parts_of_the_counts_and_estimates_are_told_when_there_are_any() {
        let mut receipt = receipt();
        receipt.usage = Usage {
            input: 10,
            cached_input: 4,
            cache_write: 3,
            output: 9,
            reasoning: 5,
        };
        receipt.cost.is_estimated = true;
        let names: Vec<&str> = lines(&receipt).into_iter().map(|(name, _)| name).collect();
        for name in [
            "of it from the cache",
            "of it written to the cache",
            "of it reasoning",
            "Counts",
        ] {
            assert!(names.contains(&name), "{name}");
        }
    }

    #[test]
    fn an_unknown_price_is_unknown_and_an_estimate_says_so() {
        assert_eq!(
            cost_words(Cost {
                amount: None,
                is_estimated: true
            }),
            "price unknown"
        );
        let estimated = Cost {
            amount: Some(NanoDollars(4_100_000)),
            is_estimated: true,
        };
        assert_eq!(cost_words(estimated), "$0.0041 estimated");
    }

    #[test]
    fn every_attempt_is_told_with_what_became_of_it() {
        let mut receipt = receipt();
        receipt.fallbacks = vec![Fallback {
            from: CredentialLabel {
                label: "Home".into(),
                last_four: "9Kd2".into(),
                ..receipt.credential.clone()
            },
            because: Diagnosis::RateLimited,
        }];
        receipt.failure = Some(Diagnosis::NoCredit);
        assert_eq!(
            attempts(&receipt),
            [
                "1. Your key · Home ··9Kd2: rate limited",
                "2. Your key · Work ··x3Fa: no credit"
            ]
        );
    }

    #[test]
    fn thousands_stand_apart() {
        for (count, shown) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(whole(count), shown);
        }
    }
}
