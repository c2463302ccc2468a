//! The application: what every page shares, and which page an address shows. It refuses to know what pages do.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    hooks::use_location,
    path,
};

use crate::{
    pages::{
        chat::{ChatLayout, ChatPage},
        not_found::NotFoundPage,
        register::RegisterPage,
        settings::{
            SettingsLayout, account::AccountPage, activity::ActivityPage, invitations::InvitationsPage,
            keys::KeysPage, models::ModelsPage,
        },
        sign_in::SignInPage,
    },
    state::account::provide_account,
    ui::{ReloadBar, Toasts, provide_toasts},
};

/// The application. Pages are rendered whole (`SsrMode::Async`): they can be read, and their forms sent, without
/// wasm and without any script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_toasts();

    view! {
        <Title formatter=|page: String| {
            if page.is_empty() { "Marshmallow".to_owned() } else { format!("{page} · Marshmallow") }
        }/>
        <Router>
            <Site/>
        </Router>
        <Toasts/>
        <ReloadBar/>
    }
}

/// What stands inside the router.
#[component]
fn Site() -> impl IntoView {
    provide_account(use_location().pathname);
    view! {
        // `external` keeps the router out: the browser itself then moves the place from which Tab goes on.
        <a
            href="#main"
            rel="external"
            class="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md \
            focus:bg-surface focus:px-4 focus:py-2 focus:shadow-float"
        >
            "Skip to the content"
        </a>
        <Routes fallback=NotFoundPage>
            // Both addresses stay inside one page: a chat that gets its address is not drawn anew.
            <ParentRoute path=path!("") view=ChatLayout>
                <ParentRoute path=path!("") view=ChatPage>
                    <Route path=path!("") view=|| () ssr=SsrMode::Async/>
                    <Route path=path!("c/:id") view=|| () ssr=SsrMode::Async/>
                </ParentRoute>
            </ParentRoute>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
            <ParentRoute path=path!("/settings") view=SettingsLayout ssr=SsrMode::Async>
                <Route path=path!("") view=|| view! { <Redirect path="/settings/keys"/> }/>
                <Route path=path!("models") view=ModelsPage ssr=SsrMode::Async/>
                <Route path=path!("keys") view=KeysPage ssr=SsrMode::Async/>
                <Route path=path!("activity") view=ActivityPage ssr=SsrMode::Async/>
                <Route path=path!("account") view=AccountPage ssr=SsrMode::Async/>
                <Route path=path!("invitations") view=InvitationsPage ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
}
