//! The settings: what their tabs share.

pub mod account;
pub mod activity;
pub mod invitations;
pub mod keys;
pub mod models;
pub mod spending;

use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::use_location,
};

use crate::{
    state::account::use_account,
    ui::{ButtonVariant, Icon, IconName, LinkButton, Mark, TabLink, Tabs, Toasts},
};

const MODELS: TabLink = TabLink {
    href: "/settings/models",
    label: "Models",
    icon: IconName::Layers,
};
const KEYS: TabLink = TabLink {
    href: "/settings/keys",
    label: "API keys",
    icon: IconName::Key,
};
const SPENDING: TabLink = TabLink {
    href: "/settings/spending",
    label: "Spending",
    icon: IconName::Wallet,
};
const ACTIVITY: TabLink = TabLink {
    href: "/settings/activity",
    label: "Activity",
    icon: IconName::Clock,
};
const ACCOUNT: TabLink = TabLink {
    href: "/settings/account",
    label: "Account",
    icon: IconName::User,
};
const INVITATIONS: TabLink = TabLink {
    href: "/settings/invitations",
    label: "Invitations",
    icon: IconName::Mail,
};

/// The tabs that a person may open.
fn tabs_for(is_administrator: bool) -> Vec<TabLink> {
    let mut tabs = vec![MODELS, KEYS, SPENDING, ACTIVITY, ACCOUNT];
    if is_administrator {
        tabs.push(INVITATIONS);
    }
    tabs
}

/// Heading, tabs and the way back, around the open tab.
#[component]
pub fn SettingsLayout() -> impl IntoView {
    let path = use_location().pathname;
    let account = use_account();
    let tabs = move || tabs_for(account.is_some_and(|account| account.is_administrator()));
    view! {
        <div class="mx-auto flex min-h-dvh max-w-4xl flex-col px-4 sm:px-6">
            <header class="flex items-center justify-between gap-4 py-4">
                <h1 class="flex items-center gap-2.5 text-xl font-semibold">
                    <Mark/>
                    "Settings"
                </h1>
                <LinkButton href="/" variant=ButtonVariant::Quiet>
                    <Icon name=IconName::Back/>
                    "Back to the chat"
                </LinkButton>
            </header>
            <Transition fallback=move || {
                view! { <Tabs label="Settings" tabs=tabs_for(false) current=path/> }
            }>
                {move || view! { <Tabs label="Settings" tabs=tabs() current=path/> }}
            </Transition>
            <main id="main" class="flex-1 space-y-6 py-6">
                <Outlet/>
            </main>
        </div>
        <Toasts/>
    }
    .into_any()
}

/// Leads from the settings' own address to the tab that most people look for.
#[component]
pub fn FirstTabPage() -> impl IntoView {
    view! { <Redirect path=KEYS.href/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_administrators_see_invitations() {
        assert!(!tabs_for(false).contains(&INVITATIONS));
        assert!(tabs_for(true).contains(&INVITATIONS));
    }
}
