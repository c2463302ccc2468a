//! A field of several lines. It refuses to validate: the error comes in.

use leptos::prelude::*;

use super::field::{FieldFrame, INPUT, described_by};

/// A field of several lines.
#[component]
pub fn TextArea(
    /// Its words.
    #[prop(into)]
    label: String,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// Its text.
    value: RwSignal<String>,
    /// An example.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with what was typed.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// How many lines are seen at once.
    #[prop(default = 4)]
    rows: u32,
    /// Whether secrets are typed here: the browser neither keeps the text nor sends it to a spelling service.
    #[prop(optional)]
    is_secret: bool,
    /// Whether it has to be filled in.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    view! {
        <FieldFrame id=name.clone() label=label hint=hint.clone() error=error>
            <textarea
                id=name.clone()
                name=name.clone()
                class=format!("{INPUT} py-2")
                rows=rows.to_string()
                placeholder=placeholder
                required=required
                autocomplete=is_secret.then_some("off")
                spellcheck=is_secret.then_some("false")
                aria-describedby=described_by(&name, hint.is_some())
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            >
                {value.get_untracked()}
            </textarea>
        </FieldFrame>
    }
}
