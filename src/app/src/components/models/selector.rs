//! The button in the composer that names the model and whose key would pay, and the palette behind it.
//! It refuses to send anything but the person's preference.

use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use marshmallow_core::{ModelChoice, ModelId};

use super::{choose::Models, palette::ModelPalette};
use crate::ui::{CredentialBadge, Dialog, Icon, IconName, IconSize};

/// The button and its palette. Ctrl-K or ⌘K opens it from anywhere on the page.
#[component]
pub fn ModelSelector(
    /// The models.
    models: Models,
    /// The one that is chosen.
    chosen: RwSignal<Option<ModelId>>,
    /// Runs when a model was chosen.
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let navigate = use_navigate();
    let current = Memo::new(move |_| chosen.with(|id| id.as_ref().and_then(|id| models.find(id))));
    Effect::new(move |_| {
        let shortcut = window_event_listener(ev::keydown, move |event| {
            if (event.ctrl_key() || event.meta_key()) && !event.shift_key() && event.key() == "k" {
                event.prevent_default();
                open.set(true);
            }
        });
        on_cleanup(move || shortcut.remove());
    });
    let on_choose = Callback::new(move |choice: ModelChoice| {
        open.set(false);
        if choice.credential.is_some() {
            chosen.set(Some(choice.id.clone()));
            models.prefer(choice.id);
            on_done.run(());
        } else {
            navigate("/settings/keys", Default::default());
        }
    });
    view! {
        <button
            type="button"
            class="flex min-h-9 min-w-0 cursor-pointer items-center gap-2 rounded-md px-2 text-left text-sm \
            text-soft hover:bg-sunken hover:text-ink pointer-coarse:min-h-11"
            aria-haspopup="dialog"
            title="Choose a model (Ctrl K)"
            on:click=move |_| {
                models.refresh();
                open.set(true);
            }
        >
            <span class="sr-only">"Model: "</span>
            <span class="min-w-0 truncate font-medium text-ink">{move || current.with(current_title)}</span>
            {move || {
                current.get().map(|choice| {
                    let label = choice.credential;
                    view! {
                        <span class="hidden min-w-0 sm:inline-flex">
                            <CredentialBadge
                                kind=label.as_ref().map(|label| label.kind)
                                label=label.as_ref().map(|label| label.label.clone()).unwrap_or_default()
                                last_four=label.as_ref().map(|label| label.last_four.clone()).unwrap_or_default()
                            />
                        </span>
                        <span class="inline-flex min-w-0 sm:hidden">
                            <CredentialBadge kind=label.as_ref().map(|label| label.kind)/>
                        </span>
                    }
                })
            }}
            <Icon name=IconName::ChevronDown size=IconSize::Small/>
        </button>
        <Dialog open=open title="Choose a model">
            <Show when=move || open.get()>
                <ModelPalette models=models chosen=chosen.into() on_choose=on_choose/>
            </Show>
        </Dialog>
    }
}

fn current_title(choice: &Option<ModelChoice>) -> String {
    choice
        .as_ref()
        .map_or_else(|| "Choose a model".to_owned(), |choice| choice.title.clone())
}
