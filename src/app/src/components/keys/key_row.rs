//! One stored key: what may be told of it, and what can be done with it. It never has the key itself.

use leptos::prelude::*;
use marshmallow_core::{KeyId, KeyStatus, KeySummary, Provider};

use super::{
    board::Board,
    help,
    key_name::KeyName,
    life::LifeLine,
    order::{self, PlaceButtons},
    reach::Reach,
    remove::RemoveKey,
    replace::ReplaceKey,
};
use crate::{
    api::{ApiError, keys},
    components::{account::Failure, spending::BudgetLine},
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, FindingNote, Icon, IconName, Moment, StatusBadge, Switch,
        Tone,
    },
};

/// A key of the person. Its facts follow the board; its buttons stay, so that none loses the focus.
#[component]
pub(super) fn KeyRow(id: KeyId, board: Board) -> impl IntoView {
    let key = Memo::new(move |_| board.key(id));
    let trouble = move || {
        let finding = help::trouble(&key.get()?)?;
        Some(view! {
            <div class="space-y-1 rounded-md bg-sunken px-3 py-2 text-sm">
                <FindingNote finding=finding/>
            </div>
        })
    };
    // Counted apart, so that the open list stays open while other facts change.
    let count = Memo::new(move |_| key.with(|key| key.as_ref().and_then(|key| key.model_count)));
    let reach = move || {
        let name = key.with_untracked(|key| key.as_ref().map(help::name))?;
        count
            .get()
            .map(|count| view! { <Reach id=id count=count name=name/> })
    };
    // The row leaves the page together with its key, so its buttons are made from the key it began with.
    let actions = key
        .get_untracked()
        .map(|key| view! { <KeyActions key=key board=board/> });
    let provider = key.get_untracked().map(|key| key.provider);
    let budget = key
        .get_untracked()
        .map(|key| view! { <BudgetLine key=Some(id) name=help::name(&key) budgets=board.budgets/> });
    let life = key
        .get_untracked()
        .map(|key| view! { <LifeLine id=id name=help::name(&key) board=board/> });
    let places = provider.map(|provider| view! { <PlaceButtons id=id provider=provider board=board/> });
    view! {
        <li
            id=format!("key-{id}")
            // Whoever comes by a link to this very key goes on from here.
            tabindex="-1"
            class="scroll-mt-4 py-4 first:pt-0 last:pb-0"
            draggable="true"
            on:dragstart=move |_| board.dragged.set(Some(id))
            on:dragend=move |_| board.dragged.set(None)
            on:dragover=move |event| {
                // Only what refuses the browser's own handling can be dropped on.
                if board.dragged.get_untracked().is_some() {
                    event.prevent_default();
                }
            }
            on:drop=move |event| {
                event.prevent_default();
                if let Some((dragged, provider)) = board.dragged.get_untracked().zip(provider) {
                    order::drop_on(board, provider, dragged, id);
                }
            }
        >
            <div class="flex flex-col gap-x-4 gap-y-2 sm:flex-row sm:items-start">
                {places}
                <div class="min-w-0 flex-1 space-y-2">
                    <div class="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
                        <div class="min-w-0 flex-1 basis-64 space-y-1">
                            <KeyName id=id board=board/>
                            {move || key.get().map(|key| view! { <KeyFacts key=key/> })}
                        </div>
                        {actions}
                    </div>
                    {trouble}
                    {reach}
                    {life}
                    {budget}
                </div>
            </div>
        </li>
    }
}

#[component]
fn KeyFacts(key: KeySummary) -> impl IntoView {
    let status = key
        .finding()
        .map_or(key.status, |finding| KeyStatus::Checked(finding.diagnosis));
    let address = (key.provider == Provider::Custom).then(|| {
        view! {
            <p class="text-xs break-all text-soft">
                <span class="font-mono">{key.endpoint.to_string()}</span>
                " at "
                <span class="font-mono">{key.base_url}</span>
            </p>
        }
    });
    let rest = key.rest.map(|rest| {
        view! {
            <p class="flex flex-wrap items-center gap-x-2 text-sm">
                <Badge tone=Tone::Warning>"Resting"</Badge>
                <span>
                    "until " <Moment at=rest.until/> {format!(": {}.", rest.because.title().to_lowercase())}
                    " Chats pass it over until then; a check wakes it."
                </span>
            </p>
        }
    });
    let former = key.former.map(|former| {
        view! {
            <p class="flex flex-wrap items-center gap-x-2 text-sm">
                <Badge tone=Tone::Good>"Replaced"</Badge>
                <span>
                    "The old key " <span class="font-mono">{format!("…{}", former.last_four)}</span>
                    " no longer works. Its provider refused it " <Moment at=former.dead_at/> "."
                </span>
            </p>
        }
    });
    let used = match key.last_used {
        Some(at) => view! { "used " <Moment at=at/> }.into_any(),
        None => "never used".into_any(),
    };
    let checked = match key.last_validated {
        Some(at) => view! { "checked " <Moment at=at/> }.into_any(),
        None => "never checked".into_any(),
    };
    let next = match key.next_check {
        Some(at) => Some(view! { ", next check " <Moment at=at/> }.into_any()),
        // Due by now: the next round takes it.
        None if key.is_active && !key.is_over => Some(", next check soon".into_any()),
        None => None,
    };
    let expiry = key.expires_at.map(|at| {
        let word = if key.is_over {
            " · expired "
        } else {
            " · expires "
        };
        view! { {word} <Moment at=at/> }
    });
    let credit = key.credit_left.map(|credit| format!(" · {credit} left there"));
    view! {
        <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <span class="font-mono text-soft">{format!("…{}", key.last_four)}</span>
            <StatusBadge status=status/>
            {(!key.is_active).then(|| view! { <span class="text-xs text-soft">"switched off"</span> })}
        </p>
        {rest}
        {former}
        {address}
        <p class="text-xs text-soft">{used} " · " {checked} {next} {expiry} {credit}</p>
    }
}

/// Switch, check, replacement and removal of a key.
#[component]
fn KeyActions(key: KeySummary, board: Board) -> impl IntoView {
    let id = key.id;
    let failure = RwSignal::new(None::<ApiError>);
    let settle = move |answer: Result<KeySummary, ApiError>| match answer {
        Ok(key) => {
            failure.set(None);
            board.put(key);
        }
        Err(error) => failure.set(Some(error)),
    };
    let switch =
        Action::new(move |&wanted: &bool| async move { settle(keys::set_key_active(id, wanted).await) });
    let recheck = Action::new(move |&(): &()| async move { settle(keys::recheck_key(id).await) });
    let name = help::name(&key);
    let removed = key.clone();
    view! {
        <div class="flex items-center gap-1 max-sm:-ml-3">
            <Button
                size=ButtonSize::Small
                variant=ButtonVariant::Quiet
                label=format!("Check {name} now")
                loading=recheck.pending()
                on_click=move |_| { recheck.dispatch(()); }
            >
                <Icon name=IconName::Retry/>
                "Check"
            </Button>
            <ReplaceKey key=key board=board/>
            <RemoveKey key=removed board=board failure=failure/>
            <Switch
                checked=Signal::derive(move || board.key(id).is_some_and(|key| key.is_active))
                label=format!("Use {name} for chats")
                disabled=switch.pending()
                on_change=move |wanted| { switch.dispatch(wanted); }
            />
        </div>
        {move || failure.get().map(|error| view! { <div class="w-full"><Failure error=error/></div> })}
    }
}
