//! A quiet line that opens in place, native, so that it works before the wasm has loaded.
//! It refuses to load what it hides.

use leptos::prelude::*;

use super::{Icon, IconName, IconSize};

/// A line that opens what stands below it.
#[component]
pub fn Disclosure(
    /// The line.
    #[prop(into)]
    summary: ViewFn,
    /// Whether it is open at first.
    #[prop(optional)]
    open: bool,
    /// What it opens.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="group/disclosure" open=open>
            <summary class="flex cursor-pointer list-none items-center gap-1.5 rounded-sm text-sm text-soft \
            hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
                <span class="transition-transform group-open/disclosure:rotate-90">
                    <Icon name=IconName::ChevronRight size=IconSize::Small/>
                </span>
                {summary.run()}
            </summary>
            <div class="pt-3">{children()}</div>
        </details>
    }
}
