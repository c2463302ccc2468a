//! Toasts: short words about something done, which leave by themselves. They refuse to carry errors that need
//! an answer: those stand in place as notices.

use leptos::prelude::*;

use super::{Icon, IconButton, IconName, Tone};
use crate::state::browser;

/// How long a toast stays, in milliseconds.
const STAY_MS: u32 = 6_000;

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    number: u32,
    tone: Tone,
    text: String,
}

/// Where toasts are put.
#[derive(Debug, Clone, Copy)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

impl Toaster {
    /// Says that something is done.
    pub fn good(self, text: impl Into<String>) {
        self.show(Tone::Good, text.into());
    }

    /// Says something worth knowing.
    pub fn info(self, text: impl Into<String>) {
        self.show(Tone::Info, text.into());
    }

    /// Says that something did not work, where nothing on the page can say it.
    pub fn bad(self, text: impl Into<String>) {
        self.show(Tone::Bad, text.into());
    }

    fn show(self, tone: Tone, text: String) {
        let number = self.last.get_value().wrapping_add(1);
        self.last.set_value(number);
        self.toasts
            .update(|toasts| toasts.push(Toast { number, tone, text }));
        browser::after(STAY_MS, move || self.dismiss(number));
    }

    fn dismiss(self, number: u32) {
        self.toasts
            .update(|toasts| toasts.retain(|toast| toast.number != number));
    }
}

/// Puts a toaster into the context; the application does so once.
pub fn provide_toasts() -> Toaster {
    let toaster = Toaster {
        toasts: RwSignal::new(Vec::new()),
        last: StoredValue::new(0),
    };
    provide_context(toaster);
    toaster
}

/// The application's toaster; a part shown outside the application gets one of its own.
pub fn use_toasts() -> Toaster {
    use_context::<Toaster>().unwrap_or_else(provide_toasts)
}

/// The place at the lower edge where toasts appear.
#[component]
pub fn Toasts() -> impl IntoView {
    let toaster = use_toasts();
    let row = move |toast: Toast| {
        let number = toast.number;
        let (icon, class) = match toast.tone {
            Tone::Good => (IconName::Good, "text-good"),
            Tone::Bad => (IconName::Bad, "text-bad"),
            Tone::Warning | Tone::Info | Tone::Neutral => (IconName::Info, "text-info"),
        };
        view! {
            <li class="pointer-events-auto flex w-full max-w-sm items-center gap-3 rounded-md border border-line \
            bg-surface py-2 pr-2 pl-4 text-sm shadow-float">
                <span class=class>
                    <Icon name=icon/>
                </span>
                <span class="min-w-0 flex-1 break-words">{toast.text}</span>
                <IconButton icon=IconName::Close label="Dismiss" on_click=move |_| toaster.dismiss(number)/>
            </li>
        }
    };
    view! {
        <ol
            aria-live="polite"
            aria-label="Messages"
            class="pointer-events-none fixed inset-x-0 bottom-0 z-40 flex flex-col items-center gap-2 p-4"
        >
            <For each=move || toaster.toasts.get() key=|toast| toast.number let:toast>
                {row(toast)}
            </For>
        </ol>
    }
}
