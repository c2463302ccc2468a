//! The server function for the audit trail's pages. Its downloads are files, which the server gives out itself.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::AuditPage;

use super::ApiError;

/// A page of audit entries, newest first: the caller's own, or for administrators everyone's. `kind` is the slug of a
/// kind, `key` a key's id, `days` how far back, `before` the cursor of the last entry of the page above; empty and 0
/// ask for all.
#[server(prefix = "/api", endpoint = "audit/list", input = GetUrl)]
pub async fn activity(
    everyone: bool,
    #[server(default)] kind: String,
    #[server(default)] key: String,
    #[server(default)] days: u32,
    #[server(default)] before: String,
) -> Result<AuditPage, ApiError> {
    use super::door;
    use marshmallow_core::{AuditCursor, PublicError};
    let signed_in = door::signed_in()?;
    let query =
        door::AuditQuery::parse(everyone, &kind, &key, days).map_err(|error| door::refuse(error.into()))?;
    let before = match before.as_str() {
        "" => None,
        cursor => Some(
            cursor
                .parse::<AuditCursor>()
                .map_err(|_| door::refuse(PublicError::not_found("page").into()))?,
        ),
    };
    door::service()?
        .audit
        .page(&signed_in, &query, before.as_ref())
        .await
        .map_err(door::refuse)
}
