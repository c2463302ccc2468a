//! The foot of the sidebar: who is signed in, and the way to the settings.

use leptos::prelude::*;

use crate::{
    state::account::use_account,
    ui::{Icon, IconName},
};

const LINK: &str = "flex h-10 min-w-0 items-center gap-2.5 rounded-sm px-3 text-sm text-soft hover:bg-sunken \
     hover:text-ink pointer-coarse:h-11";

/// Links to the keys and to the account.
#[component]
pub fn SidebarFoot() -> impl IntoView {
    let account = use_account();
    view! {
        <nav aria-label="Settings" class="space-y-0.5 border-t border-line p-2">
            <a href="/settings/keys" class=LINK>
                <Icon name=IconName::Key/>
                "API keys"
            </a>
            <a href="/settings/account" class=LINK>
                <Icon name=IconName::Settings/>
                <span class="truncate">
                    <span class="sr-only">"Settings of "</span>
                    <Suspense fallback=|| "Settings">
                        {move || {
                            account
                                .and_then(|account| account.person())
                                .map_or_else(|| "Settings".to_owned(), |person| person.name)
                        }}
                    </Suspense>
                </span>
            </a>
        </nav>
    }
}
