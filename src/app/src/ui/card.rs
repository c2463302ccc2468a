//! Cards: a surface that holds what belongs together. They refuse to know what that is.

use leptos::prelude::*;

/// A surface with an optional heading and something at the end of the heading's line.
#[component]
pub fn Card(
    /// Its heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// What stands at the end of the heading's line: a badge, a link, a button.
    #[prop(optional, into)]
    aside: Option<ViewFn>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let head = (title.is_some() || aside.is_some()).then(|| {
        view! {
            <header class="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
                {title.map(|title| view! { <h2 class="text-lg leading-tight font-semibold">{title}</h2> })}
                {aside.map(|aside| aside.run())}
            </header>
        }
    });
    view! { <section class="rounded-lg border border-line bg-surface p-4 sm:p-6">{head} {children()}</section> }
}
