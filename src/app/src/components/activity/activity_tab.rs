//! The Activity tab: what was done with one's keys and account, newest first; for administrators everyone's.

use leptos::prelude::*;

use super::{
    filter::Fields,
    filter_bar::{Downloads, FilterBar},
    list::Lines,
};
use crate::{
    api::{audit, keys::key_cards},
    components::account::Failure,
    state::account::use_account,
    ui::{Card, Skeleton, SkeletonShape},
};

/// The tab's content.
#[component]
pub fn ActivityTab() -> impl IntoView {
    let fields = Fields::new();
    let account = use_account();
    // Asked once: fields that are drawn anew would lose the focus.
    let known = Resource::new(
        || (),
        |()| async {
            let cards = key_cards().await.unwrap_or_default();
            let of_keys = audit::activity(false, "key".to_owned(), String::new(), 0, String::new()).await;
            (cards, of_keys.map(|page| page.lines).unwrap_or_default())
        },
    );
    let first = Resource::new(
        move || fields.choice(),
        |choice| async move {
            let asked = choice.clone();
            let page =
                audit::activity(asked.everyone, asked.kind, asked.key, asked.days, String::new()).await;
            (choice, page)
        },
    );
    view! {
        <Card title="Activity" aside=move || view! { <Downloads fields=fields/> }>
            <p class="mb-4 max-w-measure text-sm text-soft">
                "Every step of a key is on record, and entries cannot be changed: each holds the fingerprint of the one \
                before. The CSV holds what is shown; the JSON holds the whole record, to be checked with \
                “marshmallow audit verify”. Neither holds a key."
            </p>
            <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Row/> }>
                {move || Suspend::new(async move {
                    let is_administrator = match account {
                        Some(account) => account.administrates().await,
                        None => false,
                    };
                    let (cards, lines) = known.await;
                    view! {
                        <FilterBar fields=fields is_administrator=is_administrator cards=cards lines=lines/>
                    }
                })}
            </Suspense>
            <div class="mt-4 border-t border-line pt-4">
                <Transition fallback=|| view! { <Skeleton shape=SkeletonShape::Row count=6/> }>
                    {move || Suspend::new(async move {
                        match first.await {
                            (choice, Ok(page)) => {
                                view! { <Lines page=page choice=choice fields=fields/> }.into_any()
                            }
                            (_, Err(error)) => {
                                view! { <Failure error=error retry=move |()| first.refetch()/> }.into_any()
                            }
                        }
                    })}
                </Transition>
            </div>
        </Card>
    }
}
