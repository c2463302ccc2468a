//! The address of the Models tab.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::catalogue::ModelsTab;

/// The Models tab.
#[component]
pub fn ModelsPage() -> impl IntoView {
    view! {
        <Title text="Models"/>
        <ModelsTab/>
    }
    .into_any()
}
