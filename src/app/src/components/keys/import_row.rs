//! One key that was found: whose it is, what was found about it, and the switch that chooses it.

use leptos::prelude::*;
use marshmallow_core::{KeyInspection, KeyStatus, Provider};

use super::review::Found;
use crate::{
    components::account::Failure,
    format::counted,
    ui::{Badge, FindingNote, Moment, Spinner, StatusBadge, Switch, Tone},
};

/// A key that was found.
#[component]
pub(super) fn ImportRow(found: Found) -> impl IntoView {
    let last_four = found.last_four.get_value();
    let owner = found.provider.map_or("Unknown provider", Provider::name);
    let may_be_chosen = Memo::new(move |_| {
        let is_stored = matches!(*found.stored.read(), Some(Ok(_)));
        let is_new = matches!(&*found.outcome.read(), Some(Ok(found)) if found.may_be_stored());
        (is_new || found.is_change()) && !is_stored
    });
    let name = found.name.get_value();
    let change = found.change.get_value();
    let (done, choice) = match change {
        Some(_) => (
            "Changed",
            format!("Take name and switch of {owner} …{last_four} from the file"),
        ),
        None => ("Sealed", format!("Store {owner} …{last_four}")),
    };
    let choice = StoredValue::new(choice);
    let expiry = found
        .expires_at
        .get_value()
        .map(|at| view! { <span class="text-xs text-soft">"expires " <Moment at=at/></span> });
    view! {
        <li class="flex flex-wrap items-start justify-between gap-3 py-3 text-sm">
            <div class="min-w-0 flex-1 basis-64 space-y-1">
                <p class="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <span class="font-medium">{owner}</span>
                    <span class="font-mono text-soft">{format!("…{last_four}")}</span>
                    <span class="font-mono text-xs break-all text-soft">{name}</span>
                    {expiry}
                </p>
                {move || match (found.stored.get(), found.outcome.get()) {
                    (Some(Ok(_)), _) => view! { <Badge tone=Tone::Good>{done}</Badge> }.into_any(),
                    (Some(Err(error)), _) | (None, Some(Err(error))) => view! { <Failure error=error/> }.into_any(),
                    (None, Some(Ok(inspection))) => view! { <Outcome inspection=inspection/> }.into_any(),
                    (None, None) => view! { <p class="flex items-center gap-2 text-soft"><Spinner/> "Checking…"</p> }
                        .into_any(),
                }}
                {change.map(|change| view! { <p class="text-soft">{change}</p> })}
            </div>
            <Show when=move || may_be_chosen.get()>
                <Switch
                    checked=found.is_chosen
                    label=choice.get_value()
                    on_change=move |wanted| found.is_chosen.set(wanted)
                />
            </Show>
        </li>
    }
}

/// What the check found.
#[component]
fn Outcome(inspection: KeyInspection) -> impl IntoView {
    let Some(finding) = inspection.finding else {
        return view! {
            <Badge tone=Tone::Info>"Stored already"</Badge>
        }
        .into_any();
    };
    let models = inspection
        .model_count
        .map(|count| format!("Can call {}.", counted(count.into(), "model", "models")));
    view! {
        <StatusBadge status=KeyStatus::Checked(finding.diagnosis)/>
        <div class="space-y-1">
            <FindingNote finding=finding/>
            {models.map(|models| view! { <p class="text-soft">{models}</p> })}
        </div>
    }
    .into_any()
}
