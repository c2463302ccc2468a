//! Server functions that take everything away at once: all of the caller's keys, or the caller's account.

use leptos::prelude::*;
use marshmallow_core::KeySummary;

use super::ApiError;

/// Takes all of the caller's keys out of service, removing them if `remove` says so, and stops their running answers.
/// Answers with the keys that there were, the one used last first.
#[server(prefix = "/api", endpoint = "keys/shut_all")]
pub async fn shut_all_keys(remove: bool) -> Result<Vec<KeySummary>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    let how = if remove {
        door::Emergency::Remove
    } else {
        door::Emergency::SwitchOff
    };
    door::service()?
        .shut_keys(signed_in.account.id, how)
        .await
        .map_err(door::refuse)
}

/// Deletes the caller's account with its sessions, keys and conversations.
#[server(prefix = "/api", endpoint = "accounts/delete")]
pub async fn delete_account(password: String) -> Result<(), ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .delete_account(&signed_in, password, door::caller()?)
        .await
        .map_err(door::refuse)?;
    door::end_session()?;
    door::go_to("/sign-in");
    Ok(())
}
