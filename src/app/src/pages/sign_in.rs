//! The page that signs people in. Its form posts without wasm, too.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use crate::{
    api::accounts::SignIn,
    components::account::EntranceFrame,
    ui::{Button, ButtonType, ButtonVariant, ErrorNotice, FieldKind, TextField},
};

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let sign_in = ServerAction::<SignIn>::new();
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
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos_meta::provide_meta_context;

    use super::*;
    use crate::ui::gallery::{markup, render, show};

    #[test]
    fn the_form_works_by_itself() {
        let html = render(|| {
            provide_meta_context();
            view! { <SignInPage/> }
        });
        show("sign-in", &html);
        assert_eq!(markup::faults(&html), Vec::<String>::new());
        for part in [
            "action=\"/api/accounts/sign_in\"",
            "method=\"post\"",
            "autocomplete=\"username\"",
            "autocomplete=\"current-password\"",
        ] {
            assert!(html.contains(part), "{part} is missing");
        }
    }
}
