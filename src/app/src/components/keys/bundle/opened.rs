//! A sealed file that was opened for a look: its rows, the checks of its keys a few at a time, and the storing of those
//! that are chosen. It holds the sealed file and the passphrase, since each step sends both again, and never a key.

use leptos::prelude::*;
use marshmallow_core::{
    BundleChoice, BundleReview, BundleRow, BundleRowState, BundleStep, ErrorCode, KeyInspection, LIMITS,
};

use super::super::{board::Board, review::Found};
use crate::api::{
    ApiError,
    bundles::{import_bundle, inspect_bundle, open_bundle},
};

/// A row of the list for a key of the file.
fn found(row: BundleRow) -> Found {
    let found = Found::new(row.number, row.provider, row.label.clone(), row.last_four.clone());
    found.expires_at.set_value(row.expires_at);
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

/// What is sent with each step.
#[derive(Clone, Default)]
struct Sealed {
    file: String,
    passphrase: String,
}

/// The file, what is inside it, and what is being done with it.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    sealed: StoredValue<Sealed>,
    /// What the file says of itself; none before it is opened.
    pub review: RwSignal<Option<BundleReview>>,
    /// A row for each of its keys.
    pub list: RwSignal<Vec<Found>>,
    /// Whether something is being done with it.
    pub is_busy: RwSignal<bool>,
}

impl Opened {
    /// No file yet.
    pub fn new() -> Self {
        Self {
            sealed: StoredValue::new(Sealed::default()),
            review: RwSignal::new(None),
            list: RwSignal::new(Vec::new()),
            is_busy: RwSignal::new(false),
        }
    }

    /// Forgets the file and all of it.
    pub fn put_away(self) {
        self.sealed.set_value(Sealed::default());
        self.review.set(None);
        self.list.set(Vec::new());
    }

    /// Has the server open a file; the one before is put away, whether that works or not.
    pub async fn open(self, file: String, passphrase: String) -> Result<(), ApiError> {
        self.put_away();
        let review = open_bundle(file.clone(), passphrase.clone()).await?;
        self.sealed.set_value(Sealed { file, passphrase });
        self.list.set(review.keys.iter().cloned().map(found).collect());
        self.review.set(Some(review));
        Ok(())
    }

    /// Whether there are keys about which nothing was heard yet.
    pub fn has_rest(self) -> bool {
        let list = self.list.read();
        list.iter().any(|one| is_passing(one.outcome.read().as_ref()))
    }

    /// Asks about the keys about which nothing was heard yet.
    pub async fn check(self) {
        let list = self.list.get_untracked();
        let rest = list
            .into_iter()
            .filter(|one| is_passing(one.outcome.get_untracked().as_ref()));
        let rest: Vec<Found> = rest.collect();
        for one in &rest {
            one.outcome.set(None);
        }
        for some in rest.chunks(LIMITS.bundled_keys_per_call) {
            // None once the page was left.
            let Some(Sealed { file, passphrase }) = self.sealed.try_get_value() else {
                break;
            };
            let numbers = some.iter().map(|one| one.number).collect();
            match inspect_bundle(file, passphrase, numbers).await {
                Err(error) => some.iter().for_each(|row| row.learn(Err(error.clone()))),
                Ok(outcomes) => {
                    for one in outcomes {
                        if let Some(row) = some.iter().find(|row| row.number == one.number) {
                            row.learn(one.outcome.map_err(ApiError));
                        }
                    }
                }
            }
        }
    }

    /// Stores what is chosen, and puts it on the board. Gives how many keys that were.
    pub async fn store(self, board: Board) -> u64 {
        let list = self.list.get_untracked();
        let chosen: Vec<Found> = list
            .into_iter()
            .filter(|one| one.is_chosen.get_untracked())
            .collect();
        let mut count = 0;
        for some in chosen.chunks(LIMITS.bundled_keys_per_call) {
            // None once the page was left.
            let Some(Sealed { file, passphrase }) = self.sealed.try_get_value() else {
                break;
            };
            let choices = some.iter().map(|one| BundleChoice {
                number: one.number,
                step: if one.is_change() {
                    BundleStep::TakeSettings
                } else {
                    BundleStep::Add
                },
            });
            match import_bundle(file, passphrase, choices.collect()).await {
                Err(error) => some.iter().for_each(|row| row.settle(Err(error.clone()))),
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
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::PublicError;

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
