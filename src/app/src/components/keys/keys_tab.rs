//! The API keys tab: one field for any key, a card per provider, and how keys are protected.

use leptos::prelude::*;
use marshmallow_core::{Provider, ProviderCard};

use super::{
    add_key::AddKeyForm, board::Board, emergency::EmergencyCard, protection::Protection,
    provider_section::ProviderSection,
};
use crate::{
    api::keys::{AddKey, key_cards},
    components::account::Failure,
    ui::{Card, Skeleton, SkeletonShape},
};

/// The tab's content.
#[component]
pub fn KeysTab() -> impl IntoView {
    let cards = Resource::new(|| (), |()| key_cards());
    let add = ServerAction::<AddKey>::new();
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton shape=SkeletonShape::Card count=5/> }
        }>
            {move || Suspend::new(async move {
                match cards.await {
                    Ok(cards) => view! { <Cards cards=cards add=add/> }.into_any(),
                    Err(error) => view! { <Failure error=error retry=move |()| cards.refetch()/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Cards(cards: Vec<ProviderCard>, add: ServerAction<AddKey>) -> impl IntoView {
    let board = Board::new(cards, add);
    let sections = Provider::ALL
        .map(|provider| view! { <ProviderSection provider=provider board=board/> })
        .collect_view();
    view! {
        <div class="space-y-6">
            <Card title="Paste a key">
                <p class="mb-4 max-w-measure text-sm text-soft">
                    "From any provider. It is recognised, checked with a call that costs nothing, and sealed; afterwards \
                    only its last four characters are ever shown."
                </p>
                <AddKeyForm place=None board=board/>
            </Card>
            {sections}
            <EmergencyCard board=board/>
            <Protection/>
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
