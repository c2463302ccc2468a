//! One conversation in the list: the way to it, and its menu. It refuses to know the list around it.

use leptos::prelude::*;
use marshmallow_core::{ConversationId, ConversationSummary, LIMITS};

use crate::{
    state::conversations::{Conversations, tidy_title},
    ui::{IconName, Menu, MenuItem, RenameField},
};

/// A conversation of the list.
#[component]
pub fn ConversationLine(
    /// The list.
    conversations: Conversations,
    /// The conversation as it was when its line appeared.
    line: ConversationSummary,
    /// The one that is open.
    open: Signal<Option<ConversationId>>,
    /// Asks before it deletes.
    on_delete: Callback<ConversationSummary>,
) -> impl IntoView {
    let id = line.id;
    let first_title = line.title.clone();
    let title = Memo::new(move |_| {
        conversations
            .listing
            .read()
            .find(id)
            .map_or_else(|| first_title.clone(), |line| line.title.clone())
    });
    let is_open = Memo::new(move |_| open.get() == Some(id));
    let is_renaming = RwSignal::new(false);
    let on_renamed = Callback::new(move |typed: Option<String>| {
        is_renaming.set(false);
        if let Some(title) = typed.as_deref().and_then(tidy_title) {
            conversations.rename(id, title);
        }
    });
    view! {
        <li class="group/line relative">
            <Show
                when=move || !is_renaming.get()
                fallback=move || view! {
                    <RenameField
                        name=title.get_untracked()
                        label="Title of the conversation"
                        max_length=LIMITS.title_max_chars
                        on_end=on_renamed
                    />
                }
            >
                <a
                    href=format!("/c/{id}")
                    aria-current=move || is_open.get().then_some("page")
                    title=move || title.get()
                    class="flex h-9 items-center rounded-sm pr-9 pl-3 text-sm text-soft hover:bg-sunken hover:text-ink \
                    aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink \
                    pointer-coarse:h-11"
                >
                    <span class="truncate" dir="auto">{move || title.get()}</span>
                </a>
                <div class="absolute inset-y-0 right-0.5 flex items-center opacity-0 group-focus-within/line:opacity-100 \
                group-hover/line:opacity-100 group-has-[[aria-current=page]]/line:opacity-100 \
                pointer-coarse:opacity-100">
                    <LineMenu
                        title=title
                        on_rename=Callback::new(move |()| is_renaming.set(true))
                        on_delete=Callback::new(move |()| {
                            on_delete.run(ConversationSummary {
                                id,
                                title: title.get_untracked(),
                                updated_at: line.updated_at,
                            });
                        })
                    />
                </div>
            </Show>
        </li>
    }
}

/// Rename and delete.
#[component]
fn LineMenu(title: Memo<String>, on_rename: Callback<()>, on_delete: Callback<()>) -> impl IntoView {
    view! {
        <Menu label=format!("Actions for {}", title.get_untracked())>
            <MenuItem icon=IconName::Pencil on_select=on_rename>
                "Rename"
            </MenuItem>
            <MenuItem icon=IconName::Trash danger=true on_select=on_delete>
                "Delete…"
            </MenuItem>
        </Menu>
    }
}
