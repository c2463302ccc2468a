//! The first steps of replacing a key: the new one is entered and checked, and takes over. The typed key leaves its
//! field the moment it is sent. What comes after that stands in rows and is shown by `replaced`.

use leptos::{ev::SubmitEvent, prelude::*};
use marshmallow_core::{KeySummary, LIMITS};

use super::{
    board::Board,
    help,
    progress::{AddProgress, Attempt},
    recognition,
};
use crate::{
    api::{ApiError, replace::replace_key},
    components::account::Failure,
    ui::{Button, ButtonSize, ButtonType, ButtonVariant, Dialog, FieldKind, Icon, IconName, TextField},
};

/// The button, and the dialog that asks for the new key.
#[component]
pub(super) fn ReplaceKey(key: KeySummary, board: Board) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let name = help::name(&key);
    let form = StoredValue::new(key);
    view! {
        <Button
            size=ButtonSize::Small
            variant=ButtonVariant::Quiet
            label=format!("Replace {name}")
            on_click=move |_| is_open.set(true)
        >
            <Icon name=IconName::Key/>
            "Replace"
        </Button>
        <Dialog open=is_open title=format!("Replace {name}")>
            // Made anew each time: nothing typed outlives the dialog.
            <Show when=move || is_open.get()>
                <ReplaceForm key=form.get_value() board=board is_open=is_open/>
            </Show>
        </Dialog>
    }
}

#[component]
fn ReplaceForm(key: KeySummary, board: Board, is_open: RwSignal<bool>) -> impl IntoView {
    let (id, provider) = (key.id, key.provider);
    let typed = RwSignal::new(String::new());
    let attempt = RwSignal::new(None::<Attempt>);
    let failure = RwSignal::new(None::<ApiError>);
    let replace = Action::new(move |typed: &String| {
        let typed = typed.clone();
        async move {
            match replace_key(id, typed).await {
                Ok(cards) => {
                    is_open.set(false);
                    board.toasts.good("The new key has taken over.");
                    board.just_replaced.set(Some(id));
                    board.cards.set(cards);
                }
                Err(error) => {
                    attempt.set(Some(Attempt::Refused(error.0.code)));
                    failure.set(Some(error));
                }
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if replace.pending().get_untracked() {
            return;
        }
        failure.set(None);
        attempt.set(Some(Attempt::Running));
        replace.dispatch(std::mem::take(&mut *typed.write()));
    };
    let hint = move || typed.with(|typed| recognition::hint(typed, Some(provider)).map(|hint| hint.text));
    view! {
        <form class="space-y-4" autocomplete="off" on:submit=submit>
            <div class="space-y-2 text-sm text-soft">
                <p>
                    "Make a new key at your provider, and paste it here. It is checked first. If it works, it takes over \
                    at once, with the name, the place, the time limit and the budget of "
                    <span class="font-mono text-ink">{format!("…{}", key.last_four)}</span>
                    ". Answers that are being written with the old key are finished with it."
                </p>
                <p>"Then you revoke the old key at the provider, and it is checked here until it no longer works."</p>
            </div>
            <div class="space-y-1.5">
                <TextField
                    label="New key"
                    name="key"
                    id=format!("replace-{id}")
                    kind=FieldKind::Password
                    value=typed
                    placeholder=provider.key_example()
                    autocomplete="off"
                    max_length=LIMITS.key_max_chars
                    mono=true
                    required=true
                />
                <p aria-live="polite" class="min-h-6 text-sm text-soft">
                    {hint}
                </p>
            </div>
            <div aria-live="polite">
                {move || attempt.get().map(|attempt| view! { <AddProgress attempt=attempt provider=provider/> })}
            </div>
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
            <div class="flex flex-wrap justify-end gap-2">
                <Button on_click=move |_| is_open.set(false)>"Leave it"</Button>
                <Button kind=ButtonType::Submit variant=ButtonVariant::Primary loading=replace.pending()>
                    <Icon name=IconName::Lock/>
                    "Check and replace"
                </Button>
            </div>
        </form>
    }
}
