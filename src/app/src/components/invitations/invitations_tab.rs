//! The Invitations tab: make a link, see which are open, take one back.

use leptos::prelude::*;
use marshmallow_core::{InvitationId, InvitationSummary, Millis};

use super::{fresh_link::FreshLink, state::standing};
use crate::{
    api::{ApiError, invitations as api},
    components::account::Failure,
    state::browser,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Card, EmptyState, Icon, IconName, Moment, Skeleton,
        SkeletonShape, use_toasts,
    },
};

/// The tab's content.
#[component]
pub fn InvitationsTab() -> impl IntoView {
    let invitations = Resource::new(|| (), |()| api::invitations());
    let link = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None::<ApiError>);
    let create = Action::new(move |&(): &()| async move {
        match api::create_invitation().await {
            Ok(path) => {
                link.set(Some(path));
                failure.set(None);
                invitations.refetch();
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    view! {
        <Card title="Invite someone">
            <div class="space-y-4">
                <p class="max-w-measure text-sm text-soft">
                    "An invitation link lets one person make an account here. They bring their own keys or use the \
                    platform's; you see neither their keys nor their conversations."
                </p>
                <Button
                    variant=ButtonVariant::Primary
                    loading=create.pending()
                    on_click=move |_| { create.dispatch(()); }
                >
                    <Icon name=IconName::Plus/>
                    "Create an invitation link"
                </Button>
                {move || link.get().map(|path| view! { <FreshLink path=path/> })}
                {move || failure.get().map(|error| view! { <Failure error=error/> })}
            </div>
        </Card>
        <Card title="Invitations">
            <Transition fallback=|| {
                view! { <Skeleton shape=SkeletonShape::Row count=3/> }
            }>
                {move || Suspend::new(async move {
                    match invitations.await {
                        Ok(list) => view! { <InvitationList list=list/> }.into_any(),
                        Err(error) => {
                            view! { <Failure error=error retry=move |()| invitations.refetch()/> }.into_any()
                        }
                    }
                })}
            </Transition>
        </Card>
    }
}

#[component]
fn InvitationList(list: Vec<InvitationSummary>) -> impl IntoView {
    let toasts = use_toasts();
    let list = RwSignal::new(list);
    let failure = RwSignal::new(None::<ApiError>);
    let revoke = Action::new(move |&id: &InvitationId| async move {
        match api::revoke_invitation(id).await {
            Ok(()) => {
                list.update(|list| list.retain(|invitation| invitation.id != id));
                toasts.good("The invitation is taken back.");
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let now = RwSignal::new(None);
    Effect::new(move |_| now.set(Some(browser::now())));
    view! {
        {move || failure.get().map(|error| view! { <Failure error=error/> })}
        <ul class="divide-y divide-line">
            <For each=move || list.get() key=|invitation| invitation.id let:invitation>
                <InvitationRow invitation=invitation now=now revoke=revoke/>
            </For>
        </ul>
        <Show when=move || list.with(Vec::is_empty)>
            <EmptyState
                icon=IconName::Mail
                title="Nobody is invited yet"
                text="Create a link above and send it to the person yourself."
            />
        </Show>
    }
}

#[component]
fn InvitationRow(
    invitation: InvitationSummary,
    now: RwSignal<Option<Millis>>,
    revoke: Action<InvitationId, ()>,
) -> impl IntoView {
    let id = invitation.id;
    let (created_at, expires_at, used_at) =
        (invitation.created_at, invitation.expires_at, invitation.used_at);
    let badge = move || {
        let (tone, word) = standing(&invitation, now.get());
        view! { <Badge tone=tone>{word}</Badge> }
    };
    let end = match used_at {
        Some(at) => view! { "used " <Moment at=at/> }.into_any(),
        None => view! { "ends " <Moment at=expires_at/> }.into_any(),
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 py-3 first:pt-0 last:pb-0">
            <div class="space-y-1">
                {badge}
                <p class="text-xs text-soft">"made " <Moment at=created_at/> " · " {end}</p>
            </div>
            {used_at
                .is_none()
                .then(|| {
                    view! {
                        <Button
                            size=ButtonSize::Small
                            variant=ButtonVariant::Quiet
                            on_click=move |_| { revoke.dispatch(id); }
                        >
                            "Take back"
                        </Button>
                    }
                })}
        </li>
    }
}
