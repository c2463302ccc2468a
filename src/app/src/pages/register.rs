//! The page that makes accounts, as far as the installation lets people in. Its form posts without wasm, too.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use marshmallow_core::{LIMITS, RegistrationPolicy, RegistrationState};

use crate::{
    api::accounts::{self, Register},
    components::account::EntranceFrame,
    ui::{
        Button, ButtonType, ButtonVariant, ErrorAction, ErrorNotice, FieldKind, Notice, Skeleton,
        SkeletonShape, TextField, Tone,
    },
};

/// Whether a visitor may register, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    /// Nobody has registered yet: this person becomes the administrator.
    First,
    /// Anyone may.
    Open,
    /// They came by an invitation link.
    Invited,
    /// They need an invitation link.
    InvitationNeeded,
    /// Nobody may.
    Closed,
}

fn admission(state: RegistrationState, has_invitation: bool) -> Admission {
    match state.policy {
        _ if state.is_first_account => Admission::First,
        RegistrationPolicy::Open => Admission::Open,
        RegistrationPolicy::Invitation if has_invitation => Admission::Invited,
        RegistrationPolicy::Invitation => Admission::InvitationNeeded,
        RegistrationPolicy::Closed => Admission::Closed,
    }
}

impl Admission {
    const fn lets_in(self) -> bool {
        matches!(self, Admission::First | Admission::Open | Admission::Invited)
    }

    /// What to tell above the form, or instead of it.
    const fn notice(self) -> Option<(Tone, &'static str, &'static str)> {
        match self {
            Admission::Open => None,
            Admission::First => Some((
                Tone::Info,
                "You are the first one here",
                "This account becomes the administrator of this installation. Administrators invite others; \
                 they cannot read their keys or conversations.",
            )),
            Admission::Invited => Some((
                Tone::Good,
                "You have an invitation",
                "It is used up when your account is made.",
            )),
            Admission::InvitationNeeded => Some((
                Tone::Warning,
                "You need an invitation",
                "Ask your administrator for an invitation link and open it in this browser.",
            )),
            Admission::Closed => Some((
                Tone::Warning,
                "Registration is closed",
                "This installation takes no new accounts. Ask your administrator if that surprises you.",
            )),
        }
    }
}

/// The registration page.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let register = ServerAction::<Register>::new();
    let state = Resource::new(|| (), |()| accounts::registration());
    let query = use_query_map();
    let invitation = move || query.with_untracked(|query| query.get("invitation").unwrap_or_default());
    view! {
        <Title text="Create an account"/>
        <EntranceFrame title="Create your account">
            <Suspense fallback=|| {
                view! { <Skeleton shape=SkeletonShape::Row count=4/> }
            }>
                {move || Suspend::new(async move {
                    match state.await {
                        Ok(state) => {
                            let invitation = invitation();
                            let admission = admission(state, !invitation.is_empty());
                            view! { <Admitted admission=admission invitation=invitation register=register/> }
                                .into_any()
                        }
                        Err(error) => {
                            let again = ErrorAction::run("Try again", Callback::new(move |()| state.refetch()));
                            view! { <ErrorNotice error=error.0 action=again/> }.into_any()
                        },
                    }
                })}
            </Suspense>
            <p class="mt-6 text-center text-sm text-soft">
                "Already have an account? " <a href="/sign-in" class="link">"Sign in"</a>
            </p>
        </EntranceFrame>
    }
    .into_any()
}

#[component]
fn Admitted(admission: Admission, invitation: String, register: ServerAction<Register>) -> impl IntoView {
    let notice = admission.notice().map(|(tone, title, text)| {
        view! {
            <Notice tone=tone title=title>
                <p>{text}</p>
            </Notice>
        }
    });
    let form = admission
        .lets_in()
        .then(|| view! { <RegisterForm invitation=invitation register=register/> });
    view! { <div class="space-y-5">{notice} {form}</div> }
}

#[component]
fn RegisterForm(invitation: String, register: ServerAction<Register>) -> impl IntoView {
    let failure = move || {
        let error = register.value().get()?.err()?;
        Some(view! { <ErrorNotice error=error.0/> })
    };
    view! {
        <ActionForm action=register attr:class="space-y-5">
            <input type="hidden" name="invitation" value=invitation/>
            <TextField
                label="Name"
                name="name"
                autocomplete="name"
                max_length=LIMITS.name_max_chars
                required=true
                autofocus=true
            />
            <TextField label="E-mail" name="email" kind=FieldKind::Email autocomplete="username" required=true/>
            <TextField
                label="Password"
                name="password"
                kind=FieldKind::Password
                autocomplete="new-password"
                hint=format!("At least {} characters; a few unrelated words do well.", LIMITS.password_min_chars)
                min_length=LIMITS.password_min_chars
                required=true
            />
            {failure}
            <Button kind=ButtonType::Submit variant=ButtonVariant::Primary wide=true loading=register.pending()>
                "Create account"
            </Button>
        </ActionForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_person_always_gets_in_and_later_ones_by_policy() {
        let state = |policy, is_first_account| RegistrationState {
            policy,
            is_first_account,
        };
        let cases = [
            (RegistrationPolicy::Closed, true, false, Admission::First),
            (RegistrationPolicy::Open, false, false, Admission::Open),
            (RegistrationPolicy::Invitation, false, true, Admission::Invited),
            (
                RegistrationPolicy::Invitation,
                false,
                false,
                Admission::InvitationNeeded,
            ),
            (RegistrationPolicy::Closed, false, true, Admission::Closed),
        ];
        for (policy, is_first, has_invitation, expected) in cases {
            assert_eq!(admission(state(policy, is_first), has_invitation), expected);
        }
        assert!(!Admission::InvitationNeeded.lets_in() && !Admission::Closed.lets_in());
    }
}
