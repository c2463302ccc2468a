//! Tabs that are links: each has its address, works without wasm and opens in a new window.
//! They refuse to hold what they lead to.

use leptos::prelude::*;

use super::{Icon, IconName};

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabLink {
    /// Where it leads.
    pub href: &'static str,
    /// Its words.
    pub label: &'static str,
    /// What is drawn before them.
    pub icon: IconName,
}

/// A row of tabs that scrolls sideways where it does not fit.
#[component]
pub fn Tabs(
    /// What the row is for, for screen readers.
    #[prop(into)]
    label: String,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<TabLink>>,
    /// The path of the present page.
    #[prop(into)]
    current: Signal<String>,
) -> impl IntoView {
    let link = move |tab: TabLink| {
        view! {
            <li class="shrink-0">
                <a
                    href=tab.href
                    aria-current=move || (current.get() == tab.href).then_some("page")
                    class="flex items-center gap-2 border-b-2 border-transparent px-3 py-3 text-sm font-medium \
                    text-soft transition-colors hover:text-ink aria-[current=page]:border-accent \
                    aria-[current=page]:text-ink"
                >
                    <Icon name=tab.icon/>
                    {tab.label}
                </a>
            </li>
        }
    };
    view! {
        <nav aria-label=label class="overflow-x-auto border-b border-line">
            <ul class="flex min-w-max gap-1">
                <For each=move || tabs.get() key=|tab| tab.href let:tab>
                    {link(tab)}
                </For>
            </ul>
        </nav>
    }
}
