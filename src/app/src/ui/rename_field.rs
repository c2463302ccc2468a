//! Renaming something in place: Enter or leaving the field keeps the name, Esc drops it.
//! It refuses to send: the new name goes out through a callback.

use leptos::{ev::KeyboardEvent, html, prelude::*};

/// The field that stands in place of the name.
#[component]
pub fn RenameField(
    /// The name as it is.
    #[prop(into)]
    name: String,
    /// What is renamed, for screen readers.
    #[prop(into)]
    label: String,
    /// Most characters.
    max_length: usize,
    /// Takes what was typed; none when it is to be dropped. Runs once.
    on_end: Callback<Option<String>>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let is_over = StoredValue::new(false);
    let end = move |keep: bool| {
        // Taking the field out of the page makes it lose the focus, which must not end it once more.
        if is_over.try_update_value(|is_over| std::mem::replace(is_over, true)) == Some(false) {
            let typed = field.get_untracked().map(|field| field.value());
            on_end.run(typed.filter(|_| keep));
        }
    };
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // Fails only when the field has left the page.
            let _ = field.focus();
            field.select();
        }
    });
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => end(true),
        "Escape" => {
            // Esc would close the drawer, too.
            event.stop_propagation();
            end(false);
        }
        _ => {}
    };
    view! {
        <input
            node_ref=field
            type="text"
            class="h-9 w-full rounded-sm border border-strong bg-surface px-2 text-sm text-ink pointer-coarse:h-11 \
            pointer-coarse:text-base"
            aria-label=label
            maxlength=max_length.to_string()
            value=name
            autocomplete="off"
            on:keydown=on_key
            on:blur=move |_| end(true)
        />
    }
}
