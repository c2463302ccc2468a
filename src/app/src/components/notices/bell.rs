//! The bell in a page's head: how many notices there are, from the server on. Without scripts it leads to their list.

use leptos::{ev::MouseEvent, prelude::*};

use super::words::{LIST_PLACE, bell_label};
use crate::{
    state::notices::use_bell,
    ui::{CountLink, IconName},
};

/// The bell; nothing where no layout provides one.
#[component]
pub fn BellLink() -> impl IntoView {
    let bell = use_bell()?;
    let on_click = Callback::new(move |event: MouseEvent| {
        // Another tab or window is the browser's own business.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            bell.is_open.set(true);
        }
    });
    let link = move |count: usize| {
        view! {
            <CountLink
                icon=IconName::Bell
                label=bell_label(count)
                count=count
                href=LIST_PLACE
                on_click=on_click
            />
        }
    };
    Some(view! { <Transition fallback=move || link(0)>{move || link(bell.notices().len())}</Transition> })
}
