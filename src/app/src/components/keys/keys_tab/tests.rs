//! The tab as the server renders it: sound markup, and nothing of a key but its end.

use marshmallow_core::{
    Allowance, BudgetSubject, Diagnosis, Former, KeyId, KeyStatus, KeySummary, Millis, NanoDollars, Random,
    Replaced, Rest,
};

use super::*;
use crate::ui::gallery::{markup, render, show};

struct Bytes(u8);
impl Random for Bytes {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

fn key(number: u8, provider: Provider, label: &str, status: KeyStatus) -> KeySummary {
    KeySummary {
        id: KeyId::make(Millis(1), &Bytes(number)),
        provider,
        endpoint: if provider == Provider::Custom {
            "ollama".parse().unwrap()
        } else {
            provider.into()
        },
        base_url: "http://localhost:11434/v1".into(),
        label: label.into(),
        last_four: "x3Fa".into(),
        is_active: number != 3,
        status,
        until: None,
        model_count: Some(62),
        rest: (number == 2).then_some(Rest {
            until: Millis(1_795_443_000_000),
            because: Diagnosis::RateLimited,
        }),
        created_at: Millis(1_795_000_000_000),
        last_used: (number != 2).then_some(Millis(1_795_442_000_000)),
        last_validated: Some(Millis(1_795_440_000_000)),
        expires_at: None,
        is_over: false,
        next_check: None,
        credit_left: None,
        status_since: None,
        replaced: None,
        former: None,
    }
}

fn cards() -> Vec<ProviderCard> {
    Provider::ALL
        .map(|provider| ProviderCard {
            provider,
            base_url: (provider != Provider::Custom).then(|| format!("https://api.{}.com", provider.slug())),
            keys: match provider {
                Provider::OpenAi => vec![
                    key(1, provider, "Work", KeyStatus::Checked(Diagnosis::Valid)),
                    key(2, provider, "", KeyStatus::Checked(Diagnosis::NoCredit)),
                    key(
                        3,
                        provider,
                        "Old laptop",
                        KeyStatus::Checked(Diagnosis::RateLimited),
                    ),
                    KeySummary {
                        expires_at: Some(Millis(2)),
                        is_over: true,
                        ..key(5, provider, "Trial", KeyStatus::Checked(Diagnosis::Valid))
                    },
                    KeySummary {
                        former: Some(Former {
                            last_four: "g0ne".into(),
                            dead_at: Millis(1_795_441_000_000),
                        }),
                        ..key(6, provider, "Main", KeyStatus::Checked(Diagnosis::Valid))
                    },
                    KeySummary {
                        last_four: "d1es".into(),
                        replaced: Some(Replaced {
                            by: KeyId::make(Millis(1), &Bytes(6)),
                            at: Millis(1_795_439_000_000),
                            next_check: Some(Millis(1_795_450_000_000)),
                            is_draining: true,
                        }),
                        ..key(7, provider, "Main", KeyStatus::Checked(Diagnosis::Valid))
                    },
                ],
                Provider::Custom => vec![key(
                    4,
                    provider,
                    "Cellar",
                    KeyStatus::Checked(Diagnosis::Unverifiable),
                )],
                _ => Vec::new(),
            },
        })
        .into()
}

fn budgets() -> Vec<BudgetSummary> {
    let allowance = |used| Allowance {
        limit: NanoDollars(5_000_000_000),
        used: NanoDollars(used),
        reserved: NanoDollars(4_100_000),
    };
    vec![BudgetSummary {
        subject: BudgetSubject::Key(KeyId::make(Millis(1), &Bytes(1))),
        day: Some(allowance(4_900_000_000)),
        month: None,
    }]
}

#[test]
fn the_tab_is_sound_markup_and_says_what_to_do() {
    let html = render(|| {
        view! {
            <div class="mx-auto max-w-4xl p-6">
                <Cards cards=cards() budgets=budgets() longest=None add=ServerAction::new()/>
            </div>
        }
    });
    show("keys", &html);
    assert_eq!(markup::faults(&html), Vec::<String>::new());
    for told in [
        "Work",
        "Unnamed key",
        "has no credit left",
        "Add credit at OpenAI",
        "…x3Fa",
        "ollama",
        "switched off",
        "$4.90 of $5.00 today",
        "Resting",
        "Move Work down",
        "next check soon",
        "time limit that you set",
        "Extend it",
        "Set an expiry",
        "…g0ne",
        "no longer works",
        "Replaced keys",
        "Check the replaced key …d1es now",
        "The old key still works: OpenAI accepts it.",
        "An answer is still being written with the old key",
        "Revoke the old key at OpenAI",
    ] {
        assert!(html.contains(told), "{told} is missing");
    }
}

#[test]
fn each_form_posts_by_itself_with_its_provider() {
    let html =
        render(|| view! { <Cards cards=cards() budgets=budgets() longest=None add=ServerAction::new()/> });
    assert_eq!(html.matches("action=\"/api/keys/add\"").count(), 6);
    for provider in Provider::ALL {
        let hidden = format!(
            "<input type=\"hidden\" name=\"provider\" value=\"{}\"",
            provider.slug()
        );
        assert!(html.contains(&hidden), "{provider} has no form");
    }
    assert_eq!(html.matches("name=\"key\" type=\"password\"").count(), 6);
}
