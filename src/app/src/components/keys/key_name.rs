//! The name of a key, and the field that renames it in place. It never has the key itself.

use leptos::{prelude::*, task::spawn_local};
use marshmallow_core::{KeyId, LIMITS};

use super::{board::Board, help};
use crate::{
    api::keys,
    ui::{ButtonSize, IconButton, IconName, RenameField},
};

/// The name with its button, or the field.
#[component]
pub(super) fn KeyName(id: KeyId, board: Board) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let key = Memo::new(move |_| board.key(id));
    let name = move || key.get().as_ref().map(help::name).unwrap_or_default();
    let label = move || key.get_untracked().map(|key| key.label).unwrap_or_default();
    let class = move || {
        let shade = if key.get().is_some_and(|key| key.is_active) {
            ""
        } else {
            " text-soft"
        };
        format!("min-w-0 break-words text-sm font-medium{shade}")
    };
    let on_end = Callback::new(move |typed: Option<String>| {
        is_open.set(false);
        let Some(typed) = typed.filter(|typed| *typed != label()) else {
            return;
        };
        spawn_local(async move {
            match keys::rename_key(id, typed).await {
                Ok(key) => board.put(key),
                Err(error) => board.toasts.bad(error.0.to_string()),
            }
        });
    });
    view! {
        <div class="flex min-h-8 items-center gap-1">
            <Show
                when=move || is_open.get()
                fallback=move || {
                    view! {
                        <span class=class>{name}</span>
                        <IconButton
                            icon=IconName::Pencil
                            size=ButtonSize::Small
                            label=Signal::derive(move || format!("Rename {}", name()))
                            on_click=move |_| is_open.set(true)
                        />
                    }
                }
            >
                <RenameField
                    name=label()
                    label="Label of the key"
                    max_length=LIMITS.label_max_chars
                    on_end=on_end
                />
            </Show>
        </div>
    }
}
