//! What stands where a conversation is about to be. It refuses to know which one.

use leptos::prelude::*;

/// A conversation that is being loaded: the shapes of a question and an answer.
#[component]
pub fn ConversationSkeleton() -> impl IntoView {
    view! {
        <div role="status" class="mx-auto w-full max-w-measure flex-1 space-y-8 px-4 py-8">
            <span class="sr-only">"Loading the conversation"</span>
            <div class="ml-auto h-11 w-2/3 animate-pulse rounded-lg bg-sunken"></div>
            <div class="space-y-3">
                <div class="h-4 w-full animate-pulse rounded-sm bg-sunken"></div>
                <div class="h-4 w-11/12 animate-pulse rounded-sm bg-sunken"></div>
                <div class="h-4 w-full animate-pulse rounded-sm bg-sunken"></div>
                <div class="h-4 w-3/5 animate-pulse rounded-sm bg-sunken"></div>
            </div>
        </div>
    }
}
