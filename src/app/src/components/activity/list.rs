//! The entries that a filter shows, page by page.

use leptos::prelude::*;
use marshmallow_core::AuditPage;

use super::{
    filter::{Choice, Fields},
    line::Line,
};
use crate::{
    api::{ApiError, audit},
    components::account::Failure,
    ui::{Button, EmptyState, IconName},
};

/// The list, beginning with its first page.
#[component]
pub(super) fn Lines(
    /// The newest entries.
    page: AuditPage,
    /// What they were asked by.
    choice: Choice,
    /// To show everything again.
    fields: Fields,
) -> impl IntoView {
    let with_person = choice.everyone;
    let is_narrow = choice.is_narrow();
    let lines = RwSignal::new(page.lines);
    let has_more = RwSignal::new(page.has_more);
    let failure = RwSignal::new(None::<ApiError>);
    let more = Action::new(move |&(): &()| {
        let choice = choice.clone();
        let before = lines.with_untracked(|lines| lines.last().map(|last| last.cursor.to_string()));
        async move {
            let before = before.unwrap_or_default();
            match audit::activity(choice.everyone, choice.kind, choice.key, choice.days, before).await {
                Ok(page) => {
                    lines.update(|lines| lines.extend(page.lines));
                    has_more.set(page.has_more);
                    failure.set(None);
                }
                Err(error) => failure.set(Some(error)),
            }
        }
    });
    view! {
        <ul class="divide-y divide-line">
            <For each=move || lines.get() key=|line| line.cursor.to_string() let:line>
                <Line line=line with_person=with_person/>
            </For>
        </ul>
        <Show when=move || lines.with(Vec::is_empty)>
            <EmptyState
                icon=IconName::Clock
                title="Nothing on record"
                text=if is_narrow {
                    "No entry fits this filter."
                } else {
                    "What you do with your keys will be listed here."
                }
            >
                {is_narrow
                    .then(|| {
                        view! { <Button on_click=move |_| fields.clear()>"Show everything"</Button> }
                    })}
            </EmptyState>
        </Show>
        {move || failure.get().map(|error| view! { <Failure error=error/> })}
        <Show when=move || has_more.get()>
            <div class="pt-3">
                <Button wide=true loading=more.pending() on_click=move |_| { more.dispatch(()); }>
                    "Load more"
                </Button>
            </div>
        </Show>
    }
}
