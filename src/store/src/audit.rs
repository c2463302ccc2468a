//! The audit trail: written in the transaction of what it records, and never changed (the schema sees to it).
//! It refuses to know what entries mean; `detail` is whatever JSON its writer chose, and never holds a secret.

use marshmallow_core::{Millis, UserId};

use crate::{
    Store, StoreError,
    db::{Row, Tx, statements, values},
};

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it happened.
    pub at: Millis,
    /// Who did it.
    pub user: Option<UserId>,
    /// What was done, as in "key.added".
    pub action: &'static str,
    /// The id of what it was done to.
    pub subject: Option<String>,
    /// More about it: a JSON object as text.
    pub detail: String,
}

/// A stored entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number; later entries have higher ones.
    pub id: i64,
    /// When it happened.
    pub at: Millis,
    /// What was done.
    pub action: String,
    /// The id of what it was done to.
    pub subject: Option<String>,
    /// More about it: a JSON object as text.
    pub detail: String,
}

statements! {
    INSERT on "audit" = "INSERT INTO audit (at, user_id, action, subject, detail) VALUES ($1, $2, $3, $4, $5)";
    LIST on "audit" =
        "SELECT id, at, action, subject, detail FROM audit WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

/// Writes an entry as a part of a transaction.
pub(crate) async fn write(tx: &mut Tx, entry: &AuditEntry) -> Result<(), StoreError> {
    let row = values![entry.at, entry.user, entry.action, &entry.subject, &entry.detail];
    tx.execute(&INSERT, row).await?;
    Ok(())
}

impl Store {
    /// Writes an entry about something that changes no other row.
    pub async fn record(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        write(&mut tx, entry).await?;
        tx.commit().await
    }

    /// What a person did, newest first, older than entry `before`.
    pub async fn audit_of(
        &self,
        user: UserId,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let rows = self
            .db
            .all(&LIST, values![user, before.unwrap_or(i64::MAX), limit])
            .await?;
        rows.iter().map(entry_of).collect()
    }
}

fn entry_of(row: &Row) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        id: row.int("id")?,
        at: row.millis("at")?,
        action: row.text("action")?,
        subject: row.optional_text("subject")?,
        detail: row.text("detail")?,
    })
}
