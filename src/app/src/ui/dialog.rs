//! Dialogs on the browser's own `<dialog>`, which holds the focus, gives it back and closes with Esc.
//! They refuse to act: what is confirmed comes in as a callback.

use leptos::{ev::MouseEvent, html, prelude::*};

use super::{Button, ButtonVariant, IconButton, IconName};

/// A dialog over the page. Esc, the cross and a click beside it close it.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading and name.
    #[prop(into)]
    title: String,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let name = title.clone();
    Effect::new(move |_| {
        let is_wanted = open.get();
        let Some(dialog) = node.get() else { return };
        if is_wanted && !dialog.open() {
            // Fails only when the element has left the page, and then nothing is to be shown.
            let _ = dialog.show_modal();
        } else if !is_wanted && dialog.open() {
            dialog.close();
        }
    });
    let close_beside = move |event: MouseEvent| {
        // A click on the dialog element itself is one beside its content.
        if event.target() == event.current_target() {
            open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=node
            class="m-auto w-[min(32rem,calc(100vw-2rem))] rounded-lg border border-line bg-surface p-0 text-ink \
            shadow-float backdrop:bg-scrim"
            aria-label=name
            on:close=move |_| open.set(false)
            on:click=close_beside
        >
            <div class="p-5 sm:p-6">
                <header class="mb-3 flex items-start justify-between gap-4">
                    <h2 class="text-lg leading-tight font-semibold">{title}</h2>
                    <IconButton icon=IconName::Close label="Close" on_click=move |_| open.set(false)/>
                </header>
                {children()}
            </div>
        </dialog>
    }
}

/// Asks before something that cannot be undone, and says what will happen.
#[component]
pub fn Confirm(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: String,
    /// The words of the button that does it: a verb.
    #[prop(into)]
    confirm_label: String,
    /// Whether it is being done.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Does it; whoever does it closes the dialog.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// What will happen.
    children: Children,
) -> impl IntoView {
    view! {
        <Dialog open=open title=title>
            <div class="space-y-3 text-sm text-soft">{children()}</div>
            <div class="mt-6 flex flex-wrap justify-end gap-2">
                <Button on_click=move |_| open.set(false)>"Keep it"</Button>
                <Button variant=ButtonVariant::Danger loading=loading on_click=move |_| on_confirm.run(())>
                    {confirm_label}
                </Button>
            </div>
        </Dialog>
    }
}
