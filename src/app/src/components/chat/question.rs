//! The person's own message: a quiet bubble. It refuses to change what was typed.

use leptos::prelude::*;

use crate::state::chat::Row;

/// The person's message.
#[component]
pub fn Question(
    /// The message.
    row: Row,
) -> impl IntoView {
    let message = row.message;
    view! {
        <article aria-label="You" class="flex justify-end pl-8">
            <p
                dir="auto"
                class="max-w-full rounded-lg bg-sunken px-4 py-2.5 whitespace-pre-wrap [overflow-wrap:anywhere]"
            >
                {move || message.read().text.clone()}
            </p>
        </article>
    }
}
