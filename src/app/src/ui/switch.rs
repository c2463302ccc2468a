//! A switch for what is on or off at once. It refuses to remember: its owner holds the state.

use leptos::prelude::*;

/// A switch.
#[component]
pub fn Switch(
    /// Whether it is on.
    #[prop(into)]
    checked: Signal<bool>,
    /// What it switches, for screen readers and the waiting pointer.
    #[prop(into)]
    label: String,
    /// Whether it cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Takes the wished state.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            role="switch"
            class="group inline-flex h-8 w-12 shrink-0 cursor-pointer items-center justify-center rounded-full \
            pointer-coarse:min-h-11 disabled:cursor-not-allowed"
            aria-checked=move || if checked.get() { "true" } else { "false" }
            aria-label=label.clone()
            title=label
            disabled=move || disabled.get()
            on:click=move |_| on_change.run(!checked.get_untracked())
        >
            <span class="flex h-6 w-10 items-center rounded-full bg-strong p-0.5 transition-colors \
            group-aria-checked:bg-own group-disabled:opacity-60">
                <span class="size-5 rounded-full bg-surface transition-transform \
                group-aria-checked:translate-x-4"></span>
            </span>
        </button>
    }
}
