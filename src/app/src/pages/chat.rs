//! The chat: the layout with the sidebar, and the page that opens a conversation.
//! It refuses to know how messages look and how streams are read.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    components::{Outlet, Redirect},
    hooks::{use_location, use_navigate},
};
use marshmallow_core::{ConversationId, ConversationView, ErrorCode, PublicError};

use super::not_found::answer_not_found;
use crate::{
    api::{self, ApiError},
    components::{
        chat::{Conversation, ConversationSkeleton},
        sidebar::{Drawer, DrawerButton, Sidebar},
    },
    state::{
        chat::opening::{Begun, Opening, Target},
        conversations::Conversations,
    },
    ui::{EmptyState, ErrorAction, ErrorNotice, IconName, LinkButton, Toasts},
};

/// What the layout shares with the page inside it.
#[derive(Clone, Copy)]
struct ChatFrame {
    drawer: Drawer,
    conversations: Conversations,
}

/// Sidebar and page.
#[component]
pub fn ChatLayout() -> impl IntoView {
    let frame = ChatFrame {
        drawer: Drawer::new(),
        conversations: Conversations::new(),
    };
    provide_context(frame);
    let path = use_location().pathname;
    let open = Signal::derive(move || match Target::of_path(&path.read()) {
        Some(Target::Stored(id)) => Some(id),
        _ => None,
    });
    let drawer = frame.drawer;
    view! {
        <div class="flex h-dvh overflow-hidden">
            <Sidebar drawer=drawer conversations=frame.conversations open=open/>
            <main
                id="main"
                class="flex min-w-0 flex-1 flex-col"
                inert=move || drawer.is_open.get()
            >
                <Outlet/>
            </main>
        </div>
        <Toasts/>
    }
}

/// The page of `/` and of `/c/:id`. It is the parent of both addresses, so that a conversation that begins
/// under the first goes on under the second without being drawn anew.
#[component]
pub fn ChatPage() -> impl IntoView {
    let frame = use_context::<ChatFrame>().unwrap_or_else(|| ChatFrame {
        drawer: Drawer::new(),
        conversations: Conversations::new(),
    });
    let path = use_location().pathname;
    let begun = RwSignal::new(None::<Begun>);
    let opening = Memo::new(move |previous: Option<&Opening>| {
        Opening::next(previous.copied(), Target::of_path(&path.read()), begun.get())
    });
    let stored = Resource::new_blocking(move || opening.get(), |opening| load(opening.target));
    let selection = Resource::new_blocking(|| (), |()| api::models::models());

    // An answer may have begun in the view that is being left, unseen.
    Effect::new(move |previous: Option<u32>| {
        let number = opening.get().number;
        if previous.is_some_and(|previous| previous != number) {
            frame.conversations.refresh();
        }
        number
    });

    let navigate = use_navigate();
    let on_news = Callback::new(move |conversation: ConversationId| {
        frame.conversations.refresh();
        let now = opening.get_untracked();
        let is_named = begun
            .get_untracked()
            .is_some_and(|begun| begun.number == now.number);
        if now.target == Target::New && !is_named {
            begun.set(Some(Begun {
                number: now.number,
                conversation,
            }));
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&format!("/c/{conversation}"), options);
        }
    });
    let is_turning = RwSignal::new(false);
    // The server waits, too; what it says of that must not differ from what the browser first renders.
    let is_awake = RwSignal::new(false);
    Effect::new(move |_| is_awake.set(true));
    let heading = Heading {
        frame,
        begun,
        opening,
    };
    view! {
        <Transition
            fallback=move || view! {
                <PageHead drawer=frame.drawer title=Signal::stored(String::new())/>
                <ConversationSkeleton/>
            }
            set_pending=is_turning
        >
            {move || Suspend::new(async move {
                let selection = selection.await.map_err(|ApiError(error)| error);
                match stored.await {
                    Err(ApiError(error)) => view! { <Refused drawer=frame.drawer error=error/> }.into_any(),
                    Ok(_) if is_signed_out(&selection) => view! { <Redirect path="/sign-in"/> }.into_any(),
                    Ok(stored) => view! {
                        <PageHead drawer=frame.drawer title=heading.title(stored.as_ref())/>
                        <Conversation stored=stored selection=selection on_news=on_news/>
                    }
                    .into_any(),
                }
            })}
        </Transition>
        <p role="status" class="sr-only">
            {move || (is_awake.get() && is_turning.get()).then_some("Loading the conversation")}
        </p>
        <Outlet/>
    }
}

/// The stored conversation of a target; none for a new one.
async fn load(target: Target) -> Result<Option<ConversationView>, ApiError> {
    match target {
        Target::New => Ok(None),
        Target::Stored(id) => api::chat::conversation(id).await.map(Some),
        Target::Unreadable => Err(ApiError(PublicError::not_found("conversation"))),
    }
}

fn is_signed_out<T>(answer: &Result<T, PublicError>) -> bool {
    answer
        .as_ref()
        .is_err_and(|error| error.code == ErrorCode::SignInNeeded)
}

/// Where the heading of the page comes from.
#[derive(Clone, Copy)]
struct Heading {
    frame: ChatFrame,
    begun: RwSignal<Option<Begun>>,
    opening: Memo<Opening>,
}

impl Heading {
    /// The title of the open conversation: the newest one that is known, else the stored one.
    fn title(self, stored: Option<&ConversationView>) -> Signal<String> {
        let number = self.opening.get_untracked().number;
        let stored = stored.map(|stored| (stored.id, stored.title.clone()));
        Signal::derive(move || {
            let begun = self
                .begun
                .get()
                .filter(|begun| begun.number == number)
                .map(|begun| begun.conversation);
            let id = stored.as_ref().map(|(id, _)| *id).or(begun);
            id.and_then(|id| self.frame.conversations.new_title(id))
                .or_else(|| stored.as_ref().map(|(_, title)| title.clone()))
                .unwrap_or_else(|| "New chat".to_owned())
        })
    }
}

/// The line above a conversation, and the title of the browser's tab.
#[component]
fn PageHead(drawer: Drawer, title: Signal<String>) -> impl IntoView {
    view! {
        <Title text=move || title.get()/>
        <header class="flex h-14 shrink-0 items-center gap-2 border-b border-line px-2 md:px-6">
            <DrawerButton drawer=drawer/>
            <h1 class="min-w-0 flex-1 truncate text-base font-semibold" dir="auto" title=move || title.get()>
                {move || title.get()}
            </h1>
        </header>
    }
}

/// What stands where a conversation could not be opened.
#[component]
fn Refused(drawer: Drawer, error: PublicError) -> impl IntoView {
    let body = match error.code {
        ErrorCode::SignInNeeded => return view! { <Redirect path="/sign-in"/> }.into_any(),
        ErrorCode::NotFound => {
            answer_not_found();
            view! {
                <EmptyState
                    icon=IconName::Message
                    title="This conversation does not exist"
                    text="It may have been deleted, or the link belongs to somebody else."
                >
                    <LinkButton href="/">"Start a new chat"</LinkButton>
                </EmptyState>
            }
            .into_any()
        }
        _ => view! {
            <div class="mx-auto w-full max-w-measure p-4">
                <ErrorNotice error=error action=ErrorAction::link("Start a new chat", "/")/>
            </div>
        }
        .into_any(),
    };
    view! {
        <PageHead drawer=drawer title=Signal::stored("Conversation".to_owned())/>
        {body}
    }
    .into_any()
}
