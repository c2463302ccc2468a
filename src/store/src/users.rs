//! Accounts. Who becomes administrator and who is let in is decided here, inside the transaction that counts.
//! It knows password hashes as text and salts as bytes; it can make neither.

use marshmallow_core::{AuditAction, AuditDetail, Millis, Role, SessionId, UserId};

use crate::{
    AuditEntry, Store, StoreError, audit,
    db::{Row, Tx, statements, values},
};

/// An account to be made.
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// The e-mail address as typed; unique whatever its case.
    pub email: String,
    /// The name that they go by.
    pub name: String,
    /// The password's hash in PHC format.
    pub password_hash: String,
    /// The salt from which the person's KEK is derived.
    pub kek_salt: [u8; 16],
    /// The present moment.
    pub created_at: Millis,
}

/// On what ground somebody registers. The first account of all needs none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Registration is open.
    Open,
    /// By an invitation, which this uses up.
    Invitation {
        /// SHA-256 of the invitation's token.
        token_hash: [u8; 32],
    },
    /// Nobody is let in.
    Closed,
}

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// An account with this e-mail address exists.
    #[error("an account with this e-mail address exists")]
    EmailTaken,
    /// The invitation does not exist, was used, or is over.
    #[error("the invitation is not valid")]
    InvitationInvalid,
    /// Registration is closed.
    #[error("registration is closed")]
    Closed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A stored account.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// Its id.
    pub id: UserId,
    /// The e-mail address as typed.
    pub email: String,
    /// The name that they go by.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The password's hash in PHC format.
    pub password_hash: String,
    /// The salt from which their KEK is derived.
    pub kek_salt: [u8; 16],
    /// When they registered.
    pub created_at: Millis,
    /// The model that they last chose.
    pub preferred_model: Option<String>,
}

statements! {
    CLAIM on "installation" = "UPDATE installation SET first_user = $1 WHERE id = 1 AND first_user IS NULL";
    USE_INVITATION on "invitations" =
        "UPDATE invitations SET used_at = $2, used_by = $3
          WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    INSERT on "users" =
        "INSERT INTO users (id, email, email_lower, name, role, password_hash, kek_salt, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (email_lower) DO NOTHING";
    BY_EMAIL on "users" =
        "SELECT id, email, name, role, password_hash, kek_salt, created_at, preferred_model
           FROM users WHERE email_lower = $1";
    BY_ID on "users" =
        "SELECT id, email, name, role, password_hash, kek_salt, created_at, preferred_model
           FROM users WHERE id = $1";
    SET_PASSWORD on "users" = "UPDATE users SET password_hash = $2 WHERE id = $1";
    END_OTHER_SESSIONS on "sessions" = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    SET_MODEL on "users" = "UPDATE users SET preferred_model = $2 WHERE id = $1";
    COUNT on "users" = "SELECT COUNT(*) AS count FROM users";
}

impl Store {
    /// Makes an account and says its role. The first of all becomes administrator, whatever the admission; an
    /// invitation is used up in the same transaction.
    pub async fn create_user(&self, user: NewUser, admission: Admission) -> Result<Role, CreateUserError> {
        let mut tx = self.db.begin().await?;
        let is_first = tx.execute(&CLAIM, values![user.id]).await? == 1;
        if !is_first {
            admit(&mut tx, &user, admission).await?;
        }
        let role = if is_first { Role::Administrator } else { Role::User };
        let row = values![
            user.id,
            &user.email,
            &user.email.to_lowercase(),
            &user.name,
            role.slug(),
            &user.password_hash,
            &user.kek_salt,
            user.created_at,
        ];
        if tx.execute(&INSERT, row).await? == 0 {
            return Err(CreateUserError::EmailTaken);
        }
        let detail = AuditDetail {
            role: Some(role),
            ..AuditDetail::default()
        };
        let entry = AuditEntry {
            at: user.created_at,
            user: Some(user.id),
            action: AuditAction::AccountCreated,
            subject: None,
            detail: detail.to_json(),
        };
        audit::write(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(role)
    }

    /// The account of an e-mail address, whatever its case.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<UserRecord>, StoreError> {
        let row = self
            .db
            .optional(&BY_EMAIL, values![&email.to_lowercase()])
            .await?;
        row.as_ref().map(user_of).transpose()
    }

    /// The account itself.
    pub async fn user(&self, user: UserId) -> Result<Option<UserRecord>, StoreError> {
        let row = self.db.optional(&BY_ID, values![user]).await?;
        row.as_ref().map(user_of).transpose()
    }

    /// Stores a new password hash and ends all sessions but `keep_session`. False if there is no such account.
    pub async fn set_password(
        &self,
        user: UserId,
        password_hash: &str,
        keep_session: Option<SessionId>,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        if tx.execute(&SET_PASSWORD, values![user, password_hash]).await? == 0 {
            return Ok(false);
        }
        // No session has an empty id, so that none is kept where none is named.
        let kept = keep_session.map(|id| id.to_string()).unwrap_or_default();
        tx.execute(&END_OTHER_SESSIONS, values![user, &kept]).await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Remembers the model that somebody chose.
    pub async fn set_preferred_model(&self, user: UserId, model: Option<&str>) -> Result<(), StoreError> {
        self.db.execute(&SET_MODEL, values![user, model]).await?;
        Ok(())
    }

    /// How many accounts there are.
    pub async fn user_count(&self) -> Result<u64, StoreError> {
        let row = self.db.optional(&COUNT, values![]).await?;
        row.map_or(Ok(0), |row| row.number("count"))
    }
}

async fn admit(tx: &mut Tx, user: &NewUser, admission: Admission) -> Result<(), CreateUserError> {
    match admission {
        Admission::Open => Ok(()),
        Admission::Closed => Err(CreateUserError::Closed),
        Admission::Invitation { token_hash } => {
            let used = values![&token_hash, user.created_at, user.id];
            if tx.execute(&USE_INVITATION, used).await? == 1 {
                Ok(())
            } else {
                Err(CreateUserError::InvitationInvalid)
            }
        }
    }
}

/// Reads an account from a row that has its columns under their own names.
pub(crate) fn user_of(row: &Row) -> Result<UserRecord, StoreError> {
    Ok(UserRecord {
        id: row.parsed("id")?,
        email: row.text("email")?,
        name: row.text("name")?,
        role: Role::from_slug(&row.text("role")?),
        password_hash: row.text("password_hash")?,
        kek_salt: row.array("kek_salt")?,
        created_at: row.millis("created_at")?,
        preferred_model: row.optional_text("preferred_model")?,
    })
}
