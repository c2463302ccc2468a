//! The API keys tab: one field for any key, a card per provider, and how keys are protected.

use leptos::prelude::*;
use marshmallow_core::{BudgetSummary, Provider, ProviderCard};

use super::{
    add_key::AddKeyForm, board::Board, bundle::Bundles, emergency::EmergencyCard, import::Import,
    protection::Protection, provider_section::ProviderSection,
};
use crate::{
    api::{
        ApiError,
        budgets::budgets,
        keys::{AddKey, key_cards},
    },
    components::account::Failure,
    ui::{Card, Disclosure, Skeleton, SkeletonShape},
};

/// The tab's content.
#[component]
pub fn KeysTab() -> impl IntoView {
    let cards = Resource::new(
        || (),
        |()| async {
            let cards = key_cards().await?;
            Ok::<_, ApiError>((cards, budgets().await?))
        },
    );
    let add = ServerAction::<AddKey>::new();
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton shape=SkeletonShape::Card count=5/> }
        }>
            {move || Suspend::new(async move {
                match cards.await {
                    Ok((cards, budgets)) => view! { <Cards cards=cards budgets=budgets add=add/> }.into_any(),
                    Err(error) => view! { <Failure error=error retry=move |()| cards.refetch()/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Cards(cards: Vec<ProviderCard>, budgets: Vec<BudgetSummary>, add: ServerAction<AddKey>) -> impl IntoView {
    let board = Board::new(cards, budgets, add);
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
                <div class="mt-4 border-t border-line pt-4">
                    <Disclosure summary=|| {
                        view! { <span class="font-medium text-ink">"Paste several keys or a .env file"</span> }
                    }>
                        <Import board=board/>
                    </Disclosure>
                </div>
            </Card>
            {sections}
            <Bundles board=board/>
            <EmergencyCard board=board/>
            <Protection/>
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
