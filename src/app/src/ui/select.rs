//! A field with a few choices. It refuses to search: for many choices there is a palette.

use leptos::prelude::*;

use super::field::{FieldFrame, INPUT, described_by};

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectOption {
    /// What the form sends.
    pub value: String,
    /// Its words.
    pub label: String,
}

/// A field with a few choices.
#[component]
pub fn SelectField(
    /// Its words.
    #[prop(into)]
    label: String,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// Its id where the name is not unique on the page.
    #[prop(optional, into)]
    id: Option<String>,
    /// The choices.
    options: Vec<SelectOption>,
    /// The value of the chosen one.
    value: RwSignal<String>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let options = options
        .into_iter()
        .map(|option| {
            let own = option.value.clone();
            view! {
                <option value=option.value selected=move || value.with(|value| *value == own)>
                    {option.label}
                </option>
            }
        })
        .collect_view();
    view! {
        <FieldFrame id=id.clone() label=label hint=hint.clone() error=error>
            <select
                id=id.clone()
                name=name
                class=format!("{INPUT} h-11")
                aria-describedby=described_by(&id, hint.is_some())
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:change:target=move |event| value.set(event.target().value())
            >
                {options}
            </select>
        </FieldFrame>
    }
}
