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

    /// Waits until it is known whether the person administrates this installation.
    pub async fn administrates(self) -> bool {
        let person = self.me.await.ok().flatten();
        person.is_some_and(|person| person.role == Role::Administrator)
    }

    /// Whether the person administrates this installation, as far as is known yet.
    pub fn is_administrator(self) -> bool {
        self.person()
            .is_some_and(|person| person.role == Role::Administrator)
    }

    /// Asks again, after an error.
    pub fn refetch(self) {
        self.me.refetch();
    }
}

/// Puts the account into the context; the application does so once, inside the router. Who is signed in is asked
/// again whenever a person passes the door in either direction, which outlives the page that led them through.
pub fn provide_account(path: Memo<String>) {
    let is_outside = Memo::new(move |_| path.with(|path| is_entrance(path)));
    provide_context(Account {
        me: Resource::new(move || is_outside.get(), |_| accounts::me()),
    });
}

/// Whether a page is one for people who are not signed in.
fn is_entrance(path: &str) -> bool {
    matches!(path.trim_end_matches('/'), "/sign-in" | "/register")
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

#[cfg(test)]
mod tests {
    use super::is_entrance;

    #[test]
    fn only_the_pages_before_the_door_are_entrances() {
        for path in ["/sign-in", "/register", "/register/"] {
            assert!(is_entrance(path), "{path}");
        }
        for path in ["/", "", "/settings/account", "/c/sign-in"] {
            assert!(!is_entrance(path), "{path}");
        }
    }
}
