//! What the pages before the door share: the mark, what this is, and a calm card. It refuses to know the form.

use leptos::prelude::*;

use crate::ui::{Mark, MarkSize};

/// The mark and one sentence above a card, in the middle of the page.
#[component]
pub fn EntranceFrame(
    /// The heading.
    #[prop(into)]
    title: String,
    /// The card's content.
    children: Children,
) -> impl IntoView {
    view! {
        <main id="main" class="grid min-h-dvh place-items-center px-4 py-10">
            <div class="w-full max-w-md">
                <header class="mb-8 flex flex-col items-center gap-4 text-center">
                    <Mark size=MarkSize::Large/>
                    <div class="space-y-2">
                        <p class="text-sm font-medium tracking-wide text-accent">"Marshmallow"</p>
                        <h1 class="text-2xl font-semibold tracking-tight">{title}</h1>
                        <p class="text-soft">
                            "Every model in one calm chat, on your own keys: sealed, and accounted for to the last cent."
                        </p>
                    </div>
                </header>
                <div class="rounded-lg border border-line bg-surface p-5 sm:p-8">{children()}</div>
            </div>
        </main>
    }
}
