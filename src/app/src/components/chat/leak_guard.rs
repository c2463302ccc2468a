//! Holds a message back that holds a key: says so, and offers to store the key, to take it out, or to send it
//! after all. It looks at the text on this device only.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::{
    state::{
        chat::{
            Chat,
            guard::{first_key, held_keys, told, without_keys},
        },
        handover::use_handover,
    },
    ui::{Button, ButtonSize, ButtonVariant, Dialog, Icon, IconName, IconSize, Notice, Tone},
};

/// What is said about the keys in the draft, and what can be done.
#[component]
pub fn LeakGuard(
    /// The conversation.
    chat: Chat,
    /// The text that may be sent with its keys.
    confirmed: RwSignal<Option<String>>,
    /// Sends the draft.
    send: Callback<()>,
    /// Gives the composer the focus.
    focus: Callback<()>,
) -> impl IntoView {
    let words = Memo::new(move |_| {
        let text = chat.draft.read();
        let keys = held_keys(&text, confirmed.read().as_deref());
        (!keys.is_empty()).then(|| told(&text, &keys))
    });
    let asks = RwSignal::new(false);
    let handover = use_handover();
    let navigate = StoredValue::new(use_navigate());
    let store = move |_| {
        let text = chat.draft.get_untracked();
        if let Some(key) = first_key(&text) {
            handover.put(key, without_keys(&text));
            chat.draft.set(String::new());
            navigate.with_value(|navigate| navigate("/settings/keys", Default::default()));
        }
    };
    let take_out = move |_| {
        chat.draft.update(|text| *text = without_keys(text));
        focus.run(());
    };
    let send_anyway = move |_| {
        asks.set(false);
        confirmed.set(Some(chat.draft.get_untracked()));
        send.run(());
        focus.run(());
    };
    view! {
        <Show when=move || words.read().is_some()>
            <Notice tone=Tone::Warning title="Not sent: this looks like an API key">
                <p>
                    {move || words.get()} " Whoever answers would read it, and it would stay in this conversation."
                </p>
                <div class="flex flex-wrap gap-2 pt-1">
                    <Button size=ButtonSize::Small variant=ButtonVariant::Primary on_click=store>
                        <Icon name=IconName::Key size=IconSize::Small/>
                        "Store it as a key"
                    </Button>
                    <Button size=ButtonSize::Small on_click=take_out>"Take it out"</Button>
                    <Button size=ButtonSize::Small variant=ButtonVariant::Quiet on_click=move |_| asks.set(true)>
                        "Send anyway…"
                    </Button>
                </div>
            </Notice>
        </Show>
        <Dialog open=asks title="Send the key along?">
            <p class="text-sm text-soft">
                "The provider of the model reads it, and it is stored in this conversation as readable text. "
                "Revoke the key at its provider afterwards."
            </p>
            <div class="mt-6 flex flex-wrap justify-end gap-2">
                <Button on_click=move |_| asks.set(false)>"Do not send"</Button>
                <Button variant=ButtonVariant::Danger on_click=send_anyway>"Send with the key"</Button>
            </div>
        </Dialog>
    }
}
