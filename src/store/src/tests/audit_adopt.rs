//! Entries from before there were chains join them once, in their old order, however many servers start at once.

use super::{
    audit::verified,
    harness::{on_both, person},
};
use crate::{
    Store, audit,
    db::{Sql, values},
};
use marshmallow_core::{AuditFilter, INSTALLATION_CHAIN};

on_both!(old_entries_join_the_chains_once);

const OLD: Sql = Sql::new(
    "audit_unchained",
    "INSERT INTO audit_unchained (at, user_id, action, subject, detail) VALUES ($1, $2, $3, NULL, '{}')",
);

async fn old_entries_join_the_chains_once(store: Store) {
    let user = person(&store, "ada").await;
    for (at, user, action) in [
        (1_i64, Some(user), "key.add"),
        (2, None, "of.another.version"),
        (3, Some(user), "key.remove"),
    ] {
        store.db.execute(&OLD, values![at, user, action]).await.unwrap();
    }
    let (one, two) = tokio::join!(audit::adopt::adopt(&store.db), audit::adopt::adopt(&store.db));
    one.and(two).unwrap();
    let entries = store
        .audit_of(user, &AuditFilter::default(), None, 10)
        .await
        .unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|record| (record.cursor.seq, record.action.as_str()))
        .collect();
    assert_eq!(told, [(3, "key.remove"), (2, "key.add"), (1, "account.created")]);
    let nobodys = store.audit_chain(INSTALLATION_CHAIN, 0, 10).await.unwrap();
    assert_eq!(
        (nobodys.len(), nobodys[0].action.as_str()),
        (1, "of.another.version")
    );
    assert_eq!(verified(&store).await.findings, []);
}
