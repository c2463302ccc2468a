//! Everything that is sealed under a root secret, listed once: what stands in [`SEALED`] is what a change of the
//! root secret reaches. A test compares the list with the schema. It can open nothing.

use marshmallow_core::{KeyId, Provider, UserId};

use crate::{
    AuditEntry, SealedKey, Store, StoreError, audit,
    db::{Row, Sql, statements, values},
    keys::sealed_of,
};

/// A table with sealed columns, and how to walk through it.
pub struct SealedTable {
    /// Its name.
    pub name: &'static str,
    /// The columns that depend on the root secret: sealed bytes, what opens them, and keyed hashes.
    pub columns: &'static [&'static str],
    page: &'static Sql,
    page_of_others: &'static Sql,
    rewrap: &'static Sql,
    counts: &'static Sql,
}

/// All tables with sealed columns.
pub const SEALED: &[SealedTable] = &[SealedTable {
    name: "provider_keys",
    columns: &[
        "key_cipher",
        "iv",
        "wrapped_dek",
        "dek_iv",
        "kek_id",
        "format",
        "key_hash",
    ],
    page: &KEYS,
    page_of_others: &KEYS_UNDER_OTHERS,
    rewrap: &REWRAP_KEY,
    counts: &KEY_COUNTS,
}];

/// A row with something sealed, and all that it takes to open it but the root secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedRow {
    /// Whose it is.
    pub user: UserId,
    /// The salt of their KEK.
    pub kek_salt: [u8; 16],
    /// Which row.
    pub id: KeyId,
    /// Whose key it is.
    pub provider: Provider,
    /// The only address to which it is ever sent.
    pub base_url: String,
    /// What is sealed.
    pub sealed: SealedKey,
}

/// The same row wrapped anew.
pub struct Rewrapped {
    /// The row as it was read. Where it has changed since, it stays as it is.
    pub from: SealedRow,
    /// What is sealed, under another root secret.
    pub to: SealedKey,
    /// The fingerprint under the other root secret.
    pub key_hash: [u8; 32],
    /// The entry for its owner.
    pub entry: AuditEntry,
}

/// Rows and people under one root secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedCount {
    /// The root secret's public id.
    pub kek_id: String,
    /// Rows.
    pub rows: u64,
    /// Their owners.
    pub people: u64,
}

statements! {
    /// Everybody's, for the operator's change of the root secret.
    KEYS on "provider_keys" =
        "SELECT k.user_id, u.kek_salt, k.id, k.provider, k.base_url, k.key_cipher, k.iv, k.wrapped_dek, k.dek_iv,
                k.kek_id, k.format
           FROM provider_keys k JOIN users u ON u.id = k.user_id
          WHERE (k.user_id, k.id) > ($1, $2) ORDER BY k.user_id, k.id LIMIT $3";
    KEYS_UNDER_OTHERS on "provider_keys" =
        "SELECT k.user_id, u.kek_salt, k.id, k.provider, k.base_url, k.key_cipher, k.iv, k.wrapped_dek, k.dek_iv,
                k.kek_id, k.format
           FROM provider_keys k JOIN users u ON u.id = k.user_id
          WHERE (k.user_id, k.id) > ($1, $2) AND k.kek_id <> $4 ORDER BY k.user_id, k.id LIMIT $3";
    /// Where the owner has added the same key again meanwhile, that row has the new fingerprint already.
    REWRAP_KEY on "provider_keys" =
        "UPDATE provider_keys
            SET wrapped_dek = $5, dek_iv = $6, kek_id = $7,
                key_hash = CASE WHEN EXISTS (SELECT 1 FROM provider_keys WHERE user_id = $1 AND key_hash = $8)
                                THEN key_hash ELSE $8 END
          WHERE user_id = $1 AND id = $2 AND kek_id = $3 AND wrapped_dek = $4";
    KEY_COUNTS on "provider_keys" =
        "SELECT kek_id, COUNT(*) AS row_count, COUNT(DISTINCT user_id) AS people
           FROM provider_keys GROUP BY kek_id ORDER BY kek_id";
}

impl Store {
    /// Some rows of a table, behind the row `after`; with `unless_under`, without those under that root secret.
    pub async fn sealed_rows(
        &self,
        table: &SealedTable,
        after: Option<(UserId, KeyId)>,
        unless_under: Option<&str>,
        limit: usize,
    ) -> Result<Vec<SealedRow>, StoreError> {
        let (user, id) = after.map_or_else(Default::default, |(user, id)| (user.to_string(), id.to_string()));
        let rows = match unless_under {
            Some(kek_id) => {
                let values = values![&user, &id, limit, kek_id];
                self.db.all(table.page_of_others, values).await?
            }
            None => self.db.all(table.page, values![&user, &id, limit]).await?,
        };
        rows.iter().map(row_of).collect()
    }

    /// Stores rows that were wrapped anew, each with its audit entry, all in one transaction, and says how many
    /// were still as they had been read.
    pub async fn rewrap(&self, table: &SealedTable, rows: &[Rewrapped]) -> Result<u64, StoreError> {
        let mut tx = self.db.begin().await?;
        let mut done = Vec::with_capacity(rows.len());
        for row in rows {
            let change = values![
                row.from.user,
                row.from.id,
                &row.from.sealed.kek_id,
                row.from.sealed.wrapped_dek.as_slice(),
                row.to.wrapped_dek.as_slice(),
                &row.to.dek_iv,
                &row.to.kek_id,
                &row.key_hash,
            ];
            if tx.execute(table.rewrap, change).await? == 1 {
                done.push(&row.entry);
            }
        }
        // After all rows: a turn that ends locks its key before its owner's chain, too.
        for entry in &done {
            audit::write(&mut tx, entry).await?;
        }
        tx.commit().await?;
        Ok(done.len() as u64)
    }

    /// How much of a table is sealed under which root secret.
    pub async fn sealed_counts(&self, table: &SealedTable) -> Result<Vec<SealedCount>, StoreError> {
        let rows = self.db.all(table.counts, values![]).await?;
        rows.iter()
            .map(|row| {
                Ok(SealedCount {
                    kek_id: row.text("kek_id")?,
                    rows: row.number("row_count")?,
                    people: row.number("people")?,
                })
            })
            .collect()
    }

    /// From here on, what this connection commits survives a power cut too: a root secret may be dropped only
    /// after that.
    pub async fn commit_to_disk(&self) -> Result<(), StoreError> {
        self.db.commit_to_disk().await
    }

    /// Wipes what overwritten rows leave in SQLite's write-ahead log.
    pub async fn wipe_log(&self) {
        self.db.wipe_log().await;
    }
}

fn row_of(row: &Row) -> Result<SealedRow, StoreError> {
    Ok(SealedRow {
        user: row.parsed("user_id")?,
        kek_salt: row.array("kek_salt")?,
        id: row.parsed("id")?,
        provider: Provider::from_slug(&row.text("provider")?).ok_or_else(|| row.inconsistent("provider"))?,
        base_url: row.text("base_url")?,
        sealed: sealed_of(row)?,
    })
}
