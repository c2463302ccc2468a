//! How long a key may be used: the fields that ask for it, and the line on a key's row that changes it.
//! It refuses to judge what was chosen: the server knows the bound and the time.

use leptos::prelude::*;
use marshmallow_core::{Calendar, KeyId, KeyLife, KeySummary, Millis, life_words};

use super::board::Board;
use crate::{
    api::{ApiError, key_life::set_key_life},
    components::account::Failure,
    ui::{Button, ButtonSize, ButtonType, Disclosure, FieldKind, SelectField, SelectOption, TextField},
};

/// The word that asks for a date and time.
const UNTIL: &str = "until";

/// What is chosen.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    /// The word of a length, or what stands for a date and time.
    pub life: RwSignal<String>,
    /// The date and time.
    pub until: RwSignal<String>,
}

impl Chosen {
    /// As long as is allowed.
    pub fn longest(longest: Option<i64>) -> Self {
        Self {
            life: RwSignal::new(first_word(longest).to_owned()),
            until: RwSignal::new(String::new()),
        }
    }

    /// As it is for a key that ends at `end`.
    fn until(end: Millis) -> Self {
        Self {
            life: RwSignal::new(UNTIL.to_owned()),
            until: RwSignal::new(Calendar::of(end).local()),
        }
    }

    /// Back to as long as is allowed.
    pub fn reset(self, longest: Option<i64>) {
        self.life.set(first_word(longest).to_owned());
        self.until.set(String::new());
    }
}

/// The word of the choice that stands first.
fn first_word(longest: Option<i64>) -> &'static str {
    match longest {
        None => "never",
        Some(_) => "",
    }
}

/// The choices within the administrator's bound, which is in milliseconds.
fn options(longest: Option<i64>) -> Vec<SelectOption> {
    let option = |value: &str, label: String| SelectOption {
        value: value.to_owned(),
        label,
    };
    let first = longest.map_or_else(
        || "Never".to_owned(),
        |longest| format!("As late as allowed: after {}", life_words(longest)),
    );
    let lengths = KeyLife::CHOICES
        .into_iter()
        .filter(|(.., millis)| longest.is_none_or(|longest| *millis <= longest))
        .map(|(word, words, _)| option(word, format!("After {words}")));
    std::iter::once(option(first_word(longest), first))
        .chain(lengths)
        .chain(std::iter::once(option(UNTIL, "At a date and time".to_owned())))
        .collect()
}

/// What opens the form on a key's row.
fn invitation(key: &KeySummary) -> &'static str {
    match (key.expires_at, key.is_over) {
        (None, _) => "Set an expiry",
        (Some(_), false) => "Change the expiry",
        (Some(_), true) => "Extend it",
    }
}

/// The fields that ask for a life.
#[component]
pub(super) fn LifeFields(
    /// What is chosen.
    chosen: Chosen,
    /// The administrator's bound.
    longest: Option<i64>,
    /// What the ids of the fields begin with.
    id: String,
) -> impl IntoView {
    let needs_moment = move || chosen.life.with(|life| life == UNTIL);
    let until_id = format!("{id}-until");
    view! {
        <SelectField
            label="Expires"
            name="life"
            id=format!("{id}-life")
            options=options(longest)
            value=chosen.life
            hint="From then on it is not used any more, until you extend it."
        />
        <Show when=needs_moment>
            <TextField
                label="Date and time, in UTC"
                name="until"
                id=until_id.clone()
                kind=FieldKind::Moment
                value=chosen.until
                required=true
            />
        </Show>
    }
}

/// The line on a key's row that sets, changes or puts off its end.
#[component]
pub(super) fn LifeLine(
    /// The key.
    id: KeyId,
    /// What it is called in the form's labels.
    #[prop(into)]
    name: String,
    board: Board,
) -> impl IntoView {
    let words = Memo::new(move |_| board.key(id).as_ref().map_or("", invitation));
    view! {
        <Disclosure summary=move || {
            view! { <span class="text-xs">{words}</span> }
        }>
            <LifeForm id=id name=name board=board/>
        </Disclosure>
    }
}

#[component]
fn LifeForm(id: KeyId, name: String, board: Board) -> impl IntoView {
    let longest = board.longest.get_value();
    let present = untrack(|| board.key(id))
        .filter(|key| !key.is_over)
        .and_then(|key| key.expires_at);
    let chosen = present.map_or_else(|| Chosen::longest(longest), Chosen::until);
    let failure = RwSignal::new(None::<ApiError>);
    let save = Action::new(move |&(): &()| async move {
        match set_key_life(id, chosen.life.get_untracked(), chosen.until.get_untracked()).await {
            Ok(key) => {
                failure.set(None);
                board.put(key);
                board.toasts.good("The expiry is saved.");
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    view! {
        <form
            class="max-w-sm space-y-3 pt-2"
            aria-label=format!("Expiry of {name}")
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch(());
            }
        >
            <LifeFields chosen=chosen longest=longest id=format!("key-{id}")/>
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
            <Button kind=ButtonType::Submit size=ButtonSize::Small loading=save.pending()>
                "Save the expiry"
            </Button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn words(longest: Option<i64>) -> Vec<(String, String)> {
        let options = options(longest).into_iter();
        options.map(|option| (option.value, option.label)).collect()
    }

    #[test]
    fn without_a_bound_never_comes_first() {
        let all = words(None);
        assert_eq!(all[0], ("never".to_owned(), "Never".to_owned()));
        assert_eq!(all[1], ("30m".to_owned(), "After 30 minutes".to_owned()));
        assert_eq!(all.len(), 10);
        assert_eq!(all[9].0, UNTIL);
    }

    #[test]
    fn nothing_beyond_the_bound_is_offered() {
        let week = words(Some(7 * DAY));
        assert_eq!(week[0].1, "As late as allowed: after 7 days");
        let values: Vec<_> = week.iter().map(|(value, _)| value.as_str()).collect();
        assert_eq!(values, ["", "30m", "1h", "8h", "1d", "7d", UNTIL]);
    }

    #[test]
    fn every_choice_is_one_that_is_understood() {
        for longest in [None, Some(DAY)] {
            for (value, _) in words(longest) {
                assert!(KeyLife::parse(&value, "2027-01-15T08:00").is_ok(), "{value}");
            }
            let first = words(longest).remove(0).0;
            assert_eq!(first, first_word(longest));
        }
    }
}
