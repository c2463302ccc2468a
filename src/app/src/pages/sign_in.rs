//! The page that signs people in. Its form posts without wasm, too.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use crate::{
    api::accounts::SignIn,
    components::account::EntranceFrame,
    state::account::use_account,
    ui::{Button, ButtonType, ButtonVariant, ErrorNotice, FieldKind, TextField},
};

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let sign_in = ServerAction::<SignIn>::new();
    let account = use_account();
    Effect::new(move |_| {
        if let (Some(Ok(())), Some(account)) = (sign_in.value().get(), account) {
            account.refetch();
        }
    });
    let failure = move || {
        let error = sign_in.value().get()?.err()?;
        Some(view! { <ErrorNotice error=error.0/> })
    };
    view! {
        <Title text="Sign in"/>
        <EntranceFrame title="Welcome back">
            <ActionForm action=sign_in attr:class="space-y-5">
                <TextField
                    label="E-mail"
                    name="email"
                    kind=FieldKind::Email
                    autocomplete="username"
                    required=true
                    autofocus=true
                />
                <TextField
                    label="Password"
                    name="password"
                    kind=FieldKind::Password
                    autocomplete="current-password"
                    required=true
                />
                {failure}
                <Button
                    kind=ButtonType::Submit
                    variant=ButtonVariant::Primary
                    wide=true
                    loading=sign_in.pending()
                >
                    "Sign in"
                </Button>
            </ActionForm>
            <p class="mt-6 text-center text-sm text-soft">
                "No account yet? " <a href="/register" class="link">"Create one"</a>
            </p>
        </EntranceFrame>
    }
}
