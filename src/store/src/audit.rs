//! The audit trail: entries in hash chains, written in the transaction of what they record, and never changed (the
//! schema sees to it). It refuses to know what entries mean; `detail` is JSON of its writer's, and never holds a secret.

pub(crate) mod adopt;
pub(crate) mod read;
pub(crate) mod roots;

use marshmallow_core::{AUDIT_FORMAT, AuditAction, ChainEntry, FIRST_PREV, Millis, UserId, chain_of};

pub use self::read::AuditRecord;
use crate::{
    Store, StoreError,
    db::{Tx, statements, values},
};

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it happened.
    pub at: Millis,
    /// Who did it; the entry joins this person's chain, or the installation's where there is nobody.
    pub user: Option<UserId>,
    /// What was done.
    pub action: AuditAction,
    /// The id of what it was done to.
    pub subject: Option<String>,
    /// More about it: a JSON object as text, as of [`marshmallow_core::AuditDetail`].
    pub detail: String,
}

statements! {
    /// Makes writers of one chain wait for each other.
    ADVANCE on "audit_heads" =
        "UPDATE audit_heads SET seq = seq + 1 WHERE chain = $1 RETURNING seq, hash";
    BEGIN_CHAIN on "audit_heads" =
        "INSERT INTO audit_heads (chain, seq, at, hash) VALUES ($1, 0, 0, $2) ON CONFLICT (chain) DO NOTHING";
    SET_HEAD on "audit_heads" = "UPDATE audit_heads SET at = $2, hash = $3 WHERE chain = $1";
    INSERT on "audit" =
        "INSERT INTO audit (chain, seq, format, at, user_id, action, subject, detail, prev, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
}

/// What a chain gets next: everything of an entry but its place.
struct Content<'a> {
    at: Millis,
    user: Option<UserId>,
    action: &'a str,
    subject: Option<&'a str>,
    detail: &'a str,
}

/// Writes an entry as a part of a transaction. Call it last there: until the transaction ends, others who write to
/// the same chain wait.
pub(crate) async fn write(tx: &mut Tx, entry: &AuditEntry) -> Result<(), StoreError> {
    let content = Content {
        at: entry.at,
        user: entry.user,
        action: entry.action.slug(),
        subject: entry.subject.as_deref(),
        detail: &entry.detail,
    };
    append(tx, chain_of(entry.user), content).await?;
    Ok(())
}

/// Adds an entry to the end of a chain.
async fn append(tx: &mut Tx, chain: String, content: Content<'_>) -> Result<ChainEntry, StoreError> {
    let head = match tx.optional(&ADVANCE, values![&chain]).await? {
        Some(head) => head,
        None => {
            tx.execute(&BEGIN_CHAIN, values![&chain, FIRST_PREV]).await?;
            let begun = tx.optional(&ADVANCE, values![&chain]).await?;
            begun.ok_or(StoreError::Inconsistent {
                table: "audit_heads",
                column: "chain",
            })?
        }
    };
    // The store keeps no NUL characters, so the hash must not cover any.
    let kept = |text: &str| text.replace('\0', "");
    let mut entry = ChainEntry {
        format: AUDIT_FORMAT,
        chain,
        seq: head.int("seq")?,
        at: content.at,
        user: content.user.map(|user| user.to_string()),
        action: kept(content.action),
        subject: content.subject.map(kept),
        detail: kept(content.detail),
        prev: head.text("hash")?,
        hash: String::new(),
    };
    entry.hash = entry.derive_hash().unwrap_or_default();
    let row = values![
        &entry.chain,
        entry.seq,
        entry.format,
        entry.at,
        &entry.user,
        &entry.action,
        &entry.subject,
        &entry.detail,
        &entry.prev,
        &entry.hash,
    ];
    tx.execute(&INSERT, row).await?;
    tx.execute(&SET_HEAD, values![&entry.chain, entry.at, &entry.hash])
        .await?;
    Ok(entry)
}

impl Store {
    /// Writes an entry about something that changes no other row.
    pub async fn record(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.record_all(std::slice::from_ref(entry)).await
    }

    /// Writes several such entries, all or none.
    pub async fn record_all(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        for entry in entries {
            write(&mut tx, entry).await?;
        }
        tx.commit().await
    }
}
