//! The Spending tab: the limit of all keys together, the person's rule for when keys cannot serve, and, for
//! administrators, the terms for everybody. It refuses to know single keys.

use leptos::prelude::*;
use marshmallow_core::BudgetSummary;

use super::{budget::BudgetLine, rule::RuleCard, terms::TermsCard};
use crate::{
    api::budgets::budgets,
    components::account::Failure,
    state::account::use_account,
    ui::{Card, Skeleton, SkeletonShape},
};

/// The tab's content.
#[component]
pub fn SpendingTab() -> impl IntoView {
    let found = Resource::new(|| (), |()| budgets());
    let account = use_account();
    let terms = move || {
        account
            .is_some_and(|account| account.is_administrator())
            .then(|| view! { <TermsCard/> })
    };
    view! {
        <Card title="All your keys together">
            <p class="mb-4 max-w-measure text-sm text-soft">
                "What your keys may spend in chats. Each key can have a limit of its own, on its row under API keys; what \
                the platform pays for you does not count here."
            </p>
            <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Card count=1/> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(budgets) => view! { <AllKeys budgets=budgets/> }.into_any(),
                        Err(error) => view! { <Failure error=error retry=move |()| found.refetch()/> }.into_any(),
                    }
                })}
            </Suspense>
        </Card>
        <RuleCard/>
        <Transition>{terms}</Transition>
    }
}

#[component]
fn AllKeys(budgets: Vec<BudgetSummary>) -> impl IntoView {
    let budgets = RwSignal::new(budgets);
    view! { <BudgetLine key=None name="all your keys together" budgets=budgets/> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use marshmallow_core::{Allowance, NanoDollars};

    use super::*;
    use crate::ui::gallery::{markup, render};

    #[test]
    fn the_limit_of_all_keys_is_sound_markup_with_what_is_used() {
        let budget = BudgetSummary {
            key: None,
            day: None,
            month: Some(Allowance {
                limit: NanoDollars(5_000_000_000),
                used: NanoDollars(1_200_000_000),
                reserved: NanoDollars(0),
            }),
        };
        let html = render(move || view! { <AllKeys budgets=vec![budget]/> });
        assert_eq!(markup::faults(&html), Vec::<String>::new());
        assert!(html.contains("$1.20 of $5.00 this month"), "{html}");
    }
}
