//! The address of the Spending tab.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::spending::SpendingTab;

/// The Spending tab.
#[component]
pub fn SpendingPage() -> impl IntoView {
    view! {
        <Title text="Spending"/>
        <SpendingTab/>
    }
    .into_any()
}
