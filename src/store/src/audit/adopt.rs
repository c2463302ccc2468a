//! Entries from before there were chains: they join the chains when the store is opened, in their old order.
//! It refuses to vouch for them: what was done to them before that moment, no hash can show.

use crate::{
    StoreError,
    audit::{Content, append},
    db::{Db, statements, values},
};
use marshmallow_core::chain_of;

statements! {
    TAKE on "audit_unchained" =
        "DELETE FROM audit_unchained RETURNING id, at, user_id, action, subject, detail";
    HAS_OLD on "audit_unchained" = "SELECT id FROM audit_unchained LIMIT 1";
}

/// Moves all old entries into the chains, or none. Of several servers that start at once, one does it.
pub(crate) async fn adopt(db: &Db) -> Result<(), StoreError> {
    if db.optional(&HAS_OLD, values![]).await?.is_none() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    let mut rows = Vec::new();
    for row in tx.all(&TAKE, values![]).await? {
        rows.push((row.int("id")?, row));
    }
    rows.sort_by_key(|(id, _)| *id);
    for (_, row) in &rows {
        let user = row.optional_parsed("user_id")?;
        let (action, detail) = (row.text("action")?, row.text("detail")?);
        let subject = row.optional_text("subject")?;
        let content = Content {
            at: row.millis("at")?,
            user,
            action: &action,
            subject: subject.as_deref(),
            detail: &detail,
        };
        append(&mut tx, chain_of(user), content).await?;
    }
    tx.commit().await
}
