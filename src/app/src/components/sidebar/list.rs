//! The list of conversations in groups, page by page. It refuses to delete without asking.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use marshmallow_core::{ConversationId, ConversationSummary};

use super::{
    groups::{Entry, LocalNow, entries},
    line::ConversationLine,
};
use crate::{
    state::{browser, conversations::Conversations},
    ui::{Button, ButtonSize, ButtonVariant, Confirm, ErrorAction, ErrorNotice, Skeleton, SkeletonShape},
};

/// The list, once its first page is there.
#[component]
pub fn ConversationList(
    /// The list's state.
    conversations: Conversations,
    /// The conversation that is open.
    open: Signal<Option<ConversationId>>,
) -> impl IntoView {
    view! {
        <Transition fallback=|| view! { <Skeleton shape=SkeletonShape::Line count=6/> }>
            {move || Suspend::new(async move {
                match conversations.first.await {
                    Ok(page) => {
                        conversations.listing.update(|listing| listing.refresh(page));
                        view! { <Lines conversations=conversations open=open/> }.into_any()
                    }
                    Err(error) => view! {
                        <ErrorNotice
                            error=error.0
                            action=ErrorAction::run(
                                "Try again",
                                Callback::new(move |()| conversations.first.refetch()),
                            )
                        />
                    }
                    .into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Lines(conversations: Conversations, open: Signal<Option<ConversationId>>) -> impl IntoView {
    let now = RwSignal::new(None);
    // Each change of the list is a good moment to look at the clock again.
    Effect::new(move |_| {
        conversations.listing.track();
        now.set(Some(local_now()));
    });
    let shown = move || entries(&conversations.listing.read().conversations, now.get());
    let is_empty = Memo::new(move |_| conversations.listing.read().conversations.is_empty());
    let has_more = Memo::new(move |_| conversations.listing.read().has_more);

    let asked = RwSignal::new(None::<ConversationSummary>);
    let is_asking = RwSignal::new(false);
    let is_deleting = RwSignal::new(false);
    let on_delete = Callback::new(move |line: ConversationSummary| {
        asked.set(Some(line));
        is_asking.set(true);
    });
    let navigate = use_navigate();
    let on_confirm = Callback::new(move |()| {
        let Some(line) = asked.get_untracked().filter(|_| !is_deleting.get_untracked()) else {
            return;
        };
        let navigate = navigate.clone();
        is_deleting.set(true);
        conversations.delete(line.id, move |is_done| {
            is_deleting.set(false);
            is_asking.set(false);
            if is_done && open.get_untracked() == Some(line.id) {
                navigate("/", NavigateOptions::default());
            }
        });
    });
    view! {
        <Show when=move || is_empty.get()>
            <p class="px-3 py-2 text-sm text-soft">"Your conversations will appear here."</p>
        </Show>
        {move || {
            conversations.failure.get().map(|error| view! {
                <ErrorNotice
                    error=error
                    action=ErrorAction::run("Dismiss", Callback::new(move |()| conversations.failure.set(None)))
                />
            })
        }}
        <ul class="space-y-0.5">
            <For each=shown key=Entry::key let:entry>
                {match entry {
                    Entry::Heading(words) => view! { <Heading words=words/> }.into_any(),
                    Entry::Line(line) => view! {
                        <ConversationLine conversations=conversations line=line open=open on_delete=on_delete/>
                    }
                    .into_any(),
                }}
            </For>
        </ul>
        <Show when=move || has_more.get()>
            <div class="pt-2">
                <Button
                    variant=ButtonVariant::Quiet
                    size=ButtonSize::Small
                    wide=true
                    loading=conversations.is_loading
                    on_click=move |_| conversations.load_older()
                >
                    "Show older"
                </Button>
            </div>
        </Show>
        <Confirm
            open=is_asking
            title="Delete this conversation?"
            confirm_label="Delete it"
            loading=is_deleting
            on_confirm=on_confirm
        >
            <p class="[overflow-wrap:anywhere]">
                {move || asked.get().map(|line| format!("“{}” is deleted with all its messages.", line.title))}
            </p>
            <p>"This cannot be undone."</p>
        </Confirm>
    }
}

#[component]
fn Heading(words: &'static str) -> impl IntoView {
    view! {
        <li class="px-3 pt-4 pb-1 first:pt-1">
            <h3 class="text-xs font-semibold text-soft">{words}</h3>
        </li>
    }
}

/// The browser's clock and time zone. For effects and event handlers only.
fn local_now() -> LocalNow {
    // The browser counts the minutes that local time is behind UTC.
    let behind = js_sys::Date::new_0().get_timezone_offset();
    LocalNow {
        now: browser::now(),
        ahead_minutes: -(behind as i64),
    }
}
