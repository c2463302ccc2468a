//! The signed-in browsers of a person, and signing them out one by one or all but this one.

use leptos::prelude::*;
use marshmallow_core::{SessionId, SessionSummary};

use super::{Failure, device::device_name};
use crate::{
    api::{ApiError, accounts},
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Card, Icon, IconName, Moment, Skeleton, SkeletonShape,
        Tone, use_toasts,
    },
};

/// The card with the signed-in browsers.
#[component]
pub fn Sessions() -> impl IntoView {
    let sessions = Resource::new(|| (), |()| accounts::sessions());
    view! {
        <Card title="Signed-in browsers">
            <Suspense fallback=|| {
                view! { <Skeleton shape=SkeletonShape::Row count=2/> }
            }>
                {move || Suspend::new(async move {
                    match sessions.await {
                        Ok(sessions) => view! { <SessionList sessions=sessions/> }.into_any(),
                        Err(error) => {
                            view! { <Failure error=error retry=move |()| sessions.refetch()/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </Card>
    }
}

#[component]
fn SessionList(sessions: Vec<SessionSummary>) -> impl IntoView {
    let toasts = use_toasts();
    let list = RwSignal::new(sessions);
    let failure = RwSignal::new(None::<ApiError>);
    let revoke = Action::new(move |&id: &SessionId| async move {
        match accounts::revoke_session(id).await {
            Ok(()) => {
                list.update(|list| list.retain(|session| session.id != id));
                toasts.good("That browser is signed out.");
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let revoke_others = Action::new(move |&(): &()| async move {
        match accounts::revoke_other_sessions().await {
            Ok(()) => {
                list.update(|list| list.retain(|session| session.is_current));
                toasts.good("All other browsers are signed out.");
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let has_others = move || list.with(|list| list.iter().any(|session| !session.is_current));
    view! {
        <ul class="divide-y divide-line">
            <For each=move || list.get() key=|session| session.id let:session>
                <SessionRow session=session revoke=revoke/>
            </For>
        </ul>
        {move || failure.get().map(|error| view! { <Failure error=error/> })}
        <Show when=has_others>
            <div class="mt-4">
                <Button loading=revoke_others.pending() on_click=move |_| { revoke_others.dispatch(()); }>
                    "Sign out everywhere else"
                </Button>
            </div>
        </Show>
    }
}

#[component]
fn SessionRow(session: SessionSummary, revoke: Action<SessionId, ()>) -> impl IntoView {
    let id = session.id;
    let name = device_name(&session.user_agent);
    let label = format!("Sign out {name}");
    view! {
        <li class="flex items-center gap-3 py-3 first:pt-0">
            <span class="text-soft">
                <Icon name=IconName::Monitor/>
            </span>
            <div class="min-w-0 flex-1">
                <p class="flex flex-wrap items-center gap-2 text-sm font-medium" title=session.user_agent>
                    {name}
                    {session.is_current.then(|| view! { <Badge tone=Tone::Good>"This browser"</Badge> })}
                </p>
                <p class="text-xs text-soft">
                    "seen " <Moment at=session.last_seen/> " · signed in " <Moment at=session.created_at/> " · "
                    <span class="font-mono">{session.address}</span>
                </p>
            </div>
            {(!session.is_current)
                .then(|| {
                    view! {
                        <Button
                            size=ButtonSize::Small
                            variant=ButtonVariant::Quiet
                            label=label
                            on_click=move |_| { revoke.dispatch(id); }
                        >
                            "Sign out"
                        </Button>
                    }
                })}
        </li>
    }
}
