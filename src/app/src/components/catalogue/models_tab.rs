//! The Models tab: every model that a chat could use, found by typing, with the default to choose.

use leptos::prelude::*;
use marshmallow_core::{ModelId, ModelSelection};

use super::{
    filter::{PAGE, matching},
    model_row::ModelRow,
};
use crate::{
    api::{ApiError, models},
    components::account::Failure,
    format::counted,
    ui::{
        Button, ButtonVariant, Card, EmptyState, FieldKind, IconName, LinkButton, Skeleton, SkeletonShape,
        TextField, use_toasts,
    },
};

/// The tab's content.
#[component]
pub fn ModelsTab() -> impl IntoView {
    let selection = Resource::new(|| (), |()| models::models());
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton shape=SkeletonShape::Row count=8/> }
        }>
            {move || Suspend::new(async move {
                match selection.await {
                    Ok(selection) if selection.choices.is_empty() => view! { <NoModels/> }.into_any(),
                    Ok(selection) => view! { <ModelList selection=selection/> }.into_any(),
                    Err(error) => {
                        view! { <Failure error=error retry=move |()| selection.refetch()/> }.into_any()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn NoModels() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::Layers
            title="No models yet"
            text="Add a key, and the models that it reaches appear here."
        >
            <LinkButton href="/settings/keys" variant=ButtonVariant::Primary>
                "Add a key"
            </LinkButton>
        </EmptyState>
    }
}

#[component]
fn ModelList(selection: ModelSelection) -> impl IntoView {
    let toasts = use_toasts();
    let preferred = RwSignal::new(selection.preferred);
    let failure = RwSignal::new(None::<ApiError>);
    let prefer = Action::new(move |model: &ModelId| {
        let model = model.clone();
        async move {
            match models::prefer_model(model.clone()).await {
                Ok(()) => {
                    toasts.good(format!("New chats begin with {}.", model.name));
                    preferred.set(Some(model));
                    failure.set(None);
                }
                Err(error) => failure.set(Some(error)),
            }
        }
    });
    let typed = RwSignal::new(String::new());
    let shown = RwSignal::new(PAGE);
    let choices = StoredValue::new(selection.choices);
    let found =
        Memo::new(move |_| typed.with(|typed| choices.with_value(|choices| matching(choices, typed))));
    let rows = move || found.with(|found| found.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    let count = move || counted(found.with(Vec::len) as u64, "model", "models");
    let has_more = move || found.with(Vec::len) > shown.get();
    view! {
        <Card>
            <TextField
                label="Search models"
                name="search"
                kind=FieldKind::Search
                value=typed
                placeholder="claude, gpt, free …"
                autocomplete="off"
            />
            <p class="mt-3 flex flex-wrap justify-between gap-x-4 text-xs text-soft">
                <span aria-live="polite">{count}</span>
                <span>
                    "Prices for a million tokens, as of "
                    <span class="tabular-nums">{selection.prices_as_of}</span>
                </span>
            </p>
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
            <ul class="mt-3 divide-y divide-line border-t border-line">
                <For each=rows key=|choice| choice.id.clone() let:choice>
                    <ModelRow choice=choice preferred=preferred prefer=prefer/>
                </For>
            </ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="py-8 text-center text-sm text-soft">"No model has all these words in its name."</p>
            </Show>
            <Show when=has_more>
                <Button wide=true on_click=move |_| shown.update(|shown| *shown += PAGE)>
                    "Show more"
                </Button>
            </Show>
        </Card>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use marshmallow_core::{Abilities, CredentialKind, CredentialLabel, ModelChoice, Price, Provider};

    use super::*;
    use crate::ui::gallery::{markup, render, show};

    fn choice(id: &str, title: &str, kind: Option<CredentialKind>, price: Option<Price>) -> ModelChoice {
        ModelChoice {
            id: id.parse().unwrap(),
            title: title.into(),
            context: Some(200_000),
            price,
            abilities: Abilities {
                vision: true,
                tools: true,
                reasoning: false,
            },
            credential: kind.map(|kind| CredentialLabel {
                kind,
                provider: Provider::OpenAi,
                label: "Work".into(),
                last_four: "x3Fa".into(),
                key: None,
            }),
        }
    }

    #[test]
    fn the_list_tells_price_and_key_and_marks_the_default() {
        let price = Price {
            input: 2_500_000_000,
            cached_input: None,
            cache_write: None,
            output: 10_000_000_000,
        };
        let choices = vec![
            choice("openai/gpt-5", "GPT-5", Some(CredentialKind::Own), Some(price)),
            choice(
                "openrouter/meta-llama/llama-4",
                "Llama 4",
                Some(CredentialKind::OpenRouter),
                None,
            ),
            choice("anthropic/claude-opus-5", "Claude Opus 5", None, Some(price)),
        ];
        let selection = ModelSelection {
            preferred: Some(choices[0].id.clone()),
            choices,
            prices_as_of: "2026-11-20".into(),
        };
        let html = render(|| {
            view! {
                <div class="mx-auto max-w-4xl p-6">
                    <ModelList selection=selection/>
                </div>
            }
        });
        show("models", &html);
        assert_eq!(markup::faults(&html), Vec::<String>::new());
        for told in [
            "$2.50 in · $10.00 out",
            "price unknown",
            "Needs a key",
            "200k context",
            "2026-11-20",
        ] {
            assert!(html.contains(told), "{told} is missing");
        }
        assert_eq!(html.matches(">Default<").count(), 1);
        // The default has no button, and neither has a model that no key serves.
        assert_eq!(html.matches("Make default").count(), 1);
    }
}
