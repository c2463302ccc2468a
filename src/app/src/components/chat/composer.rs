//! Where a message is written and sent: it grows with the text, keeps the text until the server has it, and
//! says why it cannot send. It refuses to lose what was typed, also before the wasm had loaded.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};

use super::{ending::remedy, leak_guard::LeakGuard};
use crate::{
    components::models::{ModelSelector, Models},
    state::chat::{
        Chat, Phase,
        draft::{Draft, room_left},
        guard::held_keys,
    },
    state::handover::use_handover,
    ui::{
        ButtonVariant, ErrorAction, Icon, IconButton, IconName, IconSize, LinkButton, Notice, Spinner, Tone,
        Trouble,
    },
};

const HINT: &str = "composer-hint";

/// The composer.
#[component]
pub fn Composer(
    /// The conversation.
    chat: Chat,
    /// The models.
    models: Models,
    /// The text field, so that others can give it the focus.
    field: NodeRef<html::Textarea>,
) -> impl IntoView {
    keep_in_step(chat.draft, field);
    let choice = Memo::new(move |_| chat.model.with(|id| id.as_ref().and_then(|id| models.find(id))));
    let has_model = Memo::new(move |_| {
        choice.with(|choice| choice.as_ref().is_some_and(|choice| choice.credential.is_some()))
    });
    let confirmed = RwSignal::new(None::<String>);
    let holds_key =
        Memo::new(move |_| !held_keys(&chat.draft.read(), confirmed.read().as_deref()).is_empty());
    let draft = Memo::new(move |_| Draft::judge(&chat.draft.read(), has_model.get(), holds_key.get()));
    let send = move || {
        if let (Draft::Ready, Some(model)) = (draft.get_untracked(), chat.model.get_untracked()) {
            chat.send(model);
        }
    };
    let focus = move || {
        if let Some(field) = field.get_untracked() {
            // Fails only when the field has left the page.
            let _ = field.focus();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if sends(
            &event.key(),
            event.shift_key(),
            event.is_composing() || event.key_code() == IME,
        ) {
            event.prevent_default();
            send();
        }
    };
    let on_model = Callback::new(move |()| focus());
    view! {
        <div class="mx-auto w-full max-w-[72ch] space-y-2 px-2 pb-3 sm:px-4 sm:pb-4">
            <Troubles chat=chat models=models/>
            <LeakGuard chat=chat confirmed=confirmed send=Callback::new(move |()| send()) focus=on_model/>
            <div class="rounded-lg border border-strong bg-surface focus-within:border-accent">
                <label for="composer" class="sr-only">"Message"</label>
                <textarea
                    node_ref=field
                    id="composer"
                    rows="1"
                    class="block field-sizing-content max-h-[40dvh] min-h-12 w-full resize-none bg-transparent px-4 \
                    pt-3 pb-1 text-base text-ink outline-none placeholder:text-soft"
                    placeholder="Ask anything"
                    dir="auto"
                    enterkeyhint="send"
                    // A browser keeps what stands in fields when it is closed; not this.
                    autocomplete=move || holds_key.get().then_some("off")
                    aria-describedby=HINT
                    aria-invalid=move || matches!(draft.get(), Draft::TooLong { .. }).then_some("true")
                    on:input:target=move |event| chat.draft.set(event.target().value())
                    on:keydown=on_key
                ></textarea>
                <div class="flex items-center justify-between gap-2 p-2">
                    <ModelSelector models=models chosen=chat.model on_done=on_model/>
                    <SendOrStop chat=chat draft=draft send=Callback::new(move |()| send()) focus=on_model/>
                </div>
            </div>
            <p id=HINT class="flex min-h-4 flex-wrap justify-between gap-x-4 px-2 text-xs text-soft">
                <span class="pointer-coarse:hidden">"Enter sends, Shift + Enter starts a new line."</span>
                <span aria-live="polite" class:text-bad=move || matches!(draft.get(), Draft::TooLong { .. })>
                    {move || hint(draft.get(), &chat.draft.read())}
                </span>
            </p>
        </div>
    }
}

/// The key code that browsers give to keys which an input method consumes (UI Events, section 7.3.1).
const IME: u32 = 229;

/// Whether a key sends: Enter, unless it breaks the line or belongs to an input method.
fn sends(key: &str, with_shift: bool, is_composing: bool) -> bool {
    key == "Enter" && !with_shift && !is_composing
}

/// What stands beside the keyboard hint: what keeps the draft from being sent, or how much room is left.
/// That an empty field has nothing to send needs no words.
fn hint(draft: Draft, text: &str) -> Option<String> {
    match draft {
        Draft::Empty => None,
        _ => draft.reason().or_else(|| room_left(text)),
    }
}

/// Lets the text of the field flow into the signal first, and only then lets the signal rule the field: what
/// was typed before the wasm had loaded is kept.
fn keep_in_step(draft: RwSignal<String>, field: NodeRef<html::Textarea>) {
    let handover = use_handover();
    Effect::new(move |was_bound: Option<bool>| {
        if was_bound.is_none()
            && let Some(kept) = handover.take_draft()
        {
            draft.set(kept);
        }
        let wanted = draft.get();
        let Some(field) = field.get() else { return false };
        let shown = field.value();
        if was_bound != Some(true) && wanted.is_empty() && !shown.is_empty() {
            draft.set(shown);
        } else if shown != wanted {
            field.set_value(&wanted);
        }
        true
    });
}

/// The button that sends; while an answer runs, the one that stops it.
#[component]
fn SendOrStop(chat: Chat, draft: Memo<Draft>, send: Callback<()>, focus: Callback<()>) -> impl IntoView {
    let is_sending = Memo::new(move |_| chat.phase.get() == Phase::Sending);
    let can_stop = Memo::new(move |_| chat.phase.get().is_busy() && !is_sending.get());
    let label = Signal::derive(move || {
        if is_sending.get() {
            return "Sending".to_owned();
        }
        draft
            .get()
            .reason()
            .map_or_else(|| "Send".to_owned(), |reason| format!("Send. {reason}"))
    });
    // The button that had the focus goes. Who pressed it by keyboard goes on in the text field; on a phone,
    // that would open the keyboard.
    let keep_focus = move |event: &MouseEvent| {
        if event.detail() == 0 {
            focus.run(());
        }
    };
    view! {
        <Show
            when=move || can_stop.get()
            fallback=move || view! {
                <IconButton
                    icon=IconName::Send
                    label=label
                    variant=ButtonVariant::Primary
                    loading=is_sending
                    disabled=Signal::derive(move || draft.get() != Draft::Ready && !is_sending.get())
                    on_click=move |event| {
                        send.run(());
                        keep_focus(&event);
                    }
                />
            }
        >
            <IconButton
                icon=IconName::Stop
                label="Stop the answer"
                variant=ButtonVariant::Secondary
                loading=Signal::derive(move || chat.phase.get() == Phase::Stopping)
                on_click=move |event| {
                    chat.stop();
                    keep_focus(&event);
                }
            />
        </Show>
    }
}

/// What stands in the way: a lost connection, a refusal, no models, no key.
#[component]
fn Troubles(chat: Chat, models: Models) -> impl IntoView {
    let is_lost = Memo::new(move |_| chat.phase.get() == Phase::Reconnecting);
    let has_usable =
        Memo::new(move |_| models.with(|all| all.choices.iter().any(|choice| choice.credential.is_some())));
    let needs_key =
        Memo::new(move |_| models.error().is_none() && !has_usable.get() && !chat.rows.read().is_empty());
    view! {
        <Show when=move || is_lost.get()>
            <p role="status" class="flex items-center gap-2 px-2 text-sm text-soft">
                <Spinner/>
                "Connection lost, reconnecting…"
            </p>
        </Show>
        {move || {
            chat.refusal.get().map(|error| {
                let action = remedy(error.code).map(|remedy| ErrorAction::link(remedy.label, remedy.href));
                match action {
                    Some(action) => view! { <Trouble error=error action=action/> }.into_any(),
                    None => view! { <Trouble error=error/> }.into_any(),
                }
            })
        }}
        {move || {
            models.error().map(|error| view! {
                <Trouble
                    error=error
                    action=ErrorAction::run("Try again", Callback::new(move |()| models.refresh()))
                />
            })
        }}
        <Show when=move || needs_key.get()>
            <Notice tone=Tone::Info title="No model can answer right now">
                <p>"Add a key of a provider. It is sealed, and only you can use it."</p>
                <div class="pt-1">
                    <LinkButton href="/settings/keys" variant=ButtonVariant::Primary>
                        <Icon name=IconName::Key size=IconSize::Small/>
                        "Add your key"
                    </LinkButton>
                </div>
            </Notice>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_sends_unless_it_breaks_the_line_or_ends_a_composition() {
        assert!(sends("Enter", false, false));
        assert!(!sends("Enter", true, false));
        assert!(!sends("Enter", false, true));
        assert!(!sends("a", false, false));
    }

    #[test]
    fn the_hint_keeps_quiet_about_an_empty_field() {
        assert_eq!(hint(Draft::Empty, ""), None);
        assert_eq!(hint(Draft::Ready, "Hello"), None);
        assert!(hint(Draft::NoModel, "Hello").is_some());
        assert!(hint(Draft::TooLong { over: 1 }, "Hello").is_some());
    }
}
