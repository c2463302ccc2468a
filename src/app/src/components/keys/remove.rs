//! The button that removes a key, and the question before it. It refuses to know whether the key is in use.

use leptos::prelude::*;
use marshmallow_core::KeySummary;

use super::{board::Board, help};
use crate::{
    api::{ApiError, keys},
    ui::{Confirm, IconButton, IconName},
};

/// Removes a key after a question.
#[component]
pub(super) fn RemoveKey(
    /// The key.
    key: KeySummary,
    board: Board,
    /// Where a refusal is told.
    failure: RwSignal<Option<ApiError>>,
) -> impl IntoView {
    let id = key.id;
    let toasts = board.toasts;
    let asks = RwSignal::new(false);
    let remove = Action::new(move |&(): &()| async move {
        let answer = keys::remove_key(id).await;
        asks.set(false);
        match answer {
            Ok(()) => {
                toasts.good("The key is removed.");
                board.take_away(id);
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let name = help::name(&key);
    let [first, second] = help::removal(&key);
    view! {
        <IconButton icon=IconName::Trash label=format!("Remove {}", help::told_apart(&key)) on_click=move |_| asks.set(true)/>
        <Confirm
            open=asks
            title=format!("Remove {name}?")
            confirm_label="Remove key"
            loading=remove.pending()
            on_confirm=move |()| { remove.dispatch(()); }
        >
            <p class="font-mono text-ink">{format!("{} …{}", key.provider, key.last_four)}</p>
            <p>{first}</p>
            <p>{second}</p>
        </Confirm>
    }
}
