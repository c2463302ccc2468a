//! The order of a provider's keys: arrows for every key, and dropping one key on another.
//! The new order is shown at once and taken back if the server refuses it.

use leptos::{prelude::*, task::spawn_local};
use marshmallow_core::{KeyId, Provider};

use super::{board::Board, help};
use crate::{
    api::keys,
    ui::{ButtonSize, IconButton, IconName},
};

/// The order after `id` went to place `to`; none where nothing changes.
fn moved(ids: &[KeyId], id: KeyId, to: usize) -> Option<Vec<KeyId>> {
    let from = ids.iter().position(|known| *known == id)?;
    if to >= ids.len() || to == from {
        return None;
    }
    let mut ids = ids.to_vec();
    let id = ids.remove(from);
    ids.insert(to, id);
    Some(ids)
}

/// What screen readers are told.
fn told(name: &str, place: usize, count: usize) -> String {
    format!("{name} is now number {} of {count}.", place + 1)
}

/// Puts `dragged` where `target` stands.
pub(super) fn drop_on(board: Board, provider: Provider, dragged: KeyId, target: KeyId) {
    let to = board.ids_of(provider).iter().position(|id| *id == target);
    if let Some(to) = to {
        go_to(board, provider, dragged, to);
    }
}

fn go_to(board: Board, provider: Provider, id: KeyId, to: usize) {
    let before = board.ids_of(provider);
    let Some(after) = moved(&before, id, to) else {
        return;
    };
    board.put_in_order(provider, &after);
    let name = board.key(id).as_ref().map(help::name).unwrap_or_default();
    board.announcement.set(told(&name, to, after.len()));
    spawn_local(async move {
        if let Err(error) = keys::reorder_keys(after).await {
            board.put_in_order(provider, &before);
            board.announcement.set(String::new());
            board.toasts.bad(error.0.to_string());
        }
    });
}

/// The arrows of one key; none where there is nothing to order.
#[component]
pub(super) fn PlaceButtons(id: KeyId, provider: Provider, board: Board) -> impl IntoView {
    let ids = Memo::new(move |_| board.ids_of(provider));
    let place = Memo::new(move |_| {
        ids.read()
            .iter()
            .position(|known| *known == id)
            .unwrap_or_default()
    });
    let name = Memo::new(move |_| board.key(id).as_ref().map(help::name).unwrap_or_default());
    view! {
        <Show when=move || { ids.read().len() > 1 }>
            <div class="flex items-center gap-1">
                <span class="w-4 text-center text-sm tabular-nums text-soft" aria-hidden="true">
                    {move || place.get() + 1}
                </span>
                <IconButton
                    icon=IconName::ChevronUp
                    size=ButtonSize::Small
                    label=Signal::derive(move || format!("Move {} up", name.get()))
                    disabled=Signal::derive(move || place.get() == 0)
                    on_click=move |_| go_to(board, provider, id, place.get_untracked().wrapping_sub(1))
                />
                <IconButton
                    icon=IconName::ChevronDown
                    size=ButtonSize::Small
                    label=Signal::derive(move || format!("Move {} down", name.get()))
                    disabled=Signal::derive(move || place.get() + 1 == ids.read().len())
                    on_click=move |_| go_to(board, provider, id, place.get_untracked() + 1)
                />
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{Millis, Random};

    use super::*;

    struct Bytes(u8);
    impl Random for Bytes {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn a_key_goes_to_any_place_and_not_beyond() {
        let [a, b, c] = [1, 2, 3].map(|number| KeyId::make(Millis(1), &Bytes(number)));
        let ids = [a, b, c];
        assert_eq!(moved(&ids, c, 0), Some(vec![c, a, b]));
        assert_eq!(moved(&ids, a, 2), Some(vec![b, c, a]));
        assert_eq!(moved(&ids, b, 1), None);
        assert_eq!(moved(&ids, a, 3), None);
        assert_eq!(moved(&ids, a, 0_usize.wrapping_sub(1)), None);
        assert_eq!(moved(&ids[..2], c, 0), None);
        assert_eq!(told("Work", 0, 3), "Work is now number 1 of 3.");
    }
}
