//! The address of the Activity tab.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::activity::ActivityTab;

/// The Activity tab.
#[component]
pub fn ActivityPage() -> impl IntoView {
    view! {
        <Title text="Activity"/>
        <ActivityTab/>
    }
    .into_any()
}
