//! The address of the Invitations tab. The server answers administrators only.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::invitations::InvitationsTab;

/// The Invitations tab.
#[component]
pub fn InvitationsPage() -> impl IntoView {
    view! {
        <Title text="Invitations"/>
        <InvitationsTab/>
    }
    .into_any()
}
