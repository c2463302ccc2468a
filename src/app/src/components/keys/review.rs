//! The list of keys that were found, in a text or in a file: what each is, what its provider says, which are chosen,
//! and what became of them. It knows neither where they were found nor how they are stored.

use leptos::prelude::*;
use marshmallow_core::{KeyInspection, KeySummary, Millis, Provider};

use super::import_row::ImportRow;
use crate::{
    api::ApiError,
    format::counted,
    ui::{Button, ButtonVariant, Icon, IconName},
};

/// A key that was found.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// Its number among all that were found there.
    pub number: usize,
    /// The name that it would be stored under.
    pub name: StoredValue<String>,
    /// Its last four characters.
    pub last_four: StoredValue<String>,
    /// Whose it is, if that is settled.
    pub provider: Option<Provider>,
    /// For one that is stored already: what the file says otherwise, in a sentence.
    pub change: StoredValue<Option<String>>,
    /// For one out of a file: from when on its owner does not want it to be used any more.
    pub expires_at: StoredValue<Option<Millis>>,
    /// What was found about it; none while its provider is being asked.
    pub outcome: RwSignal<Option<Result<KeyInspection, ApiError>>>,
    /// Whether it is to be stored, or changed.
    pub is_chosen: RwSignal<bool>,
    /// What became of that.
    pub stored: RwSignal<Option<Result<KeySummary, ApiError>>>,
}

impl Found {
    /// One about which nothing is known yet.
    pub fn new(number: usize, provider: Option<Provider>, name: String, last_four: String) -> Self {
        Self {
            number,
            name: StoredValue::new(name),
            last_four: StoredValue::new(last_four),
            provider,
            change: StoredValue::new(None),
            expires_at: StoredValue::new(None),
            outcome: RwSignal::new(None),
            is_chosen: RwSignal::new(false),
            stored: RwSignal::new(None),
        }
    }

    /// Takes what was found about it. What may be stored is chosen at first.
    pub fn learn(self, outcome: Result<KeyInspection, ApiError>) {
        self.is_chosen
            .set(outcome.as_ref().is_ok_and(KeyInspection::may_be_stored));
        self.outcome.set(Some(outcome));
    }

    /// Takes what became of it.
    pub fn settle(self, stored: Result<KeySummary, ApiError>) {
        if stored.is_ok() {
            self.is_chosen.set(false);
        }
        self.stored.set(Some(stored));
    }

    /// Whether the stored key would be changed, instead of a new one stored.
    pub fn is_change(self) -> bool {
        self.change.with_value(Option::is_some)
    }
}

/// What the button does.
fn action(new: usize, changed: usize) -> String {
    let new_ones = counted(new as u64, "key", "keys");
    match (new, changed) {
        (_, 0) => format!("Seal {new_ones}"),
        (0, _) => format!("Change {}", counted(changed as u64, "key", "keys")),
        _ => format!("Seal {new_ones}, change {changed}"),
    }
}

/// The list with its buttons; nothing where nothing was found.
#[component]
pub(super) fn ReviewList(
    /// What was found.
    #[prop(into)]
    found: Signal<Vec<Found>>,
    /// Whether keys are being checked or stored.
    is_busy: Signal<bool>,
    /// Stores what is chosen.
    #[prop(into)]
    on_store: Callback<()>,
    /// Forgets all of it.
    #[prop(into)]
    on_put_away: Callback<()>,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let found = found.read();
        let chosen: Vec<_> = found.iter().filter(|one| one.is_chosen.get()).collect();
        let changed = chosen.iter().filter(|one| one.is_change()).count();
        (chosen.len() - changed, changed)
    });
    view! {
        <Show when=move || !found.read().is_empty()>
            <ul class="divide-y divide-line border-y border-line" aria-label="Keys that were found">
                <For each=move || found.get() key=|one| one.number let:one>
                    <ImportRow found=one/>
                </For>
            </ul>
            <div class="flex flex-wrap gap-2">
                <Button
                    variant=ButtonVariant::Primary
                    loading=is_busy
                    disabled=Signal::derive(move || chosen.get() == (0, 0))
                    on_click=move |_| on_store.run(())
                >
                    <Icon name=IconName::Lock/>
                    {move || {
                        let (new, changed) = chosen.get();
                        action(new, changed)
                    }}
                </Button>
                <Button disabled=is_busy on_click=move |_| on_put_away.run(())>"Put away"</Button>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::action;

    #[test]
    fn the_button_says_what_it_does() {
        assert_eq!(action(0, 0), "Seal 0 keys");
        assert_eq!(action(1, 0), "Seal 1 key");
        assert_eq!(action(0, 1), "Change 1 key");
        assert_eq!(action(2, 1), "Seal 2 keys, change 1");
    }
}
