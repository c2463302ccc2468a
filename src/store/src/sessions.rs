//! Signed-in browsers. It knows the hash of a session's token, never the token.

use marshmallow_core::{Millis, SessionId, UserId};

use crate::{
    AuditEntry, Store, StoreError, UserRecord, audit,
    db::{statements, values},
    users::user_of,
};

/// A session to be made.
pub struct NewSession {
    /// Its id, which may be shown.
    pub id: SessionId,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// Whose it is.
    pub user: UserId,
    /// The present moment.
    pub created_at: Millis,
    /// When it ends unless it is used.
    pub expires_at: Millis,
    /// The browser's own description of itself.
    pub user_agent: String,
    /// The network address at sign-in.
    pub address: String,
}

/// A stored session, without its token's hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When it signed in.
    pub created_at: Millis,
    /// When it was last touched.
    pub last_seen: Millis,
    /// When it ends unless it is used.
    pub expires_at: Millis,
    /// The browser's own description of itself.
    pub user_agent: String,
    /// The network address at sign-in.
    pub address: String,
}

statements! {
    INSERT on "sessions" =
        "INSERT INTO sessions (id, token_hash, user_id, created_at, last_seen, expires_at, user_agent, address)
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7)";
    BY_TOKEN on "sessions" =
        "SELECT s.id AS session_id, s.user_id, s.created_at AS session_created_at, s.last_seen, s.expires_at,
                s.user_agent, s.address,
                u.id, u.email, u.name, u.role, u.password_hash, u.kek_salt, u.created_at, u.preferred_model
           FROM sessions s JOIN users u ON u.id = s.user_id
          WHERE s.token_hash = $1 AND s.expires_at > $2";
    TOUCH on "sessions" = "UPDATE sessions SET last_seen = $3, expires_at = $4 WHERE user_id = $1 AND id = $2";
    LIST on "sessions" =
        "SELECT id AS session_id, user_id, created_at AS session_created_at, last_seen, expires_at, user_agent,
                address
           FROM sessions WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen DESC, id DESC";
    REVOKE on "sessions" = "DELETE FROM sessions WHERE user_id = $1 AND id = $2";
    REVOKE_OTHERS on "sessions" = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    SWEEP on "sessions" = "DELETE FROM sessions WHERE expires_at <= $1";
}

impl Store {
    /// Stores a session and its audit entry.
    pub async fn create_session(&self, session: NewSession, entry: &AuditEntry) -> Result<(), StoreError> {
        let row = values![
            session.id,
            &session.token_hash,
            session.user,
            session.created_at,
            session.expires_at,
            &session.user_agent,
            &session.address,
        ];
        let mut tx = self.db.begin().await?;
        tx.execute(&INSERT, row).await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await
    }

    /// The session of a token and the person whose it is, unless it is over.
    pub async fn session(
        &self,
        token_hash: &[u8; 32],
        now: Millis,
    ) -> Result<Option<(SessionRecord, UserRecord)>, StoreError> {
        let row = self.db.optional(&BY_TOKEN, values![token_hash, now]).await?;
        row.map(|row| Ok((session_of(&row)?, user_of(&row)?))).transpose()
    }

    /// Notes that a session was used and moves its end. False if it is not the person's.
    pub async fn touch_session(
        &self,
        user: UserId,
        id: SessionId,
        now: Millis,
        expires_at: Millis,
    ) -> Result<bool, StoreError> {
        let touched = self
            .db
            .execute(&TOUCH, values![user, id, now, expires_at])
            .await?;
        Ok(touched == 1)
    }

    /// A person's sessions that are not over, last seen first.
    pub async fn sessions(&self, user: UserId, now: Millis) -> Result<Vec<SessionRecord>, StoreError> {
        let rows = self.db.all(&LIST, values![user, now]).await?;
        rows.iter().map(session_of).collect()
    }

    /// Ends one session. False if it is not the person's.
    pub async fn revoke_session(&self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.db.execute(&REVOKE, values![user, id]).await? == 1)
    }

    /// Ends all of a person's sessions but one, and counts them.
    pub async fn revoke_other_sessions(&self, user: UserId, keep: SessionId) -> Result<u64, StoreError> {
        self.db.execute(&REVOKE_OTHERS, values![user, keep]).await
    }

    /// Deletes everybody's sessions that are over, and counts them.
    pub async fn sweep_sessions(&self, now: Millis) -> Result<u64, StoreError> {
        self.db.execute(&SWEEP, values![now]).await
    }
}

fn session_of(row: &crate::db::Row) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        id: row.parsed("session_id")?,
        user: row.parsed("user_id")?,
        created_at: row.millis("session_created_at")?,
        last_seen: row.millis("last_seen")?,
        expires_at: row.millis("expires_at")?,
        user_agent: row.text("user_agent")?,
        address: row.text("address")?,
    })
}
