//! The panel that the bell opens, and what keeps the bell right while the page is open: it is asked for again when the
//! page comes into view and every few minutes while it is seen.

use std::time::Duration;

use leptos::{
    leptos_dom::helpers::{set_interval_with_handle, window_event_listener_untyped},
    prelude::*,
};

use super::{
    key_age::KeyAgeField,
    list::NoticeList,
    words::{bell_label, budget_news},
};
use crate::{
    state::notices::Bell,
    ui::{Dialog, EmptyState, ErrorNotice, IconName, use_toasts},
};

/// The time between two looks while the page is seen.
const PAUSE: Duration = Duration::from_secs(300);

/// The panel; a layout holds it once.
#[component]
pub fn BellPanel(
    /// The bell that opens it.
    bell: Bell,
) -> impl IntoView {
    keep_right(bell);
    tell_budgets(bell);
    let failure = move || {
        bell.failure
            .get()
            .map(|error| view! { <ErrorNotice error=error/> })
    };
    // Empty with the page: what was there before is no news.
    let announcement = Memo::new(move |_| {
        let has_news = bell.arrived.with(|arrived| !arrived.is_empty());
        has_news.then(|| bell_label(untrack(|| bell.notices()).len()))
    });
    view! {
        <p role="status" class="sr-only">{announcement}</p>
        <Dialog open=bell.is_open title="Needs your attention">
            <div class="space-y-4">
                {failure}
                <Transition>
                    {move || {
                        let notices = Memo::new(move |_| bell.notices());
                        view! {
                            <Show
                                when=move || notices.with(|notices| !notices.is_empty())
                                fallback=|| view! {
                                    <EmptyState
                                        icon=IconName::Bell
                                        title="Nothing needs your attention"
                                        text="Keys that stop working or end soon, and budgets that are nearly used up, \
                                        are told here."
                                    />
                                }
                            >
                                <NoticeList notices=notices.into() bell=bell/>
                            </Show>
                        }
                    }}
                </Transition>
                <div class="border-t border-line pt-4">
                    <Suspense>
                        {move || Suspend::new(async move {
                            let age = bell.first.await.map(|board| board.key_age).unwrap_or_default();
                            view! { <div class="max-w-xs"><KeyAgeField age=age bell=bell/></div> }
                        })}
                    </Suspense>
                </div>
            </div>
        </Dialog>
    }
}

fn keep_right(bell: Bell) {
    Effect::new(move |_| {
        let look = move || {
            if !document().hidden() {
                bell.refresh();
            }
        };
        let listener = window_event_listener_untyped("visibilitychange", move |_| look());
        let timer = set_interval_with_handle(look, PAUSE);
        on_cleanup(move || {
            listener.remove();
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

/// Says once, in passing, that a budget has come near its end: the page may be showing the very answer that brought it
/// there.
fn tell_budgets(bell: Bell) {
    let toasts = use_toasts();
    Effect::new(move |_| {
        for words in bell.arrived.get().iter().filter_map(budget_news) {
            toasts.info(words);
        }
    });
}
