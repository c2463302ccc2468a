//! Reading the trail: a person's own entries, everyone's for administrators, and whole chains to be verified.
//! That only administrators ask for everyone's is `service`'s to see to.

use marshmallow_core::{AuditCursor, AuditFilter, AuditHead, AuditKind, ChainEntry, Millis, UserId};

use crate::{
    Store, StoreError,
    db::{Row, Value, statements, values},
};

/// A stored entry for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its place; within a chain, later entries have higher numbers.
    pub cursor: AuditCursor,
    /// The slug of what was done.
    pub action: String,
    /// The id of what it was done to.
    pub subject: Option<String>,
    /// More about it: a JSON object as text.
    pub detail: String,
    /// Name and e-mail address of who did it, where everyone's entries were asked for and the account still exists.
    pub person: Option<(String, String)>,
}

statements! {
    OWN on "audit" =
        "SELECT chain, seq, at, action, subject, detail FROM audit
          WHERE user_id = $1 AND seq < $2 AND ($3 = '' OR substr(action, 1, length($3)) = $3)
            AND ($4 = '' OR subject = $4) AND at >= $5
          ORDER BY seq DESC LIMIT $6";
    EVERYONE on "audit" =
        "SELECT a.chain, a.seq, a.at, a.action, a.subject, a.detail, u.name, u.email
           FROM audit a LEFT JOIN users u ON u.id = a.user_id
          WHERE (a.at, a.seq, a.chain) < ($1, $2, $6) AND ($3 = '' OR substr(a.action, 1, length($3)) = $3)
            AND ($4 = '' OR a.subject = $4) AND a.at >= $5
          ORDER BY a.at DESC, a.seq DESC, a.chain DESC LIMIT $7";
    CHAIN on "audit" =
        "SELECT chain, seq, format, at, user_id, action, subject, detail, prev, hash FROM audit
          WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    CHAINS on "audit" =
        "SELECT chain FROM audit_heads UNION SELECT chain FROM audit ORDER BY chain";
    HEAD on "audit_heads" = "SELECT chain, seq, hash FROM audit_heads WHERE chain = $1";
    HEADS on "audit_heads" = "SELECT chain, seq, hash FROM audit_heads WHERE seq > 0 ORDER BY chain";
}

impl Store {
    /// What a person did, newest first, before entry `before` of their chain.
    pub async fn audit_of(
        &self,
        user: UserId,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let mut values = values![user, before.unwrap_or(i64::MAX)];
        values.extend(filter_values(filter));
        values.push(limit.into());
        let rows = self.db.all(&OWN, values).await?;
        rows.iter().map(|row| record_of(row, None)).collect()
    }

    /// What everyone did and what belongs to nobody, newest first, before `before`.
    pub async fn audit_of_everyone(
        &self,
        filter: &AuditFilter,
        before: Option<&AuditCursor>,
        limit: usize,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let (at, seq, chain) = before.map_or((Millis(i64::MAX), i64::MAX, ""), |cursor| {
            (cursor.at, cursor.seq, cursor.chain.as_str())
        });
        let mut values = values![at, seq];
        values.extend(filter_values(filter));
        values.extend(values![chain, limit]);
        let rows = self.db.all(&EVERYONE, values).await?;
        rows.iter()
            .map(|row| {
                let person = row.optional_text("name")?.zip(row.optional_text("email")?);
                record_of(row, person)
            })
            .collect()
    }

    /// Entries of one chain in their order, behind number `after`; of whoever's, to be verified. `i64::MIN` begins before
    /// the first one, also where somebody put one before it.
    pub async fn audit_chain(
        &self,
        chain: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<ChainEntry>, StoreError> {
        let rows = self.db.all(&CHAIN, values![chain, after, limit]).await?;
        rows.iter().map(entry_of).collect()
    }

    /// The names of all chains that have an entry or a head.
    pub async fn audit_chains(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.db.all(&CHAINS, values![]).await?;
        rows.iter().map(|row| row.text("chain")).collect()
    }

    /// The stored head of a chain.
    pub async fn audit_head(&self, chain: &str) -> Result<Option<AuditHead>, StoreError> {
        let row = self.db.optional(&HEAD, values![chain]).await?;
        row.as_ref().map(head_of).transpose()
    }

    /// The stored heads of all chains, as they were at one moment.
    pub async fn audit_heads(&self) -> Result<Vec<AuditHead>, StoreError> {
        let rows = self.db.all(&HEADS, values![]).await?;
        rows.iter().map(head_of).collect()
    }
}

fn filter_values(filter: &AuditFilter) -> Vec<Value> {
    let prefix = filter.kind.map_or(String::new(), prefix_of);
    let key = filter.key.map(|key| key.to_string()).unwrap_or_default();
    values![&prefix, &key, filter.since.unwrap_or(Millis(i64::MIN))]
}

fn prefix_of(kind: AuditKind) -> String {
    format!("{}.", kind.slug())
}

fn record_of(row: &Row, person: Option<(String, String)>) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        cursor: AuditCursor {
            at: row.millis("at")?,
            seq: row.int("seq")?,
            chain: row.text("chain")?,
        },
        action: row.text("action")?,
        subject: row.optional_text("subject")?,
        detail: row.text("detail")?,
        person,
    })
}

fn entry_of(row: &Row) -> Result<ChainEntry, StoreError> {
    Ok(ChainEntry {
        format: row.int("format")?,
        chain: row.text("chain")?,
        seq: row.int("seq")?,
        at: row.millis("at")?,
        user: row.optional_text("user_id")?,
        action: row.text("action")?,
        subject: row.optional_text("subject")?,
        detail: row.text("detail")?,
        prev: row.text("prev")?,
        hash: row.text("hash")?,
    })
}

pub(super) fn head_of(row: &Row) -> Result<AuditHead, StoreError> {
    Ok(AuditHead {
        chain: row.text("chain")?,
        seq: row.int("seq")?,
        hash: row.text("hash")?,
    })
}
