//! The form that opens a sealed file, and the list of what is inside. What was chosen and typed stays when something
//! fails.

use leptos::{html, prelude::*, task::spawn_local};
use marshmallow_core::{LIMITS, PublicError};
use web_sys::HtmlInputElement;

use super::{
    super::{board::Board, review::ReviewList},
    opened::Opened,
};
use crate::{
    api::ApiError,
    components::account::Failure,
    format::counted,
    state::browser,
    ui::{Button, FieldKind, FileField, Moment, TextField, use_toasts},
};

fn invalid(message: &str, next_step: &str) -> ApiError {
    ApiError(PublicError::invalid(message, next_step))
}

/// The text of the file that is chosen, if it can be a bundle.
async fn chosen(input: &HtmlInputElement) -> Result<String, ApiError> {
    match browser::file_bytes(input) {
        None => Err(invalid("No file is chosen.", "Choose the file with the keys.")),
        Some(bytes) if bytes > LIMITS.bundle_max_bytes => Err(invalid(
            "This is larger than any bundle of keys.",
            "Choose a file whose name ends in .mmkeys.",
        )),
        Some(_) => browser::read_file(input)
            .await
            .ok_or_else(|| invalid("This file cannot be read.", "Choose it again.")),
    }
}

/// The field for the file, and what is inside it.
#[component]
pub(super) fn ImportForm(board: Board) -> impl IntoView {
    let toasts = use_toasts();
    let input = NodeRef::<html::Input>::new();
    let passphrase = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<ApiError>);
    let opened = Opened::new();
    let is_busy = Signal::from(opened.is_busy);

    let open = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        failure.set(None);
        let words = passphrase.get_untracked();
        opened.is_busy.set(true);
        spawn_local(async move {
            let answer = match chosen(&input).await {
                Ok(file) => opened.open(file, words).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(()) => opened.check().await,
                Err(error) => failure.set(Some(error)),
            }
            opened.is_busy.set(false);
        });
    };
    let check = move |_| {
        opened.is_busy.set(true);
        spawn_local(async move {
            opened.check().await;
            opened.is_busy.set(false);
        });
    };
    let store = move |()| {
        opened.is_busy.set(true);
        spawn_local(async move {
            let count = opened.store(board).await;
            opened.is_busy.set(false);
            if count > 0 {
                toasts.good(format!("{} imported.", counted(count, "key is", "keys are")));
            }
        });
    };
    let put_away = move |()| {
        opened.put_away();
        passphrase.set(String::new());
    };
    view! {
        <section class="space-y-4" aria-labelledby="import-keys">
            <h3 id="import-keys" class="font-semibold">"Import"</h3>
            <p class="max-w-measure text-sm text-soft">
                "Open a file that was exported here or on another server. You see what is inside, each key is checked at \
                its provider, and only what you then choose is stored."
            </p>
            <div class="max-w-measure space-y-4">
                <FileField
                    label="File with keys"
                    name="import-file"
                    accept=".mmkeys"
                    hint="Its name ends in .mmkeys."
                    node=input
                />
                <TextField
                    label="Passphrase of the file"
                    name="import-passphrase"
                    kind=FieldKind::Password
                    value=passphrase
                    autocomplete="off"
                />
                <Button loading=is_busy on_click=open>"Open"</Button>
                {move || failure.get().map(|error| view! { <Failure error=error/> })}
            </div>
            <p role="status" class="text-sm text-soft empty:hidden">
                {move || {
                    opened
                        .review
                        .get()
                        .map(|review| {
                            view! {
                                {counted(review.keys.len() as u64, "key", "keys")} " inside, exported "
                                <Moment at=review.made_at/> "."
                            }
                        })
                }}
            </p>
            <ReviewList found=opened.list is_busy=is_busy on_store=store on_put_away=put_away/>
            <Show when=move || !is_busy.get() && opened.has_rest()>
                <Button on_click=check>"Check the rest"</Button>
            </Show>
        </section>
    }
}
