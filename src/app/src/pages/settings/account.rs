//! The account tab: who one is here, appearance, password, signed-in browsers, and the ways out.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use marshmallow_core::{AccountSummary, Role};

use crate::{
    api::accounts::SignOut,
    components::account::{Appearance, DeleteAccountForm, Failure, PasswordForm, Sessions},
    state::account::use_account,
    ui::{Badge, Button, ButtonType, Card, Icon, IconName, Skeleton, SkeletonShape},
};

/// The account tab.
#[component]
pub fn AccountPage() -> impl IntoView {
    let account = use_account();
    let profile = move || {
        let account = account?;
        Some(match account.get()? {
            Ok(Some(person)) => view! { <Profile person=person/> }.into_any(),
            Ok(None) => ().into_any(),
            Err(error) => view! { <Failure error=error retry=move |()| account.refetch()/> }.into_any(),
        })
    };
    view! {
        <Title text="Account"/>
        <Transition fallback=|| {
            view! { <Skeleton shape=SkeletonShape::Card/> }
        }>{profile}</Transition>
        <Appearance/>
        <PasswordForm/>
        <Sessions/>
        <DeleteAccountForm/>
    }
    .into_any()
}

#[component]
fn Profile(person: AccountSummary) -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    let failure = move || Some(view! { <Failure error=sign_out.value().get()?.err()?/> });
    let role = match person.role {
        Role::Administrator => "Administrator",
        Role::User => "Member",
    };
    view! {
        <Card>
            <div class="flex flex-wrap items-center justify-between gap-4">
                <div class="flex min-w-0 items-center gap-4">
                    <span class="rounded-full bg-accent-soft p-3 text-accent">
                        <Icon name=IconName::User/>
                    </span>
                    <div class="min-w-0">
                        <h2 class="flex flex-wrap items-center gap-2 text-lg leading-tight font-semibold">
                            <span class="truncate">{person.name}</span>
                            <Badge>{role}</Badge>
                        </h2>
                        <p class="truncate text-sm text-soft">{person.email}</p>
                    </div>
                </div>
                <ActionForm action=sign_out>
                    <Button kind=ButtonType::Submit loading=sign_out.pending()>
                        <Icon name=IconName::LogOut/>
                        "Sign out"
                    </Button>
                </ActionForm>
            </div>
            {failure}
        </Card>
    }
}
