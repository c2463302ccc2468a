//! The palette of models: a search field that steers a list, by keyboard as well as by pointer.
//! It refuses to act on a choice: the choice goes out through a callback.

use leptos::{
    ev::KeyboardEvent,
    html,
    prelude::*,
    web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition},
};
use marshmallow_core::{ModelChoice, ModelId};

use super::{
    choose::Models,
    search::{Found, Section, abilities, find, heading, step},
};
use crate::{
    format::{counted, price_line, tokens},
    ui::{CredentialBadge, Icon, IconName, IconSize},
};

const LIST: &str = "model-list";

fn row_id(place: usize) -> String {
    format!("model-row-{place}")
}

/// Search field and list. It is made anew each time the palette opens.
#[component]
pub fn ModelPalette(
    /// The models.
    models: Models,
    /// The one that is chosen.
    chosen: Signal<Option<ModelId>>,
    /// Takes the choice, also one that needs a key.
    on_choose: Callback<ModelChoice>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let found = Memo::new(move |_| models.with(|selection| find(&selection.choices, &query.read())));
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // Fails only when the field has left the page.
            let _ = input.focus();
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        if event.key() == "Enter" {
            event.prevent_default();
            if let Some(choice) = found.with(|found| found.row(active.get_untracked()).cloned()) {
                on_choose.run(choice);
            }
        } else if let Some(place) = step(
            active.get_untracked(),
            found.with(|found| found.shown),
            &event.key(),
        ) {
            event.prevent_default();
            active.set(place);
            bring_into_view(place);
        }
    };
    view! {
        <div class="space-y-3">
            <div class="relative">
                <span class="pointer-events-none absolute inset-y-0 left-3 flex items-center text-soft">
                    <Icon name=IconName::Search/>
                </span>
                <input
                    node_ref=input
                    type="search"
                    role="combobox"
                    class="h-11 w-full rounded-md border border-strong bg-surface pr-3 pl-10 text-base text-ink \
                    placeholder:text-soft"
                    placeholder="Search models"
                    aria-label="Search models"
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls=LIST
                    aria-activedescendant=move || found.with(|found| found.shown > 0).then(|| row_id(active.get()))
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=true
                    on:input:target=move |event| {
                        query.set(event.target().value());
                        active.set(0);
                    }
                    on:keydown=on_key
                />
            </div>
            <div
                id=LIST
                role="listbox"
                aria-label="Models"
                class="-mx-2 max-h-[55dvh] space-y-3 overflow-y-auto overscroll-contain px-2"
            >
                {move || {
                    found.get().sections.into_iter().map(|section| view! {
                        <SectionRows section=section active=active chosen=chosen on_choose=on_choose/>
                    }).collect_view()
                }}
            </div>
            <p class="text-xs text-soft" role="status">
                {move || found.with(|found| count_line(found, &query.read()))}
            </p>
            <p class="text-xs text-soft">
                {move || models.with(|selection| prices_line(&selection.prices_as_of))}
            </p>
        </div>
    }
}

/// What the search found, in a sentence.
fn count_line(found: &Found, query: &str) -> String {
    let query = query.trim();
    match (found.shown, found.hidden) {
        (0, _) if query.is_empty() => "There are no models yet. Add a key to see some.".into(),
        (0, _) => format!("No model fits “{query}”."),
        (shown, 0) => counted(shown as u64, "model", "models"),
        (shown, hidden) => format!("{shown} models shown, {hidden} more. Type to narrow the search."),
    }
}

fn prices_line(as_of: &str) -> String {
    if as_of.is_empty() {
        "Prices are for a million tokens.".into()
    } else {
        format!("Prices are for a million tokens, from the list of {as_of}.")
    }
}

/// Scrolls the list as little as needed.
fn bring_into_view(place: usize) {
    if let Some(row) = document().get_element_by_id(&row_id(place)) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

#[component]
fn SectionRows(
    section: Section,
    active: RwSignal<usize>,
    chosen: Signal<Option<ModelId>>,
    on_choose: Callback<ModelChoice>,
) -> impl IntoView {
    let heading = heading(section.kind);
    let rows = section
        .rows
        .into_iter()
        .map(|(place, choice)| {
            view! { <PaletteRow place=place choice=choice active=active chosen=chosen on_choose=on_choose/> }
        })
        .collect_view();
    view! {
        <div role="group" aria-label=heading>
            <div role="presentation" class="px-2 pb-1 text-xs font-semibold text-soft">{heading}</div>
            {rows}
        </div>
    }
}

#[component]
fn PaletteRow(
    place: usize,
    choice: ModelChoice,
    active: RwSignal<usize>,
    chosen: Signal<Option<ModelId>>,
    on_choose: Callback<ModelChoice>,
) -> impl IntoView {
    let is_active = move || active.get() == place;
    let id = choice.id.clone();
    let is_chosen = Memo::new(move |_| chosen.with(|chosen| chosen.as_ref() == Some(&id)));
    let mut facts = vec![price_line(choice.price.as_ref())];
    facts.extend(
        choice
            .context
            .map(|context| format!("{} context", tokens(context))),
    );
    facts.extend(abilities(&choice).into_iter().map(str::to_owned));
    let whose = match &choice.credential {
        Some(label) => view! {
            <CredentialBadge
                kind=Some(label.kind)
                label=label.label.clone()
                last_four=label.last_four.clone()
            />
        }
        .into_any(),
        None => view! {
            <span class="inline-flex items-center gap-1 text-xs font-medium text-accent">
                <Icon name=IconName::Plus size=IconSize::Small/>
                "Add your key"
            </span>
        }
        .into_any(),
    };
    let title = choice.title.clone();
    let name = choice.id.to_string();
    view! {
        <div
            id=row_id(place)
            role="option"
            aria-selected=move || if is_active() { "true" } else { "false" }
            class="cursor-pointer scroll-my-8 rounded-md px-2 py-2 aria-selected:bg-sunken pointer-coarse:min-h-11"
            on:mousemove=move |event| {
                // A list that scrolls beneath a resting pointer makes the browser send moves of no distance.
                let has_moved = event.movement_x() != 0 || event.movement_y() != 0;
                if has_moved && active.get_untracked() != place {
                    active.set(place);
                }
            }
            on:click=move |_| on_choose.run(choice.clone())
        >
            <div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                <span class="flex min-w-0 items-center gap-1.5 text-sm font-medium">
                    <span class="min-w-0 [overflow-wrap:anywhere]">{title}</span>
                    <Show when=move || is_chosen.get()>
                        <span class="text-good">
                            <Icon name=IconName::Check size=IconSize::Small/>
                        </span>
                        <span class="sr-only">"(chosen)"</span>
                    </Show>
                </span>
                <span class="min-w-0 max-w-full">{whose}</span>
            </div>
            <div class="mt-0.5 flex flex-wrap gap-x-3 text-xs text-soft">
                <span class="font-mono [overflow-wrap:anywhere]">{name}</span>
                <span class="tabular-nums">{facts.join(" · ")}</span>
            </div>
        </div>
    }
}
