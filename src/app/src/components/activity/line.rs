//! One entry of the list.

use leptos::prelude::*;
use marshmallow_core::AuditLine;

use super::{filter::key_name, words};
use crate::ui::{Icon, Moment};

/// An entry: icon, words, what it was done to, when, and whose it is where that is asked.
#[component]
pub(super) fn Line(
    /// The entry.
    line: AuditLine,
    /// Whether to say whose it is.
    with_person: bool,
) -> impl IntoView {
    let icon = words::icon(&line.action);
    let subject = key_name(&line.detail);
    let pieces = words::pieces(&line.detail).join(" · ");
    let person = with_person.then(|| line.person.unwrap_or_else(|| "the installation".to_owned()));
    view! {
        <li class="flex items-start gap-3 py-3 first:pt-0">
            <span class="mt-0.5 text-soft">
                <Icon name=icon/>
            </span>
            <div class="min-w-0 flex-1">
                <p class="flex flex-wrap items-baseline gap-x-2 text-sm">
                    <span class="font-medium">{words::title(&line.action)}</span>
                    {subject
                        .map(|subject| view! { <span class="[overflow-wrap:anywhere] text-soft">{subject}</span> })}
                </p>
                <p class="text-xs [overflow-wrap:anywhere] text-soft">
                    <Moment at=line.cursor.at/>
                    {(!pieces.is_empty()).then(|| format!(" · {pieces}"))}
                    {person.map(|person| format!(" · {person}"))}
                </p>
            </div>
        </li>
    }
}
