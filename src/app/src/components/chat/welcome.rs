//! The first ten seconds: where to type, what may be used right now, and how to add a key.
//! It refuses to send: an example goes into the composer, and the person decides.

use leptos::prelude::*;

use crate::{
    components::models::{Models, Offer},
    ui::{ButtonVariant, Icon, IconName, IconSize, LinkButton, Mark, MarkSize},
};

/// Questions to begin with.
const EXAMPLES: [&str; 4] = [
    "Explain how a sealed letter keeps a secret, as if I were twelve.",
    "Plan a weekend in Oslo for two who like museums and rain.",
    "Write a polite note that moves a meeting to next Tuesday.",
    "What is the difference between a token and a word?",
];

/// What an empty conversation shows.
#[component]
pub fn Welcome(
    /// The models.
    models: Models,
    /// Takes an example.
    on_example: Callback<String>,
) -> impl IntoView {
    let offer = Memo::new(move |_| models.with(Offer::of));
    view! {
        <div class="flex min-h-full flex-col items-center justify-center gap-6 py-8 text-center">
            <Mark size=MarkSize::Large/>
            <div class="max-w-md space-y-2">
                <h2 class="text-2xl leading-tight font-semibold text-balance">"Ask anything, with your own keys"</h2>
                <p class="text-balance text-soft">
                    "Every answer says whose key paid for it and what it cost."
                </p>
            </div>
            <div class="flex flex-col items-center gap-3">
                <p class="max-w-md text-sm">{move || offer.get().sentence()}</p>
                {move || {
                    let (variant, words) = match offer.get() {
                        Offer::Nothing => (ButtonVariant::Primary, "Add your key"),
                        Offer::Platform(_) => (ButtonVariant::Secondary, "Add your key"),
                        Offer::Own(_) => (ButtonVariant::Quiet, "Manage your keys"),
                    };
                    view! {
                        <LinkButton href="/settings/keys" variant=variant>
                            <Icon name=IconName::Key size=IconSize::Small/>
                            {words}
                        </LinkButton>
                    }
                }}
            </div>
            <Show when=move || offer.get() != Offer::Nothing>
                <ul class="grid w-full gap-2 sm:grid-cols-2" aria-label="Examples for the message field">
                    <For each=|| EXAMPLES key=|example| *example let:example>
                        <li>
                            <button
                                type="button"
                                class="h-full w-full cursor-pointer rounded-md border border-line bg-surface px-4 \
                                py-3 text-left text-sm text-soft transition-colors hover:border-strong \
                                hover:text-ink"
                                on:click=move |_| on_example.run(example.to_owned())
                            >
                                {example}
                            </button>
                        </li>
                    </For>
                </ul>
            </Show>
        </div>
    }
}
