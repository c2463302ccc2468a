//! Root entries: from time to time one of them names the heads of all chains that moved, so that no chain can be
//! dropped or cut unnoticed. It refuses to know when: the moment and the pause between two come in.

use marshmallow_core::{AuditAction, AuditHead, AuditRoot, ChainEntry, FIRST_PREV, Millis, ROOTS_CHAIN};

use crate::{
    Store, StoreError,
    audit::{Content, append, read::head_of},
    db::{statements, values},
};

statements! {
    /// Changes nothing, and makes servers that write a root entry at the same moment wait for each other.
    LOCK on "audit_heads" = "UPDATE audit_heads SET seq = seq WHERE chain = $1 RETURNING seq, at";
    BEGIN on "audit_heads" =
        "INSERT INTO audit_heads (chain, seq, at, hash) VALUES ($1, 0, 0, $2) ON CONFLICT (chain) DO NOTHING";
    MOVED on "audit_heads" =
        "SELECT h.chain, h.seq, h.hash FROM audit_heads h LEFT JOIN audit_rooted r ON r.chain = h.chain
          WHERE h.chain <> $1 AND h.seq > COALESCE(r.seq, 0) ORDER BY h.chain";
    SET_ROOTED on "audit_rooted" =
        "INSERT INTO audit_rooted (chain, seq) VALUES ($1, $2) ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq";
}

impl Store {
    /// Writes a root entry, unless the last one is younger than `interval_ms` or nothing happened since.
    pub async fn write_audit_root(
        &self,
        now: Millis,
        interval_ms: i64,
    ) -> Result<Option<ChainEntry>, StoreError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&BEGIN, values![ROOTS_CHAIN, FIRST_PREV]).await?;
        let Some(last) = tx.optional(&LOCK, values![ROOTS_CHAIN]).await? else {
            return Ok(None);
        };
        if last.int("seq")? > 0 && now.since(last.millis("at")?) < interval_ms {
            return Ok(None);
        }
        let moved = tx.all(&MOVED, values![ROOTS_CHAIN]).await?;
        let heads: Vec<AuditHead> = moved.iter().map(head_of).collect::<Result<_, _>>()?;
        if heads.is_empty() {
            return Ok(None);
        }
        for head in &heads {
            tx.execute(&SET_ROOTED, values![&head.chain, head.seq]).await?;
        }
        let detail = serde_json::to_string(&AuditRoot { heads }).unwrap_or_default();
        let content = Content {
            at: now,
            user: None,
            action: AuditAction::AuditRooted.slug(),
            subject: None,
            detail: &detail,
        };
        let root = append(&mut tx, ROOTS_CHAIN.to_owned(), content).await?;
        tx.commit().await?;
        Ok(Some(root))
    }
}
