//! Invitations, which only administrators make. The link is shown once; the database holds its hash.

use marshmallow_core::{InvitationId, InvitationSummary, PublicError, Role};
use marshmallow_store::NewInvitation;

use super::{
    Accounts, SignedIn,
    sessions::{make_token, token_hash},
};
use crate::ServiceError;

/// An invitation ends this long after it was made, in milliseconds.
const LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

impl Accounts {
    /// All invitations, newest first.
    pub async fn invitations(
        &self,
        administrator: &SignedIn,
    ) -> Result<Vec<InvitationSummary>, ServiceError> {
        require_administrator(administrator)?;
        let records = self.base.store.invitations().await?;
        Ok(records
            .into_iter()
            .map(|record| InvitationSummary {
                id: record.id,
                created_at: record.created_at,
                expires_at: record.expires_at,
                used_at: record.used_at,
            })
            .collect())
    }

    /// Makes an invitation and gives the path of its link.
    pub async fn create_invitation(&self, administrator: &SignedIn) -> Result<String, ServiceError> {
        require_administrator(administrator)?;
        let now = self.base.clock.now();
        let token = make_token(self.base.random.as_ref());
        let invitation = NewInvitation {
            id: InvitationId::make(now, self.base.random.as_ref()),
            token_hash: token_hash(&token),
            created_by: administrator.account.id,
            created_at: now,
            expires_at: now.plus(LIFE_MS),
        };
        self.base.store.create_invitation(invitation).await?;
        Ok(format!("/register?invitation={}", token.as_str()))
    }

    /// Takes an invitation back.
    pub async fn revoke_invitation(
        &self,
        administrator: &SignedIn,
        invitation: InvitationId,
    ) -> Result<(), ServiceError> {
        require_administrator(administrator)?;
        if self.base.store.revoke_invitation(invitation).await? {
            Ok(())
        } else {
            Err(PublicError::not_found("invitation").into())
        }
    }
}

fn require_administrator(signed_in: &SignedIn) -> Result<(), ServiceError> {
    match signed_in.account.role {
        Role::Administrator => Ok(()),
        Role::User => Err(PublicError::forbidden().into()),
    }
}
