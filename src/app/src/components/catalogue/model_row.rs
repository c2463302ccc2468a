//! One model of the list: what it costs, what it can do, whose key serves it.

use leptos::prelude::*;
use marshmallow_core::{Abilities, ModelChoice, ModelId};

use crate::{
    format::{price_line, tokens},
    ui::{Badge, Button, ButtonSize, ButtonVariant, CredentialBadge, LinkButton, Tone},
};

/// The abilities in words.
fn ability_words(abilities: Abilities) -> Vec<&'static str> {
    [
        (abilities.vision, "reads pictures"),
        (abilities.tools, "uses tools"),
        (abilities.reasoning, "reasons"),
    ]
    .into_iter()
    .filter_map(|(has, words)| has.then_some(words))
    .collect()
}

/// Provider, context length and abilities in a line.
fn facts(choice: &ModelChoice) -> String {
    let provider = choice.id.endpoint.provider().name().to_owned();
    let context = choice
        .context
        .map(|context| format!("{} context", tokens(context)));
    let abilities = ability_words(choice.abilities).into_iter().map(str::to_owned);
    std::iter::once(provider)
        .chain(context)
        .chain(abilities)
        .collect::<Vec<_>>()
        .join(" · ")
}

/// A model.
#[component]
pub(super) fn ModelRow(
    /// The model.
    choice: ModelChoice,
    /// The default for new conversations.
    preferred: RwSignal<Option<ModelId>>,
    /// Makes a model the default.
    prefer: Action<ModelId, ()>,
) -> impl IntoView {
    let id = StoredValue::new(choice.id.clone());
    let is_preferred = move || id.with_value(|id| preferred.with(|preferred| preferred.as_ref() == Some(id)));
    let facts = facts(&choice);
    let label = format!("Make {} the default", choice.title);
    let price = price_line(choice.price.as_ref());
    let serves = choice.credential.is_some();
    let (kind, own_label, last_four) = match choice.credential {
        Some(credential) => (Some(credential.kind), credential.label, credential.last_four),
        None => (None, String::new(), String::new()),
    };
    view! {
        <li class="grid gap-x-4 gap-y-1 py-3 sm:grid-cols-[minmax(0,1fr)_15rem_8rem] sm:items-center">
            <div class="min-w-0">
                <p class="text-sm font-medium break-words">{choice.title}</p>
                <p class="font-mono text-xs break-all text-soft">{choice.id.to_string()}</p>
                <p class="text-xs text-soft">{facts}</p>
            </div>
            <div class="min-w-0 space-y-1">
                <CredentialBadge kind=kind label=own_label last_four=last_four/>
                <p class="font-mono text-xs text-soft tabular-nums">{price}</p>
            </div>
            <div class="sm:text-right">
                <Show
                    when=is_preferred
                    fallback=move || {
                        let label = label.clone();
                        if serves {
                            view! {
                                <Button
                                    size=ButtonSize::Small
                                    variant=ButtonVariant::Quiet
                                    label=label
                                    on_click=move |_| { prefer.dispatch(id.get_value()); }
                                >
                                    "Make default"
                                </Button>
                            }
                                .into_any()
                        } else {
                            view! {
                                <LinkButton href="/settings/keys" size=ButtonSize::Small variant=ButtonVariant::Quiet>
                                    "Add your key"
                                </LinkButton>
                            }
                                .into_any()
                        }
                    }
                >
                    <Badge tone=Tone::Good>"Default"</Badge>
                </Show>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_name_only_what_is_known() {
        let mut choice = ModelChoice {
            id: "openai/gpt-5".parse().unwrap(),
            title: "GPT-5".into(),
            context: Some(128_000),
            price: None,
            abilities: Abilities {
                vision: true,
                tools: false,
                reasoning: true,
            },
            credential: None,
        };
        assert_eq!(facts(&choice), "OpenAI · 128k context · reads pictures · reasons");
        choice.context = None;
        choice.abilities = Abilities::default();
        assert_eq!(facts(&choice), "OpenAI");
    }
}
