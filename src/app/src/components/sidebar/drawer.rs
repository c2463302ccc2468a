//! The sidebar's frame: beside the conversation on a wide screen, a drawer over it on a narrow one.
//! It refuses to know what the list shows.

use leptos::{
    ev::{self, KeyboardEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys,
};
use leptos_router::hooks::use_location;
use marshmallow_core::ConversationId;

use super::{foot::SidebarFoot, list::ConversationList};
use crate::{
    state::conversations::Conversations,
    ui::{Icon, IconButton, IconName, Mark},
};

/// The width from which on the sidebar stands beside the page: the `md` of the style sheet.
const WIDE_PIXELS: f64 = 768.0;

/// Frames within which what appears has become able to take the focus: a quarter of a second.
const FRAMES_TO_TRY: u8 = 15;

/// Where the button that opens the drawer stands. A name, since the page around it may be drawn anew.
const OPENER: &str = "drawer-opener";

/// Whether the drawer is open, for the button that opens it and for the page beneath it.
#[derive(Clone, Copy)]
pub struct Drawer {
    /// Whether it is open. On a wide screen the sidebar shows either way.
    pub is_open: RwSignal<bool>,
}

impl Drawer {
    /// The drawer of the current view, closed.
    pub fn new() -> Self {
        Self {
            is_open: RwSignal::new(false),
        }
    }

    /// Closes it and gives the focus back to the button that opened it.
    fn close(self) {
        self.is_open.set(false);
        if let Some(opener) = document().get_element_by_id(OPENER) {
            focus_first(opener, FRAMES_TO_TRY);
        }
    }
}

impl Default for Drawer {
    fn default() -> Self {
        Self::new()
    }
}

/// Gives the focus to the first link or button inside `element`, as soon as it can take it: what was hidden or
/// inert stays so for some frames after the change. After `frames` without success it is left alone.
fn focus_first(element: web_sys::Element, frames: u8) {
    request_animation_frame(move || {
        let found = element.query_selector("a, button").ok().flatten();
        let Some(first) = found.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) else {
            return;
        };
        // Fails only when the element has left the page.
        let _ = first.focus();
        if frames > 0 && document().active_element().as_ref() != Some(&first) {
            focus_first(element, frames - 1);
        }
    });
}

/// The button that opens the drawer; on a wide screen there is none.
#[component]
pub fn DrawerButton(
    /// The drawer.
    drawer: Drawer,
) -> impl IntoView {
    view! {
        <div id=OPENER class="md:hidden">
            <IconButton
                icon=IconName::Menu
                label="Open the list of conversations"
                on_click=move |_| drawer.is_open.set(true)
            />
        </div>
    }
}

/// The sidebar.
#[component]
pub fn Sidebar(
    /// The drawer that it is on a narrow screen.
    drawer: Drawer,
    /// The list.
    conversations: Conversations,
    /// The conversation that is open.
    open: Signal<Option<ConversationId>>,
) -> impl IntoView {
    let panel = NodeRef::<html::Aside>::new();
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        drawer.is_open.set(false);
    });
    Effect::new(move |_| {
        if let (true, Some(panel)) = (drawer.is_open.get(), panel.get()) {
            focus_first(panel.into(), FRAMES_TO_TRY);
        }
    });
    // On a screen that has become wide there is no drawer to close, and the page must not stay inert.
    Effect::new(move |_| {
        let listener = window_event_listener(ev::resize, move |_| {
            let width = window().inner_width().ok().and_then(|width| width.as_f64());
            if width.is_some_and(|width| width >= WIDE_PIXELS) {
                drawer.is_open.set(false);
            }
        });
        on_cleanup(move || listener.remove());
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && drawer.is_open.get_untracked() {
            drawer.close();
        }
    };
    view! {
        <Show when=move || drawer.is_open.get()>
            <div class="fixed inset-0 z-10 bg-scrim md:hidden" on:click=move |_| drawer.close()></div>
        </Show>
        <aside
            node_ref=panel
            aria-label="Sidebar"
            data-open=move || drawer.is_open.get().then_some("true")
            class="flex w-70 shrink-0 flex-col border-r border-line bg-paper transition-transform max-md:invisible \
            max-md:fixed max-md:inset-y-0 max-md:left-0 max-md:z-20 max-md:-translate-x-full \
            max-md:shadow-float max-md:data-open:visible max-md:data-open:translate-x-0"
            on:keydown=on_key
        >
            <div class="flex h-14 shrink-0 items-center justify-between gap-2 pr-2 pl-4">
                <a href="/" class="flex items-center gap-2 rounded-sm font-semibold">
                    <Mark/>
                    "Marshmallow"
                </a>
                <div class="md:hidden">
                    <IconButton
                        icon=IconName::Close
                        label="Close the list of conversations"
                        on_click=move |_| drawer.close()
                    />
                </div>
            </div>
            <div class="px-2 pb-2">
                <a
                    href="/"
                    class="flex h-10 items-center gap-2.5 rounded-md border border-line bg-surface px-3 text-sm \
                    font-medium hover:border-strong hover:bg-sunken pointer-coarse:h-11"
                >
                    <Icon name=IconName::Plus/>
                    "New chat"
                </a>
            </div>
            <nav aria-label="Conversations" class="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-4">
                <ConversationList conversations=conversations open=open/>
            </nav>
            <SidebarFoot/>
        </aside>
    }
}
