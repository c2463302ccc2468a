//! A field for a file. The browser keeps the choice and hands it to whoever has the node; it refuses to read the file.

use leptos::{html, prelude::*};

use super::field::{FieldFrame, INPUT, described_by};

/// A field for one file.
#[component]
pub fn FileField(
    /// Its words.
    #[prop(into)]
    label: String,
    /// Its name in the form, and its id.
    #[prop(into)]
    name: String,
    /// The endings of names that the browser offers first.
    #[prop(into)]
    accept: String,
    /// What to know before choosing.
    #[prop(into)]
    hint: String,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Where the element is found.
    node: NodeRef<html::Input>,
) -> impl IntoView {
    view! {
        <FieldFrame id=name.clone() label=label hint=Some(hint) error=error>
            <input
                node_ref=node
                id=name.clone()
                name=name.clone()
                type="file"
                accept=accept
                class=format!("{INPUT} h-11 cursor-pointer py-2 text-sm file:mr-3 file:border-0 file:bg-transparent \
                    file:font-medium file:text-ink")
                aria-describedby=described_by(&name, true)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            />
        </FieldFrame>
    }
}
