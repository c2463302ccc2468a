//! The state of the API keys tab: the cards, and which form was sent last. Changes that the server confirmed
//! are put in place; nothing is guessed, and no key ever stands here.

use leptos::prelude::*;
use marshmallow_core::{BudgetSummary, KeyId, KeySummary, Provider, ProviderCard};

use crate::{
    api::keys::AddKey,
    ui::{Toaster, use_toasts},
};

/// Where a form stands: in a provider's card, or above all cards.
pub(super) type FormPlace = Option<Provider>;

/// The state of the tab.
#[derive(Clone, Copy)]
pub(super) struct Board {
    /// The cards.
    pub cards: RwSignal<Vec<ProviderCard>>,
    /// The budgets that have a limit.
    pub budgets: RwSignal<Vec<BudgetSummary>>,
    /// Adding a key; one action for all forms, so that an error from a post without wasm is shown once.
    pub add: ServerAction<AddKey>,
    /// The form that was sent last.
    pub sender: RwSignal<FormPlace>,
    /// The key that is being dragged to another place.
    pub dragged: RwSignal<Option<KeyId>>,
    /// Where a refusal is told that has no place of its own.
    pub toasts: Toaster,
    /// What screen readers are told about a change of the order.
    pub announcement: RwSignal<String>,
    /// The key that was replaced last on this page: what is left to do about it gets the focus.
    pub just_replaced: RwSignal<Option<KeyId>>,
    /// The longest life, in milliseconds, that a key may be given; none for no bound.
    pub longest: StoredValue<Option<i64>>,
}

impl Board {
    /// The state that begins with the server's cards.
    pub fn new(
        cards: Vec<ProviderCard>,
        budgets: Vec<BudgetSummary>,
        longest: Option<i64>,
        add: ServerAction<AddKey>,
    ) -> Self {
        let cards = RwSignal::new(cards);
        Effect::new(move |_| {
            if let Some(Ok(added)) = add.value().get() {
                cards.update(|cards| put(cards, added));
            }
        });
        Self {
            cards,
            budgets: RwSignal::new(budgets),
            add,
            sender: RwSignal::new(None),
            dragged: RwSignal::new(None),
            toasts: use_toasts(),
            announcement: RwSignal::new(String::new()),
            just_replaced: RwSignal::new(None),
            longest: StoredValue::new(longest),
        }
    }

    /// The ids of a provider's keys that are in use, in their order.
    pub fn ids_of(self, provider: Provider) -> Vec<KeyId> {
        self.cards.with(|cards| ids(cards, provider, false))
    }

    /// The ids of a provider's keys in whose place others work.
    pub fn replaced_of(self, provider: Provider) -> Vec<KeyId> {
        self.cards.with(|cards| ids(cards, provider, true))
    }

    /// Whether there is any key.
    pub fn has_keys(self) -> bool {
        self.cards
            .with(|cards| cards.iter().any(|card| !card.keys.is_empty()))
    }

    /// One key, unless it is gone.
    pub fn key(self, id: KeyId) -> Option<KeySummary> {
        self.cards.with(|cards| {
            cards
                .iter()
                .flat_map(|card| &card.keys)
                .find(|key| key.id == id)
                .cloned()
        })
    }

    /// Puts a provider's keys in another order.
    pub fn put_in_order(self, provider: Provider, ids: &[KeyId]) {
        self.cards.update(|cards| {
            for card in cards.iter_mut().filter(|card| card.provider == provider) {
                card.keys
                    .sort_by_key(|key| ids.iter().position(|id| *id == key.id));
            }
        });
    }

    /// Takes what the server answered for a key.
    pub fn put(self, key: KeySummary) {
        self.cards.update(|cards| put(cards, key));
    }

    /// Takes a removed key away.
    pub fn take_away(self, id: KeyId) {
        self.cards.update(|cards| {
            cards
                .iter_mut()
                .for_each(|card| card.keys.retain(|key| key.id != id))
        });
    }
}

fn ids(cards: &[ProviderCard], provider: Provider, replaced: bool) -> Vec<KeyId> {
    let keys = cards
        .iter()
        .filter(|card| card.provider == provider)
        .flat_map(|card| &card.keys);
    keys.filter(|key| key.replaced.is_some() == replaced)
        .map(|key| key.id)
        .collect()
}

/// Puts a key in its place: over its older self, or at the end of its provider's card.
fn put(cards: &mut Vec<ProviderCard>, key: KeySummary) {
    let Some(card) = cards.iter_mut().find(|card| card.provider == key.provider) else {
        cards.push(ProviderCard {
            provider: key.provider,
            base_url: None,
            keys: vec![key],
        });
        return;
    };
    match card.keys.iter_mut().find(|older| older.id == key.id) {
        Some(older) => *older = key,
        None => card.keys.push(key),
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{KeyStatus, Millis, Random};

    use super::*;

    struct Bytes(u8);
    impl Random for Bytes {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    fn key(number: u8, provider: Provider, label: &str) -> KeySummary {
        KeySummary {
            id: KeyId::make(Millis(1), &Bytes(number)),
            provider,
            endpoint: provider.into(),
            base_url: "https://api.example.org".into(),
            label: label.into(),
            last_four: "x3Fa".into(),
            is_active: true,
            status: KeyStatus::Unchecked,
            until: None,
            model_count: None,
            rest: None,
            created_at: Millis(1),
            last_used: None,
            last_validated: None,
            expires_at: None,
            is_over: false,
            next_check: None,
            credit_left: None,
            status_since: None,
            replaced: None,
            former: None,
        }
    }

    #[test]
    fn a_key_replaces_its_older_self_and_a_new_one_comes_last() {
        let mut cards = vec![ProviderCard {
            provider: Provider::OpenAi,
            base_url: None,
            keys: vec![key(1, Provider::OpenAi, "Work")],
        }];
        put(&mut cards, key(2, Provider::OpenAi, "Home"));
        put(&mut cards, key(1, Provider::OpenAi, "Office"));
        put(&mut cards, key(3, Provider::Anthropic, ""));
        let labels: Vec<_> = cards[0].keys.iter().map(|key| key.label.as_str()).collect();
        assert_eq!(labels, ["Office", "Home"]);
        assert_eq!(cards[1].provider, Provider::Anthropic);
    }
}
