//! The choice from which age on a key is noticed. It refuses to know keys.

use leptos::prelude::*;
use marshmallow_core::KeyAge;

use crate::{
    state::notices::Bell,
    ui::{SelectField, SelectOption},
};

/// What an age is called.
fn words(age: KeyAge) -> String {
    age.days()
        .map_or_else(|| "Never".to_owned(), |days| format!("After {days} days"))
}

/// The field; a choice is kept as it is made.
#[component]
pub(super) fn KeyAgeField(age: KeyAge, bell: Bell) -> impl IntoView {
    let value = RwSignal::new(age.slug().to_owned());
    Effect::new(move |before: Option<String>| {
        let chosen = value.get();
        if before.is_some_and(|before| before != chosen) {
            bell.set_key_age(chosen.clone());
        }
        chosen
    });
    let options = KeyAge::ALL
        .map(|age| SelectOption {
            value: age.slug().to_owned(),
            label: words(age),
        })
        .into();
    view! { <SelectField label="Call a key old" name="key-age" options=options value=value/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_days() {
        assert_eq!(words(KeyAge::Quarter), "After 90 days");
        assert_eq!(words(KeyAge::Never), "Never");
    }
}
