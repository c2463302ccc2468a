//! The card with the terms for everybody. The server answers administrators only.

use leptos::prelude::*;
use marshmallow_core::PlatformTerms;

use super::words::options;
use crate::{
    api::{
        ApiError,
        fallback::{platform_terms, set_platform_terms},
    },
    components::account::Failure,
    format::typed_dollars,
    ui::{Button, ButtonType, Card, SelectField, Skeleton, SkeletonShape, TextField, use_toasts},
};

/// The card.
#[component]
pub fn TermsCard() -> impl IntoView {
    let terms = Resource::new(|| (), |()| platform_terms());
    view! {
        <Card title="For everybody on this server">
            <p class="mb-4 max-w-measure text-sm text-soft">
                "What happens when somebody's own keys cannot serve, unless they set a rule of their own; and what the \
                platform's keys may pay for each person in a day (UTC)."
            </p>
            <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Card count=1/> }>
                {move || Suspend::new(async move {
                    match terms.await {
                        Ok(found) => view! { <TermsForm terms=found/> }.into_any(),
                        Err(error) => view! { <Failure error=error retry=move |()| terms.refetch()/> }.into_any(),
                    }
                })}
            </Suspense>
        </Card>
    }
}

#[component]
fn TermsForm(terms: PlatformTerms) -> impl IntoView {
    let toasts = use_toasts();
    let policy = RwSignal::new(terms.rule.policy.slug().to_owned());
    let day = RwSignal::new(typed_dollars(terms.rule.day));
    let grant = RwSignal::new(typed_dollars(terms.grant));
    let failure = RwSignal::new(None::<ApiError>);
    let save = Action::new(move |&(): &()| async move {
        let saved = set_platform_terms(policy.get_untracked(), day.get_untracked(), grant.get_untracked());
        match saved.await {
            Ok(_) => {
                failure.set(None);
                toasts.good("The terms are saved.");
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    view! {
        <form
            class="max-w-sm space-y-4"
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch(());
            }
        >
            <SelectField label="When own keys cannot serve" name="default-policy" options=options() value=policy/>
            <TextField
                label="Automatic at most, dollars a day"
                name="default-day"
                value=day
                placeholder="no limit"
                autocomplete="off"
                mono=true
            />
            <TextField
                label="The platform pays at most, dollars a person and day"
                name="grant"
                value=grant
                placeholder="no limit"
                autocomplete="off"
                mono=true
            />
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
            <Button kind=ButtonType::Submit loading=save.pending()>"Save the terms"</Button>
        </form>
    }
}
