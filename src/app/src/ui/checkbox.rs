//! A box to tick in a form. It is the browser's own, so forms without a script send it; it refuses to remember, since
//! the form does.

use leptos::prelude::*;

use super::{Icon, IconName, IconSize};

/// A box with its words beside it.
#[component]
pub fn Checkbox(
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// What the form sends for it when it is ticked.
    #[prop(into)]
    value: String,
    /// Whether it is ticked at first.
    #[prop(optional)]
    checked: bool,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <label class="relative flex cursor-pointer items-center gap-3 py-1 text-sm pointer-coarse:min-h-11">
            <input type="checkbox" class="peer sr-only" name=name value=value checked=checked/>
            <span class="flex size-5 shrink-0 items-center justify-center rounded-sm border border-strong bg-surface \
            text-transparent peer-checked:border-own peer-checked:bg-own peer-checked:text-surface \
            peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent">
                <Icon name=IconName::Check size=IconSize::Small/>
            </span>
            <span class="min-w-0 break-words">{children()}</span>
        </label>
    }
}
