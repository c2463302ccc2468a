//! One stored key: what may be told of it, and what can be done with it. It never has the key itself.

use leptos::prelude::*;
use marshmallow_core::{KeyId, KeySummary, Provider};

use super::{
    board::Board,
    help,
    key_name::KeyName,
    order::{self, PlaceButtons},
    reach::Reach,
};
use crate::{
    api::{ApiError, keys},
    components::{account::Failure, spending::BudgetLine},
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Confirm, FindingNote, Icon, IconButton, IconName, Moment,
        StatusBadge, Switch, Tone, use_toasts,
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
    let places = provider.map(|provider| view! { <PlaceButtons id=id provider=provider board=board/> });
    view! {
        <li
            class="space-y-2 py-4 first:pt-0 last:pb-0"
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
            <div class="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
                {places}
                <div class="min-w-0 flex-1 basis-64 space-y-1">
                    <KeyName id=id board=board/>
                    {move || key.get().map(|key| view! { <KeyFacts key=key/> })}
                </div>
                {actions}
            </div>
            {trouble}
            {reach}
            {budget}
        </li>
    }
}

#[component]
fn KeyFacts(key: KeySummary) -> impl IntoView {
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
    let used = match key.last_used {
        Some(at) => view! { "used " <Moment at=at/> }.into_any(),
        None => "never used".into_any(),
    };
    let checked = match key.last_validated {
        Some(at) => view! { "checked " <Moment at=at/> }.into_any(),
        None => "never checked".into_any(),
    };
    view! {
        <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <span class="font-mono text-soft">{format!("…{}", key.last_four)}</span>
            <StatusBadge status=key.status/>
            {(!key.is_active).then(|| view! { <span class="text-xs text-soft">"switched off"</span> })}
        </p>
        {rest}
        {address}
        <p class="text-xs text-soft">{used} " · " {checked}</p>
    }
}

/// Switch, check and removal of a key.
#[component]
fn KeyActions(key: KeySummary, board: Board) -> impl IntoView {
    let toasts = use_toasts();
    let id = key.id;
    let failure = RwSignal::new(None::<ApiError>);
    let asks = RwSignal::new(false);
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
    let remove = Action::new(move |&(): &()| async move {
        match keys::remove_key(id).await {
            Ok(()) => {
                asks.set(false);
                toasts.good("The key is removed.");
                board.take_away(id);
            }
            Err(error) => {
                asks.set(false);
                failure.set(Some(error));
            }
        }
    });
    let name = help::name(&key);
    let title = format!("Remove {name}?");
    let [first, second] = help::removal(&key);
    view! {
        <div class="flex items-center gap-1">
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
            <IconButton
                icon=IconName::Trash
                label=format!("Remove {name}")
                on_click=move |_| asks.set(true)
            />
            <Switch
                checked=Signal::derive(move || board.key(id).is_some_and(|key| key.is_active))
                label=format!("Use {name} for chats")
                disabled=switch.pending()
                on_change=move |wanted| { switch.dispatch(wanted); }
            />
        </div>
        {move || failure.get().map(|error| view! { <div class="w-full"><Failure error=error/></div> })}
        <Confirm
            open=asks
            title=title
            confirm_label="Remove key"
            loading=remove.pending()
            on_confirm=move |()| { remove.dispatch(()); }
        >
            <p class="font-mono text-ink">{format!("{} …{}", key.provider, key.last_four)}</p>
            <p>{first}</p>
            <p>{second}</p>
        </Confirm>
    }
}
