//! The application: what every page shares, and which page an address shows. It refuses to know what pages do.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};

use crate::{
    pages::lazy::{
        Account, Activity, Chat, ChatFrame, FirstTab, Invitations, Keys, Models, NotFound, Register,
        Settings, SignIn, Spending,
    },
    state::{account::provide_account, handover::provide_handover},
    ui::{ReloadBar, provide_toasts},
};

/// The application. Pages are rendered whole (`SsrMode::Async`): they can be read, and their forms sent, without
/// wasm and without any script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_toasts();
    provide_handover();

    view! {
        <Title formatter=|page: String| {
            if page.is_empty() { "Marshmallow".to_owned() } else { format!("{page} · Marshmallow") }
        }/>
        <Router>
            <Site/>
        </Router>
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
        // Every address has a route, the last one takes the rest.
        <Routes fallback=|| ()>
            // Both addresses stay inside one page: a chat that gets its address is not drawn anew.
            <ParentRoute path=path!("") view={Lazy::<ChatFrame>::new()}>
                <ParentRoute path=path!("") view={Lazy::<Chat>::new()}>
                    <Route path=path!("") view=|| () ssr=SsrMode::Async/>
                    <Route path=path!("c/:id") view=|| () ssr=SsrMode::Async/>
                </ParentRoute>
            </ParentRoute>
            <Route path=path!("/sign-in") view={Lazy::<SignIn>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/register") view={Lazy::<Register>::new()} ssr=SsrMode::Async/>
            <ParentRoute path=path!("/settings") view={Lazy::<Settings>::new()} ssr=SsrMode::Async>
                <Route path=path!("") view={Lazy::<FirstTab>::new()} ssr=SsrMode::Async/>
                <Route path=path!("models") view={Lazy::<Models>::new()} ssr=SsrMode::Async/>
                <Route path=path!("keys") view={Lazy::<Keys>::new()} ssr=SsrMode::Async/>
                <Route path=path!("spending") view={Lazy::<Spending>::new()} ssr=SsrMode::Async/>
                <Route path=path!("activity") view={Lazy::<Activity>::new()} ssr=SsrMode::Async/>
                <Route path=path!("account") view={Lazy::<Account>::new()} ssr=SsrMode::Async/>
                <Route path=path!("invitations") view={Lazy::<Invitations>::new()} ssr=SsrMode::Async/>
            </ParentRoute>
            <Route path=path!("/*any") view={Lazy::<NotFound>::new()} ssr=SsrMode::Async/>
        </Routes>
    }
}
