//! The fields above the list, and the downloads of what they choose.

use leptos::prelude::*;
use marshmallow_core::{AuditLine, ProviderCard};

use super::filter::{Fields, key_options, kind_options, time_options, whose_options};
use crate::ui::{ButtonSize, LinkButton, SelectField};

/// Fields by which entries are chosen.
#[component]
pub(super) fn FilterBar(
    /// What is chosen.
    fields: Fields,
    /// Whether everyone's entries may be chosen.
    is_administrator: bool,
    /// The person's keys.
    cards: Vec<ProviderCard>,
    /// Entries that may know of removed keys.
    lines: Vec<AuditLine>,
) -> impl IntoView {
    let whose = is_administrator.then(|| {
        view! { <SelectField label="Whose" name="whose" options=whose_options() value=fields.whose/> }
    });
    view! {
        <div class="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
            {whose}
            <SelectField label="Kind" name="kind" options=kind_options() value=fields.kind/>
            <SelectField label="Key" name="key" options=key_options(&cards, &lines) value=fields.key/>
            <SelectField label="Time" name="time" options=time_options() value=fields.days/>
        </div>
    }
}

/// Links to the files.
#[component]
pub(super) fn Downloads(
    /// What is chosen.
    fields: Fields,
) -> impl IntoView {
    let links = move || {
        let choice = fields.choice();
        view! {
            <LinkButton href=choice.csv() size=ButtonSize::Small download=true>
                "Download CSV"
            </LinkButton>
            <LinkButton href=choice.json() size=ButtonSize::Small download=true>
                "Download JSON"
            </LinkButton>
        }
    };
    view! { <div class="flex flex-wrap gap-2">{links}</div> }
}
