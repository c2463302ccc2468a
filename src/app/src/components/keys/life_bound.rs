//! The administrator's card that bounds how long anybody's keys may be used. The server answers administrators only.

use leptos::prelude::*;
use marshmallow_core::KeyLife;

use crate::{
    api::{
        ApiError,
        key_life::{longest_key_life, set_longest_key_life},
    },
    components::account::Failure,
    ui::{Button, ButtonType, Card, SelectField, SelectOption, Skeleton, SkeletonShape, use_toasts},
};

/// The word for no bound.
const NONE: &str = "never";

/// The word of a bound in milliseconds.
fn word_of(longest: Option<i64>) -> &'static str {
    let known = KeyLife::CHOICES
        .into_iter()
        .find(|(.., millis)| longest == Some(*millis));
    known.map_or(NONE, |(word, ..)| word)
}

fn options() -> Vec<SelectOption> {
    let none = SelectOption {
        value: NONE.to_owned(),
        label: "No limit".to_owned(),
    };
    let lengths = KeyLife::CHOICES.into_iter().map(|(word, words, _)| SelectOption {
        value: word.to_owned(),
        label: words.to_owned(),
    });
    std::iter::once(none).chain(lengths).collect()
}

/// The card.
#[component]
pub(super) fn LifeBoundCard(
    /// Called when the bound has changed, and perhaps keys with it.
    #[prop(into)]
    on_saved: Callback<()>,
) -> impl IntoView {
    let longest = Resource::new(|| (), |()| longest_key_life());
    view! {
        <Card title="How long keys may be used">
            <p class="mb-4 max-w-measure text-sm text-soft">
                "The longest time for which anybody on this server may use a key before they extend it. Keys that expire \
                later, or never, are cut to it when you save: their time begins then."
            </p>
            <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Card count=1/> }>
                {move || Suspend::new(async move {
                    match longest.await {
                        Ok(found) => view! { <BoundForm longest=found on_saved=on_saved/> }.into_any(),
                        Err(error) => view! { <Failure error=error retry=move |()| longest.refetch()/> }.into_any(),
                    }
                })}
            </Suspense>
        </Card>
    }
}

#[component]
fn BoundForm(longest: Option<i64>, on_saved: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let word = RwSignal::new(word_of(longest).to_owned());
    let failure = RwSignal::new(None::<ApiError>);
    let save = Action::new(move |&(): &()| async move {
        match set_longest_key_life(word.get_untracked()).await {
            Ok(_) => {
                failure.set(None);
                toasts.good("The limit for everybody's keys is saved.");
                on_saved.run(());
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
            <SelectField label="Longest time until a key expires" name="longest" options=options() value=word/>
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
            <Button kind=ButtonType::Submit loading=save.pending()>"Save the longest time"</Button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_has_its_choice() {
        for (word, _, millis) in KeyLife::CHOICES {
            assert_eq!(word_of(Some(millis)), word);
            assert!(options().iter().any(|option| option.value == word));
        }
        assert_eq!(word_of(None), options()[0].value);
    }
}
