//! What an address shows that leads nowhere, and the status with which the server says so.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::{ButtonVariant, EmptyState, IconName, LinkButton};

/// Makes the server say in its answer, too, that nothing is here, so that machines understand.
pub(super) fn answer_not_found() {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
}

/// The page of an unknown address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    answer_not_found();
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
