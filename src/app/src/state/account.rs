//! Who is signed in, asked once for the whole application. It refuses to know forms and pages.

use leptos::prelude::*;
use marshmallow_core::{AccountSummary, ErrorCode, Role};

use super::browser;
use crate::api::{ApiError, accounts};

/// The signed-in person, for every part of the application.
#[derive(Clone, Copy)]
pub struct Account {
    me: Resource<Result<Option<AccountSummary>, ApiError>>,
}

impl Account {
    /// The answer to who is signed in; reading it inside `Suspense` waits for it.
    pub fn get(self) -> Option<Result<Option<AccountSummary>, ApiError>> {
        self.me.get()
    }

    /// The person, once known.
    pub fn person(self) -> Option<AccountSummary> {
        self.get()?.ok()?
    }

    /// Whether the person administrates this installation, as far as is known yet.
    pub fn is_administrator(self) -> bool {
        self.person().is_some_and(|person| person.role == Role::Administrator)
    }

    /// Asks again, after somebody signed in or out.
    pub fn refetch(self) {
        self.me.refetch();
    }
}

/// Puts the account into the context; the application does so once.
pub fn provide_account() {
    provide_context(Account {
        me: Resource::new(|| (), |()| accounts::me()),
    });
}

/// The application's account; none outside the application.
pub fn use_account() -> Option<Account> {
    use_context()
}

/// Leads to the sign-in page if `error` says that nobody is signed in any more. For effects and callbacks.
pub fn leave_if_signed_out(error: &ApiError) {
    if error.0.code == ErrorCode::SignInNeeded {
        browser::go_to("/sign-in");
    }
}
