//! Keys out of a sealed file: opened on the server for a look, checked a few at a time, and stored when chosen. This page
//! holds the sealed file and the passphrase, and never a key. What was chosen and typed stays when something fails.

use leptos::{html, prelude::*, task::spawn_local};
use marshmallow_core::{
    BundleChoice, BundleReview, BundleRow, BundleRowState, BundleStep, ErrorCode, KeyInspection, LIMITS,
    PublicError,
};

use super::super::{
    board::Board,
    review::{Found, ReviewList},
};
use crate::{
    api::{
        ApiError,
        bundles::{import_bundle, inspect_bundle, open_bundle},
    },
    components::account::Failure,
    format::counted,
    state::browser,
    ui::{Button, FieldKind, FileField, Moment, TextField, use_toasts},
};

/// A row of the list for a key of the file.
fn found(row: BundleRow) -> Found {
    let found = Found::new(row.number, row.provider, row.label.clone(), row.last_four.clone());
    match row.state {
        BundleRowState::New => {}
        BundleRowState::Refused(error) => found.learn(Err(ApiError(error))),
        BundleRowState::Stored { label, is_active } => {
            let is_other = label != row.label || is_active != row.is_active;
            found
                .change
                .set_value(is_other.then(|| difference(&row.label, row.is_active, &label, is_active)));
            if let Some(provider) = row.provider {
                found.learn(Ok(KeyInspection {
                    provider,
                    last_four: row.last_four,
                    finding: None,
                    model_count: None,
                }));
            }
        }
    }
    found
}

/// What the file says otherwise of a key that is stored already.
fn difference(label: &str, is_active: bool, mine: &str, mine_is_active: bool) -> String {
    let named = |label: &str| {
        if label.is_empty() {
            "without a name".to_owned()
        } else {
            format!("“{label}”")
        }
    };
    let switched = |is_active: bool| if is_active { "on" } else { "off" };
    format!(
        "Here it is {}, switched {}; in the file {}, switched {}. It stays as it is here unless you choose otherwise.",
        named(mine),
        switched(mine_is_active),
        named(label),
        switched(is_active),
    )
}

/// Whether asking again may bring another answer.
fn is_passing(outcome: Option<&Result<KeyInspection, ApiError>>) -> bool {
    let Some(Err(error)) = outcome else {
        return outcome.is_none();
    };
    matches!(
        error.0.code,
        ErrorCode::TooManyAttempts | ErrorCode::Connection | ErrorCode::Storage
    )
}

fn invalid(message: &str, next_step: &str) -> ApiError {
    ApiError(PublicError::invalid(message, next_step))
}

/// What is sent again with each step.
#[derive(Clone, Default)]
struct Sealed {
    file: String,
    passphrase: String,
}

/// The field for the file, and what is inside it.
#[component]
pub(super) fn ImportForm(board: Board) -> impl IntoView {
    let toasts = use_toasts();
    let input = NodeRef::<html::Input>::new();
    let passphrase = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<ApiError>);
    let opened = RwSignal::new(None::<BundleReview>);
    let list = RwSignal::new(Vec::<Found>::new());
    let sealed = StoredValue::new(Sealed::default());
    let [is_opening, is_checking, is_storing] = [(), (), ()].map(|()| RwSignal::new(false));
    let is_busy = Signal::derive(move || is_opening.get() || is_checking.get() || is_storing.get());

    let check = move || {
        is_checking.set(true);
        let asked: Vec<Found> = list.get_untracked();
        let asked = asked
            .into_iter()
            .filter(|one| is_passing(one.outcome.get_untracked().as_ref()));
        let asked: Vec<Found> = asked.collect();
        for one in &asked {
            one.outcome.set(None);
        }
        spawn_local(async move {
            for some in asked.chunks(LIMITS.bundled_keys_per_call) {
                let Sealed { file, passphrase } = sealed.get_value();
                let numbers = some.iter().map(|one| one.number).collect();
                match inspect_bundle(file, passphrase, numbers).await {
                    Ok(outcomes) => {
                        for one in outcomes {
                            if let Some(row) = some.iter().find(|row| row.number == one.number) {
                                row.learn(one.outcome.map_err(ApiError));
                            }
                        }
                    }
                    Err(error) => some.iter().for_each(|row| row.learn(Err(error.clone()))),
                }
            }
            is_checking.set(false);
        });
    };
    let open = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        failure.set(None);
        let Some(bytes) = browser::file_bytes(&input) else {
            failure.set(Some(invalid(
                "No file is chosen.",
                "Choose the file with the keys.",
            )));
            return;
        };
        is_opening.set(true);
        spawn_local(async move {
            let text = browser::read_file(&input, LIMITS.bundle_max_bytes).await;
            let words = passphrase.get_untracked();
            let answer = match text {
                Some(file) => {
                    sealed.set_value(Sealed {
                        file: file.clone(),
                        passphrase: words.clone(),
                    });
                    open_bundle(file, words).await
                }
                None if bytes > LIMITS.bundle_max_bytes => Err(invalid(
                    "This is larger than any bundle of keys.",
                    "Choose a file whose name ends in .mmkeys.",
                )),
                None => Err(invalid("This file cannot be read.", "Choose it again.")),
            };
            is_opening.set(false);
            match answer {
                Ok(review) => {
                    list.set(review.keys.iter().cloned().map(found).collect());
                    opened.set(Some(review));
                    check();
                }
                Err(error) => {
                    list.set(Vec::new());
                    opened.set(None);
                    failure.set(Some(error));
                }
            }
        });
    };
    let store = move |()| {
        is_storing.set(true);
        let chosen: Vec<Found> = list.get_untracked();
        let chosen: Vec<Found> = chosen
            .into_iter()
            .filter(|one| one.is_chosen.get_untracked())
            .collect();
        spawn_local(async move {
            let mut count = 0;
            for some in chosen.chunks(LIMITS.bundled_keys_per_call) {
                let Sealed { file, passphrase } = sealed.get_value();
                let choices = some.iter().map(|one| BundleChoice {
                    number: one.number,
                    step: if one.is_change() {
                        BundleStep::TakeSettings
                    } else {
                        BundleStep::Add
                    },
                });
                match import_bundle(file, passphrase, choices.collect()).await {
                    Ok(outcomes) => {
                        for one in outcomes {
                            if let Ok(summary) = &one.outcome {
                                board.put(summary.clone());
                                count += 1;
                            }
                            if let Some(row) = some.iter().find(|row| row.number == one.number) {
                                row.settle(one.outcome.map_err(ApiError));
                            }
                        }
                    }
                    Err(error) => some.iter().for_each(|row| row.settle(Err(error.clone()))),
                }
            }
            is_storing.set(false);
            if count > 0 {
                toasts.good(format!("{} imported.", counted(count, "key is", "keys are")));
            }
        });
    };
    let put_away = move |()| {
        list.set(Vec::new());
        opened.set(None);
        passphrase.set(String::new());
        sealed.set_value(Sealed::default());
    };
    let has_rest = Memo::new(move |_| {
        !is_busy.get()
            && list
                .read()
                .iter()
                .any(|one| is_passing(one.outcome.read().as_ref()))
    });
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
                        .get()
                        .map(|review| {
                            view! {
                                {counted(review.keys.len() as u64, "key", "keys")} " inside, exported "
                                <Moment at=review.made_at/> "."
                            }
                        })
                }}
            </p>
            <ReviewList found=list is_busy=is_busy on_store=store on_put_away=put_away/>
            <Show when=move || has_rest.get()>
                <Button on_click=move |_| check()>"Check the rest"</Button>
            </Show>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_told_both_ways() {
        let told = difference("Home", true, "", false);
        assert!(
            told.starts_with("Here it is without a name, switched off; in the file “Home”, switched on.")
        );
    }

    #[test]
    fn what_may_change_is_asked_again_and_nothing_else() {
        let failed = |code| Err(ApiError(PublicError::new(code, "m", "n")));
        assert!(is_passing(None));
        assert!(is_passing(Some(&failed(ErrorCode::TooManyAttempts))));
        assert!(!is_passing(Some(&failed(ErrorCode::InvalidInput))));
    }
}
