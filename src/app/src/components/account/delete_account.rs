//! The form that deletes one's account. It posts without wasm, too; the password is the confirmation.

use leptos::{form::ActionForm, prelude::*};

use super::Failure;
use crate::{
    api::removal::DeleteAccount,
    ui::{Button, ButtonType, ButtonVariant, Card, FieldKind, TextField},
};

/// The card with the form.
#[component]
pub fn DeleteAccountForm() -> impl IntoView {
    let delete = ServerAction::<DeleteAccount>::new();
    let failure = move || Some(view! { <Failure error=delete.value().get()?.err()?/> });
    view! {
        <Card title="Delete account">
            <div class="mb-4 max-w-measure space-y-2 text-sm text-soft">
                <p>
                    "Your conversations, your sealed keys and your signed-in browsers are deleted at once. It cannot be \
                    undone. The record of what was done with your keys stays, and holds no key."
                </p>
                <p>"The keys themselves stay valid at their providers: revoke them there."</p>
            </div>
            <ActionForm action=delete attr:class="max-w-sm space-y-4">
                <TextField
                    label="Your password"
                    name="password"
                    id="delete-account-password"
                    kind=FieldKind::Password
                    autocomplete="current-password"
                    required=true
                />
                {failure}
                <Button kind=ButtonType::Submit variant=ButtonVariant::Danger loading=delete.pending()>
                    "Delete my account"
                </Button>
            </ActionForm>
        </Card>
    }
}
