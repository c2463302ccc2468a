//! The audit trail: it grows and is never changed, whoever asks.

use super::harness::{entry, on_both, person};
use crate::{Store, StoreError, db::Sql};

on_both!(
    entries_cannot_be_changed_or_deleted,
    entries_are_paged_newest_first
);

const CHANGE: Sql = Sql::new("audit", "UPDATE audit SET action = 'nothing'");
const DELETE: Sql = Sql::new("audit", "DELETE FROM audit");

async fn entries_cannot_be_changed_or_deleted(store: Store) {
    let user = person(&store, "ada").await;
    store.record(&entry(user, "signed.in")).await.unwrap();
    let before = store.audit_of(user, None, 10).await.unwrap();
    for statement in [&CHANGE, &DELETE] {
        let refused = store.db.execute(statement, vec![]).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    assert_eq!(store.audit_of(user, None, 10).await.unwrap(), before);
    assert_eq!(before.len(), 2);
}

async fn entries_are_paged_newest_first(store: Store) {
    let user = person(&store, "ada").await;
    let other = person(&store, "bob").await;
    for _ in 0..4 {
        store.record(&entry(user, "signed.in")).await.unwrap();
        store.record(&entry(other, "signed.in")).await.unwrap();
    }
    let whole = store.audit_of(user, None, 10).await.unwrap();
    assert_eq!(whole.len(), 5);
    assert!(whole.is_sorted_by(|newer, older| newer.id > older.id));
    let first = store.audit_of(user, None, 2).await.unwrap();
    let rest = store.audit_of(user, Some(first[1].id), 10).await.unwrap();
    assert_eq!([first, rest].concat(), whole);
}
