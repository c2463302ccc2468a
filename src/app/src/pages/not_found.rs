//! What an address shows that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::{ButtonVariant, EmptyState, IconName, LinkButton};

/// The page of an unknown address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    // The server says so in its answer, too, so that machines understand.
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found"/>
        <main id="main" class="grid min-h-dvh place-items-center">
            <h1 class="sr-only">"Not found"</h1>
            <EmptyState
                icon=IconName::Search
                title="There is nothing at this address"
                text="It may have been deleted, or the link is not complete."
            >
                <LinkButton href="/" variant=ButtonVariant::Primary>
                    "Go to the chat"
                </LinkButton>
            </EmptyState>
        </main>
    }
    .into_any()
}
