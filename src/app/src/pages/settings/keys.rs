//! The address of the API keys tab.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::keys::KeysTab;

/// The API keys tab.
#[component]
pub fn KeysPage() -> impl IntoView {
    view! {
        <Title text="API keys"/>
        <KeysTab/>
    }
    .into_any()
}
