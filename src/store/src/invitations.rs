//! Invitations to register. It knows the hash of an invitation's token, never the token.
//! They belong to the installation and not to a person: that only administrators come here is `service`'s to see to.

use marshmallow_core::{InvitationId, Millis, UserId};

use crate::{
    Store, StoreError,
    db::{Row, statements, values},
};

/// An invitation to be made.
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// The administrator who makes it.
    pub created_by: UserId,
    /// The present moment.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
}

/// A stored invitation, without its token's hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRecord {
    /// Its id.
    pub id: InvitationId,
    /// The administrator who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// When somebody registered with it.
    pub used_at: Option<Millis>,
}

statements! {
    INSERT on "invitations" =
        "INSERT INTO invitations (id, token_hash, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    LIST on "invitations" =
        "SELECT id, created_by, created_at, expires_at, used_at FROM invitations ORDER BY created_at DESC, id DESC";
    REVOKE on "invitations" = "DELETE FROM invitations WHERE id = $1 AND used_at IS NULL";
    VALID on "invitations" =
        "SELECT id FROM invitations WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
}

impl Store {
    /// Stores an invitation.
    pub async fn create_invitation(&self, invitation: NewInvitation) -> Result<(), StoreError> {
        let row = values![
            invitation.id,
            &invitation.token_hash,
            invitation.created_by,
            invitation.created_at,
            invitation.expires_at,
        ];
        self.db.execute(&INSERT, row).await?;
        Ok(())
    }

    /// All invitations, newest first; used and ended ones too.
    pub async fn invitations(&self) -> Result<Vec<InvitationRecord>, StoreError> {
        let rows = self.db.all(&LIST, values![]).await?;
        rows.iter().map(invitation_of).collect()
    }

    /// Takes an invitation back. False if it does not exist or was used: that one is history.
    pub async fn revoke_invitation(&self, id: InvitationId) -> Result<bool, StoreError> {
        Ok(self.db.execute(&REVOKE, values![id]).await? == 1)
    }

    /// Whether somebody could register with it now. A hint for the page; registering decides.
    pub async fn invitation_is_valid(&self, token_hash: &[u8; 32], now: Millis) -> Result<bool, StoreError> {
        Ok(self
            .db
            .optional(&VALID, values![token_hash, now])
            .await?
            .is_some())
    }
}

fn invitation_of(row: &Row) -> Result<InvitationRecord, StoreError> {
    Ok(InvitationRecord {
        id: row.parsed("id")?,
        created_by: row.parsed("created_by")?,
        created_at: row.millis("created_at")?,
        expires_at: row.millis("expires_at")?,
        used_at: row.optional_millis("used_at")?,
    })
}
