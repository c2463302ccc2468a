//! Server functions for what needs the caller's attention. Each answers with all that is left to tell.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::NoticeBoard;

use super::ApiError;

/// What needs the caller's attention.
#[server(prefix = "/api", endpoint = "notices/list", input = GetUrl)]
pub async fn notices() -> Result<NoticeBoard, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .notices
        .board(signed_in.account.id)
        .await
        .map_err(door::refuse)
}

/// Puts a notice away until its cause is another one, or worse.
#[server(prefix = "/api", endpoint = "notices/dismiss")]
pub async fn dismiss_notice(notice: String) -> Result<NoticeBoard, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .notices
        .dismiss(signed_in.account.id, &notice)
        .await
        .map_err(door::refuse)
}

/// Sets from which age on a key is noticed.
#[server(prefix = "/api", endpoint = "notices/set_key_age")]
pub async fn set_key_age(age: String) -> Result<NoticeBoard, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .notices
        .set_key_age(signed_in.account.id, &age)
        .await
        .map_err(door::refuse)
}
