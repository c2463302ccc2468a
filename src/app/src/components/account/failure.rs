//! A failed request in place. Where nobody is signed in any more, it leads to the sign-in page instead.

use leptos::prelude::*;

use crate::{
    api::ApiError,
    state::account::leave_if_signed_out,
    ui::{ErrorAction, Trouble},
};

/// A failed request, and the button that tries again.
#[component]
pub fn Failure(
    /// What the server function answered.
    error: ApiError,
    /// Tries again.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let shown = error.0.clone();
    Effect::new(move |_| leave_if_signed_out(&error));
    match retry {
        Some(retry) => {
            view! { <Trouble error=shown action=ErrorAction::run("Try again", retry)/> }.into_any()
        }
        None => view! { <Trouble error=shown/> }.into_any(),
    }
}
