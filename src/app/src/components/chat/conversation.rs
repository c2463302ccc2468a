//! One opening of a conversation, stored or new: heading, messages, composer.
//! It refuses to know addresses: it tells when a conversation came to be, and the page does the rest.

use leptos::{html, prelude::*};
use marshmallow_core::{Author, ConversationId, ConversationView, ModelSelection, PublicError};

use super::{answer::Answer, composer::Composer, question::Question, scroll::Follow, welcome::Welcome};
use crate::{
    components::models::{Models, first_choice},
    state::chat::{Chat, Row},
    ui::{Icon, IconName, IconSize},
};

/// The conversation.
#[component]
pub fn Conversation(
    /// What is stored; none for a new conversation.
    stored: Option<ConversationView>,
    /// The models, as told when the page was made.
    selection: Result<ModelSelection, PublicError>,
    /// Runs with the conversation whenever an answer in it begins or ends.
    on_news: Callback<ConversationId>,
) -> impl IntoView {
    let of_conversation = stored.as_ref().and_then(|stored| stored.model.clone());
    let model = selection
        .as_ref()
        .ok()
        .and_then(|selection| first_choice(selection, of_conversation.as_ref()));
    let models = Models::new(selection);
    let chat = Chat::new(stored.as_ref(), model, on_news);
    let field = NodeRef::<html::Textarea>::new();

    Effect::new(move |_| chat.attach());
    // Models that could not be told at first may be told later.
    Effect::new(move |_| {
        let first = models.with(|selection| first_choice(selection, None));
        if first.is_some() && chat.model.with_untracked(Option::is_none) {
            chat.model.set(first);
        }
    });
    let follow = Follow::new(move || {
        if let Some(last) = chat.rows.read().last() {
            last.message.track();
        }
    });
    // Who asks wants to see the answer.
    Effect::new(move |_| {
        chat.rows.track();
        follow.is_at_end.set(true);
    });
    let on_example = Callback::new(move |example: String| {
        chat.draft.set(example);
        if let Some(field) = field.get_untracked() {
            // Fails only when the field has left the page.
            let _ = field.focus();
        }
    });
    let is_empty = Memo::new(move |_| chat.rows.read().is_empty());
    view! {
        <div class="relative min-h-0 flex-1">
            <section
                node_ref=follow.node
                aria-label="Messages"
                tabindex="0"
                class="h-full overflow-y-auto overscroll-contain"
                on:scroll=move |_| follow.note()
            >
                <div class="mx-auto h-full w-full max-w-measure px-4">
                    <Show
                        when=move || is_empty.get()
                        fallback=move || view! {
                            <div class="space-y-8 py-6">
                                <For each=move || chat.rows.get() key=|row| row.id let:row>
                                    <Message chat=chat row=row/>
                                </For>
                            </div>
                        }
                    >
                        <Welcome models=models on_example=on_example/>
                    </Show>
                </div>
            </section>
            <Show when=move || !follow.is_at_end.get()>
                <div class="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
                    <button
                        type="button"
                        class="pointer-events-auto inline-flex h-9 cursor-pointer items-center gap-1.5 rounded-full \
                        border border-line bg-surface px-4 text-sm font-medium shadow-float hover:bg-sunken \
                        pointer-coarse:min-h-11"
                        on:click=move |_| follow.go_to_end()
                    >
                        <Icon name=IconName::ChevronDown size=IconSize::Small/>
                        "Jump to the latest"
                    </button>
                </div>
            </Show>
        </div>
        <Composer chat=chat models=models field=field/>
        <p class="sr-only" role="status">{move || chat.announcement.get()}</p>
    }
}

/// A question or an answer.
#[component]
fn Message(chat: Chat, row: Row) -> impl IntoView {
    match row.message.with_untracked(|message| message.author) {
        Author::User => view! { <Question row=row/> }.into_any(),
        Author::Assistant => view! { <Answer chat=chat row=row/> }.into_any(),
    }
}
