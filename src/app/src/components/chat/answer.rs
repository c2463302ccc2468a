//! An answer: reasoning, text, how it ended, its receipt and what can be done with it.
//! It refuses to know the stream: it shows whatever its message holds.

use leptos::{prelude::*, task::spawn_local};
use marshmallow_core::{ErrorCode, ModelId};

use super::{
    consent::PauseCard,
    ending::{ending, fallback_lines, remedy},
    receipt::ReceiptLine,
};
use crate::{
    state::{
        browser::copy_text,
        chat::{Chat, Row, message::Message},
    },
    ui::{
        Button, ButtonSize, ButtonVariant, CredentialBadge, Disclosure, ErrorAction, Icon, IconName,
        IconSize, Notice, Tone, Trouble, use_toasts,
    },
};

/// An answer.
#[component]
pub fn Answer(
    /// The conversation.
    chat: Chat,
    /// The answer's message.
    row: Row,
) -> impl IntoView {
    let message = RwSignal::from(row.message);
    let text = Memo::new(move |_| message.read().text.clone());
    let reasoning = Memo::new(move |_| message.read().reasoning.clone());
    let is_running = Memo::new(move |_| message.read().is_running());
    let pause = Memo::new(move |_| message.read().pause.clone());
    let is_waiting = Memo::new(move |_| is_running.get() && text.read().is_empty() && pause.read().is_none());
    let id = message.read_untracked().id;
    view! {
        <article
            aria-label="Answer"
            aria-busy=move || if is_running.get() { "true" } else { "false" }
            class="space-y-3"
        >
            <Fallbacks message=message/>
            <Show when=move || !reasoning.read().is_empty()>
                <Disclosure summary=|| "Reasoning">
                    <p
                        dir="auto"
                        class="border-l-2 border-line pl-4 text-sm whitespace-pre-wrap text-soft \
                        [overflow-wrap:anywhere]"
                    >
                        {move || reasoning.get()}
                    </p>
                </Disclosure>
            </Show>
            <Show when=move || !text.read().is_empty()>
                <p dir="auto" class="whitespace-pre-wrap [overflow-wrap:anywhere]">
                    {move || text.get()}
                </p>
            </Show>
            <Show when=move || is_waiting.get()>
                <p class="flex items-center gap-2 text-sm text-soft">
                    <span class="size-2 animate-pulse rounded-full bg-accent" aria-hidden="true"></span>
                    {move || if reasoning.read().is_empty() { "Waiting for the first words…" } else { "Reasoning…" }}
                </p>
            </Show>
            {move || pause.get().map(|pause| view! { <PauseCard message=id pause=pause/> })}
            <Ending chat=chat message=message/>
            <Paid message=message/>
            <Actions chat=chat message=message/>
        </article>
    }
}

/// Credentials that gave way, in the conversation itself: nobody should have to look for it.
#[component]
fn Fallbacks(message: RwSignal<Message>) -> impl IntoView {
    let lines = Memo::new(move |_| {
        let message = message.read();
        // A question tells itself what failed.
        if message.pause.is_some() {
            return Vec::new();
        }
        let serving = message
            .receipt
            .as_ref()
            .map(|receipt| &receipt.credential)
            .or(message.credential.as_ref());
        fallback_lines(&message.fallbacks, serving)
    });
    view! {
        <Show when=move || !lines.read().is_empty()>
            <Notice tone=Tone::Warning>
                {move || lines.get().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            </Notice>
        </Show>
    }
}

/// How it ended, if there is something to say, and what went wrong.
#[component]
fn Ending(chat: Chat, message: RwSignal<Message>) -> impl IntoView {
    let words = Memo::new(move |_| {
        let message = message.read();
        let stop = message.receipt.as_ref().and_then(|receipt| receipt.stop);
        ending(message.status, stop, message.error.is_some())
    });
    // An error that comes before the end is shown with the end, when it is sure that nothing follows.
    let error = Memo::new(move |_| {
        let message = message.read();
        message.error.clone().filter(|_| !message.is_running())
    });
    let action = move |code: ErrorCode| match remedy(code) {
        Some(remedy) => ErrorAction::link(remedy.label, remedy.href),
        None => ErrorAction::run("Try again", Callback::new(move |()| try_again(chat, message))),
    };
    view! {
        {move || {
            words.get().map(|words| view! {
                <p class="flex items-start gap-2 text-sm text-soft">
                    <span class="mt-0.5">
                        <Icon name=IconName::Info size=IconSize::Small/>
                    </span>
                    {words}
                </p>
            })
        }}
        {move || error.get().map(|error| view! { <Trouble action=action(error.code) error=error/> })}
    }
}

/// The receipt; while there is none, whose key is in use.
#[component]
fn Paid(message: RwSignal<Message>) -> impl IntoView {
    let receipt = Memo::new(move |_| message.read().receipt.clone());
    let in_use = Memo::new(move |_| {
        let message = message.read();
        message
            .credential
            .clone()
            .filter(|_| message.receipt.is_none())
            .zip(message.model.clone())
    });
    view! {
        {move || receipt.get().map(|receipt| view! { <ReceiptLine receipt=receipt/> })}
        {move || {
            in_use.get().map(|(label, model)| view! {
                <p class="flex min-w-0 flex-wrap items-center gap-x-2 text-xs text-soft">
                    <CredentialBadge
                        plain=true
                        kind=Some(label.kind)
                        label=label.label
                        last_four=label.last_four
                    />
                    <span aria-hidden="true">"·"</span>
                    <span class="font-mono [overflow-wrap:anywhere]">{model.to_string()}</span>
                </p>
            })
        }}
    }
}

/// Copy and retry, once the answer has ended.
#[component]
fn Actions(chat: Chat, message: RwSignal<Message>) -> impl IntoView {
    let toasts = use_toasts();
    let is_running = Memo::new(move |_| message.read().is_running());
    let has_text = Memo::new(move |_| !message.read().text.is_empty());
    // Another answer takes the place of all that follows its question, so only the last one offers it.
    let is_last = Memo::new(move |_| chat.rows.read().last().map(|row| row.id) == Some(message.read().id));
    let copy = move |_| {
        let text = message.read_untracked().text.clone();
        spawn_local(async move {
            if copy_text(&text).await {
                toasts.good("Copied.");
            } else {
                toasts.bad("The browser did not allow copying. Select the text instead.");
            }
        });
    };
    let can_retry = move || is_last.get() && !chat.phase.get().is_busy() && chat.model.read().is_some();
    view! {
        <Show when=move || !is_running.get()>
            <div class="-ml-3 flex flex-wrap gap-1">
                <Show when=move || has_text.get()>
                    <Button variant=ButtonVariant::Quiet size=ButtonSize::Small on_click=copy>
                        <Icon name=IconName::Copy size=IconSize::Small/>
                        "Copy"
                    </Button>
                </Show>
                <Show when=can_retry>
                    <Button
                        variant=ButtonVariant::Quiet
                        size=ButtonSize::Small
                        on_click=move |_| try_again(chat, message)
                    >
                        <Icon name=IconName::Retry size=IconSize::Small/>
                        {move || retry_words(message.read().model.as_ref(), chat.model.read().as_ref())}
                    </Button>
                </Show>
            </div>
        </Show>
    }
}

/// Asks the chosen model for another answer.
fn try_again(chat: Chat, message: RwSignal<Message>) {
    let id = message.read_untracked().id;
    if let Some(model) = chat.model.get_untracked() {
        chat.retry(id, model);
    }
}

/// What the retry button says: which model answers, when it is another one.
fn retry_words(before: Option<&ModelId>, now: Option<&ModelId>) -> String {
    match now {
        Some(now) if Some(now) != before => format!("Retry with {}", now.name),
        _ => "Retry".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_names_the_model_when_it_is_another_one() {
        let one: ModelId = "openai/one".parse().unwrap();
        let two: ModelId = "openai/two".parse().unwrap();
        assert_eq!(retry_words(Some(&one), Some(&one)), "Retry");
        assert_eq!(retry_words(Some(&one), Some(&two)), "Retry with two");
        assert_eq!(retry_words(Some(&one), None), "Retry");
    }
}
