//! The state of having nothing yet. It refuses to be a dead end: it says what to do.

use leptos::prelude::*;

use super::{Icon, IconName, IconSize};

/// What stands where there is nothing yet.
#[component]
pub fn EmptyState(
    /// What is drawn above.
    icon: IconName,
    /// What there is none of.
    #[prop(into)]
    title: String,
    /// What to do, or why that is fine.
    #[prop(into)]
    text: String,
    /// The one action that changes it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="mx-auto flex max-w-md flex-col items-center gap-3 px-4 py-10 text-center">
            <span class="rounded-full bg-sunken p-4 text-soft">
                <Icon name=icon size=IconSize::Large/>
            </span>
            <h2 class="text-lg leading-tight font-semibold">{title}</h2>
            <p class="text-sm text-soft">{text}</p>
            {children.map(|children| view! { <div class="mt-2">{children()}</div> })}
        </div>
    }
}
