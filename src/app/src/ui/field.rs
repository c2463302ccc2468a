//! Text fields with label, hint and error tied together. They refuse to validate: the error comes in.
//!
//! What was typed before the wasm had loaded is kept: the element's text flows into the signal first, and only
//! then does the signal rule the element.

use leptos::{html, prelude::*};

/// What is typed, which decides the keyboard of a phone and what the browser offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldKind {
    /// Plain text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A secret: dots instead of letters.
    Password,
    /// An address of the web.
    Url,
    /// A search.
    Search,
    /// A date with a time, without a time zone.
    Moment,
}

impl FieldKind {
    const fn word(self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::Email => "email",
            FieldKind::Password => "password",
            FieldKind::Url => "url",
            FieldKind::Search => "search",
            FieldKind::Moment => "datetime-local",
        }
    }
}

/// The look of everything that takes text or a choice.
pub(super) const INPUT: &str = "w-full rounded-md border border-strong bg-surface px-3 text-base text-ink \
     placeholder:text-faint hover:border-soft aria-invalid:border-bad disabled:cursor-not-allowed \
     disabled:bg-sunken disabled:text-faint";

/// Label above, hint and error below one control. `id` ties them together.
#[component]
pub(super) fn FieldFrame(
    id: String,
    label: String,
    hint: Option<String>,
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    view! {
        <div class="space-y-1.5">
            <label for=id class="block text-sm font-medium">
                {label}
            </label>
            {children()}
            {hint.map(|hint| view! { <p id=hint_id class="text-xs text-soft">{hint}</p> })}
            <p id=error_id class="text-sm text-bad empty:hidden" aria-live="polite">
                {move || error.get()}
            </p>
        </div>
    }
}

/// The ids that describe a control, for `aria-describedby`.
pub(super) fn described_by(id: &str, has_hint: bool) -> String {
    if has_hint {
        format!("{id}-hint {id}-error")
    } else {
        format!("{id}-error")
    }
}

/// A field of one line.
#[component]
pub fn TextField(
    /// Its words.
    #[prop(into)]
    label: String,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// Its id where the name is not unique on the page.
    #[prop(optional, into)]
    id: Option<String>,
    /// Its text; without a signal the form alone knows it.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// What is typed.
    #[prop(optional)]
    kind: FieldKind,
    /// An example.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with what was typed.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What the browser may fill in (HTML, section 4.10.18.7).
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    /// Whether it has to be filled in.
    #[prop(optional)]
    required: bool,
    /// Fewest characters.
    #[prop(optional, into)]
    min_length: Option<usize>,
    /// Most characters.
    #[prop(optional, into)]
    max_length: Option<usize>,
    /// Whether it takes the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// Whether it shows keys, addresses or code: monospaced, and no spelling is checked.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let node = NodeRef::<html::Input>::new();
    if let Some(value) = value {
        Effect::new(move |bound: Option<bool>| {
            let wanted = value.get();
            let Some(input) = node.get() else { return false };
            let shown = input.value();
            if bound != Some(true) && wanted.is_empty() {
                if !shown.is_empty() {
                    value.set(shown);
                }
            } else if shown != wanted {
                input.set_value(&wanted);
            }
            true
        });
    }
    let face = if mono { "h-11 font-mono text-sm" } else { "h-11" };
    let is_secret = mono || kind == FieldKind::Password;
    view! {
        <FieldFrame id=id.clone() label=label hint=hint.clone() error=error>
            <input
                node_ref=node
                id=id.clone()
                name=name
                type=kind.word()
                class=format!("{INPUT} {face}")
                value=value.map(|value| value.get_untracked())
                placeholder=placeholder
                autocomplete=autocomplete
                required=required
                minlength=min_length.map(|count| count.to_string())
                maxlength=max_length.map(|count| count.to_string())
                autofocus=autofocus
                spellcheck=is_secret.then_some("false")
                autocapitalize=is_secret.then_some("off")
                aria-describedby=described_by(&id, hint.is_some())
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input:target=move |event| {
                    if let Some(value) = value {
                        value.set(event.target().value());
                    }
                }
            />
        </FieldFrame>
    }
}
