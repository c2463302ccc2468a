//! Server functions for accounts: registering, signing in and out, the password, signed-in browsers.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::{AccountSummary, RegistrationState, SessionId, SessionSummary};

use super::ApiError;

/// Who is signed in, if anyone.
#[server(prefix = "/api", endpoint = "accounts/me", input = GetUrl)]
pub async fn me() -> Result<Option<AccountSummary>, ApiError> {
    Ok(super::door::visitor().map(|signed_in| signed_in.account))
}

/// Whether and how one may register here.
#[server(prefix = "/api", endpoint = "accounts/registration", input = GetUrl)]
pub async fn registration() -> Result<RegistrationState, ApiError> {
    use super::door;
    door::service()?
        .accounts
        .registration()
        .await
        .map_err(door::refuse)
}

/// Makes an account and signs it in. `invitation` is the word of an invitation link, or empty.
#[server(prefix = "/api", endpoint = "accounts/register")]
pub async fn register(
    email: String,
    name: String,
    password: String,
    #[server(default)] invitation: String,
) -> Result<(), ApiError> {
    use super::door;
    let accounts = &door::service()?.accounts;
    let token = accounts
        .register(&email, &name, password, &invitation, door::caller()?)
        .await
        .map_err(door::refuse)?;
    door::begin_session(&token)?;
    door::go_to("/");
    Ok(())
}

/// Signs in.
#[server(prefix = "/api", endpoint = "accounts/sign_in")]
pub async fn sign_in(email: String, password: String) -> Result<(), ApiError> {
    use super::door;
    let accounts = &door::service()?.accounts;
    let token = accounts
        .sign_in(&email, password, door::caller()?)
        .await
        .map_err(door::refuse)?;
    door::begin_session(&token)?;
    door::go_to("/");
    Ok(())
}

/// Signs this browser out.
#[server(prefix = "/api", endpoint = "accounts/sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .accounts
        .sign_out(&signed_in)
        .await
        .map_err(door::refuse)?;
    door::end_session()?;
    door::go_to("/sign-in");
    Ok(())
}

/// Sets a new password and signs all other browsers out.
#[server(prefix = "/api", endpoint = "accounts/change_password")]
pub async fn change_password(current: String, new: String) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .accounts
        .change_password(&signed_in, current, new, door::caller()?)
        .await
        .map_err(door::refuse)
}

/// The caller's signed-in browsers, most recently seen first.
#[server(prefix = "/api", endpoint = "accounts/sessions", input = GetUrl)]
pub async fn sessions() -> Result<Vec<SessionSummary>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .accounts
        .sessions(&signed_in)
        .await
        .map_err(door::refuse)
}

/// Signs one of the caller's browsers out.
#[server(prefix = "/api", endpoint = "accounts/revoke_session")]
pub async fn revoke_session(session: SessionId) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .accounts
        .revoke_session(&signed_in, session)
        .await
        .map_err(door::refuse)
}

/// Signs all of the caller's browsers out but this one.
#[server(prefix = "/api", endpoint = "accounts/revoke_other_sessions")]
pub async fn revoke_other_sessions() -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .accounts
        .revoke_other_sessions(&signed_in)
        .await
        .map_err(door::refuse)
}
