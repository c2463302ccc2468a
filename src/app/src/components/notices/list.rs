//! The list of notices, and the card with it above the keys, which is also what there is without scripts.

use leptos::{html, prelude::*};
use marshmallow_core::Notice;

use super::item::NoticeItem;
use crate::{
    state::notices::{Bell, use_bell},
    ui::Card,
};

/// The list. Whoever puts a notice away finds the focus on what is left.
#[component]
pub(super) fn NoticeList(
    /// The notices, the most urgent first.
    notices: Signal<Vec<Notice>>,
    bell: Bell,
) -> impl IntoView {
    let node = NodeRef::<html::Ul>::new();
    let count = Memo::new(move |_| notices.with(Vec::len));
    Effect::new(move |before: Option<usize>| {
        let now = count.get();
        let had_focus = document()
            .active_element()
            .is_none_or(|focused| focused.tag_name() == "BODY");
        if let (true, Some(list)) = (had_focus && before.is_some_and(|before| before > now), node.get()) {
            // Fails only when the element has left the page.
            let _ = list.focus();
        }
        now
    });
    view! {
        <ul node_ref=node tabindex="-1" aria-label="What needs your attention" class="divide-y divide-line">
            <For each=move || notices.get() key=|notice| notice.id.clone() let:notice>
                <NoticeItem notice=notice bell=bell/>
            </For>
        </ul>
    }
}

/// The card above the keys; nothing where there is nothing to tell.
#[component]
pub fn NoticeCard() -> impl IntoView {
    let bell = use_bell()?;
    Some(view! {
        <Transition>
            {move || {
                let notices = Memo::new(move |_| bell.notices());
                view! {
                    <div id="notices">
                        <Show when=move || notices.with(|notices| !notices.is_empty())>
                            <Card title="Needs your attention">
                                <NoticeList notices=notices.into() bell=bell/>
                            </Card>
                        </Show>
                    </div>
                }
            }}
        </Transition>
    })
}
