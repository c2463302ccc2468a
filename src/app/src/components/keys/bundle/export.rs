//! The form that exports keys. Without wasm it posts to the same address and the browser keeps the file; with it, errors
//! are shown in place and nothing that was typed is lost.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use marshmallow_core::{ErrorCode, KeySummary, LIMITS, PublicError};

use super::{super::board::Board, super::help, passphrase::FreshPassphrase};
use crate::{
    api::{ApiError, EXPORT_KEYS_PATH, bundles::make_passphrase},
    components::account::Failure,
    state::browser,
    ui::{
        Button, ButtonType, ButtonVariant, Checkbox, FieldKind, Icon, IconName, Notice, TextField, Tone,
        use_toasts,
    },
};

/// What the server said instead of sending a file.
fn refusal(said: Option<String>) -> ApiError {
    let understood = said.map(|said| serde_json::from_str::<PublicError>(&said));
    ApiError(match understood {
        Some(Ok(error)) => error,
        Some(Err(_)) => PublicError::new(
            ErrorCode::Internal,
            "Something went wrong on this server.",
            "Try again; if it happens again, tell your administrator.",
        ),
        None => PublicError::new(
            ErrorCode::Connection,
            "The server could not be reached.",
            "Check your connection and try again. What you typed is still here.",
        ),
    })
}

/// What people call the key, for the list of what shall leave.
fn choice(key: &KeySummary) -> String {
    let state = if key.is_active { "" } else { ", switched off" };
    format!("{}: {} …{}{state}", key.provider, help::name(key), key.last_four)
}

/// Whether a key is in use: not one whose place another has taken, nor one whose life is over.
fn may_leave(key: &KeySummary) -> bool {
    key.replaced.is_none() && !key.is_over
}

/// The form; a sentence where there is no key.
#[component]
pub(super) fn ExportForm(
    board: Board,
    /// Why a post without a script was refused.
    refusal: Option<ApiError>,
) -> impl IntoView {
    let failure = RwSignal::new(refusal);
    view! {
        <section class="space-y-4" aria-labelledby="export-keys">
            <h3 id="export-keys" class="font-semibold">"Export"</h3>
            <p class="max-w-measure text-sm text-soft">
                "The keys that you choose leave in one file, sealed under a passphrase. Whoever has both can use your \
                keys; whoever has the file alone can only guess."
            </p>
            <Show
                when=move || board.cards.with(|cards| cards.iter().flat_map(|card| &card.keys).any(may_leave))
                fallback=|| view! { <p class="text-sm">"There is no key to export yet."</p> }
            >
                <Fields board=board failure=failure/>
            </Show>
        </section>
    }
}

#[component]
fn Fields(board: Board, failure: RwSignal<Option<ApiError>>) -> impl IntoView {
    let toasts = use_toasts();
    let form = NodeRef::<html::Form>::new();
    let [password, passphrase, again] = [(), (), ()].map(|()| RwSignal::new(String::new()));
    let made = RwSignal::new(None::<String>);
    let saved = RwSignal::new(None::<String>);
    let is_sending = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked().filter(|_| !is_sending.get_untracked()) else {
            return;
        };
        is_sending.set(true);
        failure.set(None);
        saved.set(None);
        spawn_local(async move {
            match browser::send_for_file(&form).await {
                Ok(name) => {
                    for secret in [password, passphrase, again] {
                        secret.set(String::new());
                    }
                    saved.set(Some(name));
                }
                Err(said) => failure.set(Some(refusal(said))),
            }
            is_sending.set(false);
        });
    };
    let make = Action::new(move |(): &()| async move {
        match make_passphrase().await {
            Ok(text) => {
                passphrase.set(text.clone());
                again.set(text.clone());
                made.set(Some(text));
            }
            Err(error) => toasts.bad(error.0.to_string()),
        }
    });
    let keys = move || -> Vec<KeySummary> {
        let keys = board.cards.get().into_iter().flat_map(|card| card.keys);
        keys.filter(may_leave).collect()
    };
    view! {
        <form
            node_ref=form
            method="post"
            action=EXPORT_KEYS_PATH
            class="max-w-measure space-y-4"
            autocomplete="off"
            on:submit=submit
        >
            <fieldset>
                <legend class="mb-1 text-sm font-medium">"Keys to export"</legend>
                <For each=keys key=|key| key.id let:key>
                    <Checkbox name="key" value=key.id.to_string() checked=true>
                        {choice(&key)}
                    </Checkbox>
                </For>
            </fieldset>
            <TextField
                label="Passphrase for the file"
                name="passphrase"
                id="export-passphrase"
                kind=FieldKind::Password
                value=passphrase
                autocomplete="new-password"
                hint=format!("At least {} characters; four words in a row are good.", LIMITS.passphrase_min_chars)
                min_length=LIMITS.passphrase_min_chars
                required=true
            />
            <TextField
                label="Passphrase again"
                name="again"
                id="export-again"
                kind=FieldKind::Password
                value=again
                autocomplete="new-password"
                required=true
            />
            <Button loading=make.pending() on_click=move |_| { make.dispatch(()); }>"Make one for me"</Button>
            {move || made.get().map(|text| view! { <FreshPassphrase text=text/> })}
            <TextField
                label="Your account's password"
                name="password"
                id="export-password"
                kind=FieldKind::Password
                value=password
                autocomplete="current-password"
                required=true
            />
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
            {move || {
                saved
                    .get()
                    .map(|name| {
                        view! {
                            <Notice tone=Tone::Good title="Your keys are exported">
                                <p>{format!("The file {name} is where your browser keeps downloads.")}</p>
                            </Notice>
                        }
                    })
            }}
            <Button kind=ButtonType::Submit variant=ButtonVariant::Primary loading=is_sending>
                <Icon name=IconName::Lock/>
                "Export"
            </Button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_said_is_told() {
        let said = serde_json::to_string(&PublicError::not_found("key")).unwrap();
        assert_eq!(refusal(Some(said)).0, PublicError::not_found("key"));
        assert_eq!(refusal(Some("<html>".into())).0.code, ErrorCode::Internal);
        assert_eq!(refusal(None).0.code, ErrorCode::Connection);
    }
}
