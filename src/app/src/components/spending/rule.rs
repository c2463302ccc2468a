//! The card with a person's own rule.

use leptos::prelude::*;
use marshmallow_core::{FallbackPolicy, FallbackSettings};

use super::words::options;
use crate::{
    api::{
        ApiError,
        fallback::{fallback_settings, set_fallback_rule},
    },
    components::account::Failure,
    format::typed_dollars,
    ui::{Button, ButtonType, Card, SelectField, Skeleton, SkeletonShape, TextField, use_toasts},
};

/// What the rule in force rests on.
fn note(settings: &FallbackSettings) -> String {
    let whose = if settings.is_own {
        "You set this rule yourself."
    } else {
        "This is the rule that your administrator set for everybody."
    };
    match settings.grant {
        Some(grant) => format!("{whose} The platform pays at most {grant} a day for you."),
        None => whose.to_owned(),
    }
}

/// The card.
#[component]
pub fn RuleCard() -> impl IntoView {
    let settings = Resource::new(|| (), |()| fallback_settings());
    view! {
        <Card title="When your keys cannot serve">
            <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Card count=1/> }>
                {move || Suspend::new(async move {
                    match settings.await {
                        Ok(found) => view! { <RuleForm settings=found/> }.into_any(),
                        Err(error) => {
                            view! { <Failure error=error retry=move |()| settings.refetch()/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </Card>
    }
}

#[component]
fn RuleForm(settings: FallbackSettings) -> impl IntoView {
    let toasts = use_toasts();
    let settings = RwSignal::new(settings);
    let rule = settings.get_untracked().rule;
    let policy = RwSignal::new(rule.policy.slug().to_owned());
    let day = RwSignal::new(typed_dollars(rule.day));
    let failure = RwSignal::new(None::<ApiError>);
    let save = Action::new(move |&(): &()| async move {
        match set_fallback_rule(policy.get_untracked(), day.get_untracked()).await {
            Ok(saved) => {
                failure.set(None);
                settings.set(saved);
                toasts.good("The rule is saved.");
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let is_automatic = move || policy.with(|policy| policy == FallbackPolicy::Automatic.slug());
    view! {
        <form
            class="space-y-4"
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch(());
            }
        >
            <p class="max-w-measure text-sm text-soft">{move || settings.with(note)}</p>
            <div class="max-w-sm space-y-4">
                <SelectField label="Then" name="policy" options=options() value=policy/>
                <Show when=is_automatic>
                    <TextField
                        label="At most, dollars a day"
                        name="automatic-day"
                        value=day
                        placeholder="no limit of your own"
                        autocomplete="off"
                        mono=true
                    />
                </Show>
            </div>
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
            <Button kind=ButtonType::Submit loading=save.pending()>"Save the rule"</Button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{FallbackRule, NanoDollars};

    use super::*;

    #[test]
    fn people_read_whose_rule_it_is_and_what_the_platform_grants() {
        let settings = |is_own, grant| FallbackSettings {
            rule: FallbackRule {
                policy: FallbackPolicy::Ask,
                day: None,
            },
            is_own,
            grant,
        };
        assert_eq!(note(&settings(true, None)), "You set this rule yourself.");
        assert!(
            note(&settings(false, Some(NanoDollars(2_000_000_000))))
                .ends_with("at most $2.00 a day for you.")
        );
    }
}
