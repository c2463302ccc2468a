//! Server functions for invitations, which only administrators may call.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::{InvitationId, InvitationSummary};

use super::ApiError;

/// All invitations, newest first.
#[server(prefix = "/api", endpoint = "invitations/list", input = GetUrl)]
pub async fn invitations() -> Result<Vec<InvitationSummary>, ApiError> {
    use super::door;
    let administrator = door::administrator()?;
    door::service()?
        .accounts
        .invitations(&administrator)
        .await
        .map_err(door::refuse)
}

/// Makes an invitation and gives the path of its link, which is shown this one time.
#[server(prefix = "/api", endpoint = "invitations/create")]
pub async fn create_invitation() -> Result<String, ApiError> {
    use super::door;
    let administrator = door::administrator()?;
    door::service()?
        .accounts
        .create_invitation(&administrator)
        .await
        .map_err(door::refuse)
}

/// Takes an invitation back.
#[server(prefix = "/api", endpoint = "invitations/revoke")]
pub async fn revoke_invitation(invitation: InvitationId) -> Result<(), ApiError> {
    use super::door;
    let administrator = door::administrator()?;
    door::service()?
        .accounts
        .revoke_invitation(&administrator, invitation)
        .await
        .map_err(door::refuse)
}
