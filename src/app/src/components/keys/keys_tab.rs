//! The API keys tab: one field for any key, a card per provider, and how keys are protected.

use leptos::prelude::*;
use marshmallow_core::{BudgetSummary, Provider, ProviderCard};

use super::{
    add_key::AddKeyForm, board::Board, bundle::Bundles, emergency::EmergencyCard, import::Import,
    life_bound::LifeBoundCard, protection::Protection, provider_section::ProviderSection,
};
use crate::{
    api::{
        ApiError,
        budgets::budgets,
        key_life::longest_key_life,
        keys::{AddKey, key_cards},
    },
    components::{account::Failure, notices::NoticeCard},
    state::{account::use_account, notices::use_bell},
    ui::{Card, Disclosure, Skeleton, SkeletonShape},
};

/// The tab's content.
#[component]
pub fn KeysTab() -> impl IntoView {
    let cards = Resource::new(
        || (),
        |()| async {
            let cards = key_cards().await?;
            Ok::<_, ApiError>((cards, budgets().await?, longest_key_life().await?))
        },
    );
    let add = ServerAction::<AddKey>::new();
    let account = use_account();
    let bound = move || {
        account
            .is_some_and(|account| account.is_administrator())
            .then(|| view! { <LifeBoundCard on_saved=move |()| cards.refetch()/> })
    };
    view! {
        <NoticeCard/>
        <Suspense fallback=|| {
            view! { <Skeleton shape=SkeletonShape::Card count=5/> }
        }>
            {move || Suspend::new(async move {
                match cards.await {
                    Ok((cards, budgets, longest)) => {
                        view! { <Cards cards=cards budgets=budgets longest=longest add=add/> }.into_any()
                    }
                    Err(error) => view! { <Failure error=error retry=move |()| cards.refetch()/> }.into_any(),
                }
            })}
        </Suspense>
        <Transition>{bound}</Transition>
    }
}

#[component]
fn Cards(
    cards: Vec<ProviderCard>,
    budgets: Vec<BudgetSummary>,
    longest: Option<i64>,
    add: ServerAction<AddKey>,
) -> impl IntoView {
    let board = Board::new(cards, budgets, longest, add);
    if let Some(bell) = use_bell() {
        bell.look_again_after(move || {
            board.cards.track();
            board.budgets.track();
        });
    }
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
