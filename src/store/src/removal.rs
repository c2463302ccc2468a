//! Taking away all that somebody has: their keys at once, or the account with everything in it.
//! Audit entries stay. It knows nothing of why.

use marshmallow_core::{KeyId, Role, UserId};

use crate::{
    AuditEntry, Store, StoreError, audit,
    db::{Sql, Tx, statements, values},
};

/// Why an account was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    /// Nobody else could administer the installation.
    #[error("this is the last administrator")]
    LastAdministrator,
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

statements! {
    SWITCH_OFF_ALL on "provider_keys" =
        "UPDATE provider_keys SET is_active = FALSE WHERE user_id = $1 AND is_active RETURNING id";
    REMOVE_ALL on "provider_keys" = "DELETE FROM provider_keys WHERE user_id = $1 RETURNING id";
    /// Those of keys; what is set for all keys together stays.
    FORGET_BUDGETS on "budgets" =
        "DELETE FROM budgets WHERE user_id = $1 AND subject NOT IN ('account', 'platform')";
    STOP_ALL on "generations" = "UPDATE generations SET stop_requested = TRUE WHERE user_id = $1";
    /// Changes nothing, and makes administrators who leave at the same moment wait for each other.
    LOCK on "installation" = "UPDATE installation SET first_user = first_user WHERE id = 1";
    ROLE on "users" = "SELECT role FROM users WHERE id = $1";
    /// Who takes the place of the first account, which is never empty again: else the next one to register would
    /// become administrator.
    HEIR on "users" =
        "SELECT id FROM users WHERE role = 'administrator' AND id <> $1 ORDER BY created_at, id LIMIT 1";
    INHERIT on "installation" = "UPDATE installation SET first_user = $2 WHERE id = 1 AND first_user = $1";
    /// Running answers go first, in the order in which finishing one takes its locks.
    END_GENERATIONS on "generations" = "DELETE FROM generations WHERE user_id = $1";
    /// Takes sessions, invitations, keys, conversations and usage with it.
    DELETE on "users" = "DELETE FROM users WHERE id = $1";
}

impl Store {
    /// Switches all of a person's keys off, and says which were on. `entry` is written for each.
    pub async fn switch_all_keys_off(
        &self,
        user: UserId,
        entry: &AuditEntry,
    ) -> Result<Vec<KeyId>, StoreError> {
        let mut tx = self.db.begin().await?;
        let switched = change_all_keys(&mut tx, &SWITCH_OFF_ALL, user, entry).await?;
        tx.commit().await?;
        Ok(switched)
    }

    /// Deletes all of a person's keys and their budgets, as [`Store::remove_key`] deletes one, and says which there
    /// were. `entry` is written for each.
    pub async fn remove_all_keys(&self, user: UserId, entry: &AuditEntry) -> Result<Vec<KeyId>, StoreError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&FORGET_BUDGETS, values![user]).await?;
        let removed = change_all_keys(&mut tx, &REMOVE_ALL, user, entry).await?;
        tx.commit().await?;
        self.db.wipe_log().await;
        Ok(removed)
    }

    /// Asks the writers of all of a person's answers to stop.
    pub async fn request_stop_of_all(&self, user: UserId) -> Result<(), StoreError> {
        self.db.execute(&STOP_ALL, values![user]).await?;
        Ok(())
    }

    /// Deletes an account with all that belongs to it, but for its audit entries.
    pub async fn delete_user(&self, user: UserId, entry: &AuditEntry) -> Result<(), DeleteUserError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&LOCK, values![]).await?;
        let role = tx.optional(&ROLE, values![user]).await?;
        let role = role.ok_or(DeleteUserError::NotFound)?.text("role")?;
        let heir = tx.optional(&HEIR, values![user]).await?;
        match heir.map(|row| row.parsed::<UserId>("id")).transpose()? {
            Some(heir) => {
                tx.execute(&INHERIT, values![user, heir]).await?;
            }
            None if Role::from_slug(&role) == Role::Administrator => {
                return Err(DeleteUserError::LastAdministrator);
            }
            None => {}
        }
        tx.execute(&END_GENERATIONS, values![user]).await?;
        tx.execute(&DELETE, values![user]).await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        self.db.wipe_log().await;
        Ok(())
    }
}

async fn change_all_keys(
    tx: &mut Tx,
    sql: &'static Sql,
    user: UserId,
    entry: &AuditEntry,
) -> Result<Vec<KeyId>, StoreError> {
    let rows = tx.all(sql, values![user]).await?;
    let changed: Vec<KeyId> = rows
        .iter()
        .map(|row| row.parsed("id"))
        .collect::<Result<_, _>>()?;
    for id in &changed {
        let of_key = AuditEntry {
            subject: Some(id.to_string()),
            ..entry.clone()
        };
        audit::write(tx, &of_key).await?;
    }
    Ok(changed)
}
