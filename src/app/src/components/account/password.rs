//! The form for a new password. It posts without wasm, too.

use leptos::{form::ActionForm, prelude::*};
use marshmallow_core::LIMITS;

use super::Failure;
use crate::{
    api::accounts::ChangePassword,
    ui::{Button, ButtonType, Card, FieldKind, Notice, TextField, Tone},
};

/// The card with the form.
#[component]
pub fn PasswordForm() -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let outcome = move || {
        change.value().get().map(|outcome| match outcome {
            Ok(()) => view! {
                <Notice tone=Tone::Good>
                    <p>"Your password is changed, and all your other browsers are signed out."</p>
                </Notice>
            }
            .into_any(),
            Err(error) => view! { <Failure error=error/> }.into_any(),
        })
    };
    view! {
        <Card title="Password">
            <ActionForm action=change attr:class="max-w-sm space-y-4">
                <TextField
                    label="Present password"
                    name="current"
                    kind=FieldKind::Password
                    autocomplete="current-password"
                    required=true
                />
                <TextField
                    label="New password"
                    name="new"
                    kind=FieldKind::Password
                    autocomplete="new-password"
                    hint=format!("At least {} characters. Your other browsers will be signed out.", LIMITS.password_min_chars)
                    min_length=LIMITS.password_min_chars
                    required=true
                />
                {outcome}
                <Button kind=ButtonType::Submit loading=change.pending()>
                    "Change password"
                </Button>
            </ActionForm>
        </Card>
    }
}
