//! The audit trail: it grows in chains without gaps and is never changed, whoever asks.

use marshmallow_core::{
    AuditAction, AuditFilter, AuditKind, FIRST_PREV, INSTALLATION_CHAIN, KeyId, ROOTS_CHAIN, UserId,
    Verifier, VerifyReport, chain_of,
};
use tokio::task::JoinSet;

use super::harness::{Counter, NOW, entry, new_key, on_both, person, running};
use crate::{AddKeyError, AuditEntry, FinishedTurn, Store, StoreError, db::Sql};

on_both!(
    entries_cannot_be_changed_or_deleted,
    entries_are_paged_newest_first,
    entries_are_filtered_by_kind_key_and_time,
    everyones_entries_are_paged_with_whose_they_are,
    many_writers_of_one_chain_leave_no_gap,
    what_is_rolled_back_leaves_no_gap,
    a_turn_is_recorded_with_its_end,
    one_root_entry_an_interval_names_what_moved,
    odd_texts_keep_their_hash,
);

const CHANGE: Sql = Sql::new("audit", "UPDATE audit SET action = 'nothing'");
const DELETE: Sql = Sql::new("audit", "DELETE FROM audit");
const REPLACE: Sql = Sql::new(
    "audit",
    "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT (chain, seq) DO UPDATE SET action = 'nothing'",
);
/// What only SQLite understands, and would otherwise go past the trigger against deletion.
const REPLACE_ON_SQLITE: Sql = Sql::new("audit", "INSERT OR REPLACE INTO audit SELECT * FROM audit");
/// What only PostgreSQL understands.
const TRUNCATE: Sql = Sql::new("audit", "TRUNCATE audit");

fn all() -> AuditFilter {
    AuditFilter::default()
}

/// What verification says of all that is stored.
pub(super) async fn verified(store: &Store) -> VerifyReport {
    let mut verifier = Verifier::default();
    let mut chains = store.audit_chains().await.unwrap();
    chains.sort_by_key(|chain| chain != ROOTS_CHAIN);
    for chain in chains {
        for entry in store.audit_chain(&chain, i64::MIN, 10_000).await.unwrap() {
            verifier.entry(entry);
        }
        match store.audit_head(&chain).await.unwrap() {
            Some(head) => verifier.head(&head),
            None => verifier.no_head(&chain),
        }
    }
    verifier.finish()
}

async fn entries_cannot_be_changed_or_deleted(store: Store) {
    let user = person(&store, "ada").await;
    store.record(&entry(user, "account.sign_in")).await.unwrap();
    let before = store.audit_of(user, &all(), None, 10).await.unwrap();
    let of_one = if store.is_sqlite() {
        &REPLACE_ON_SQLITE
    } else {
        &TRUNCATE
    };
    for statement in [&CHANGE, &DELETE, &REPLACE, of_one] {
        let refused = store.db.execute(statement, vec![]).await;
        assert!(
            matches!(refused, Err(StoreError::Refused(_))),
            "{}: {refused:?}",
            statement.text
        );
    }
    assert_eq!(store.audit_of(user, &all(), None, 10).await.unwrap(), before);
    assert_eq!(before.len(), 2);
}

async fn entries_are_paged_newest_first(store: Store) {
    let user = person(&store, "ada").await;
    let other = person(&store, "bob").await;
    for _ in 0..4 {
        store.record(&entry(user, "account.sign_in")).await.unwrap();
        store.record(&entry(other, "account.sign_in")).await.unwrap();
    }
    let whole = store.audit_of(user, &all(), None, 10).await.unwrap();
    let numbers: Vec<i64> = whole.iter().map(|record| record.cursor.seq).collect();
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    let first = store.audit_of(user, &all(), None, 2).await.unwrap();
    let rest = store
        .audit_of(user, &all(), Some(first[1].cursor.seq), 10)
        .await
        .unwrap();
    assert_eq!([first, rest].concat(), whole);
}

async fn entries_are_filtered_by_kind_key_and_time(store: Store) {
    let user = person(&store, "ada").await;
    let key = KeyId::make(NOW, &Counter);
    for (action, subject, at) in [
        (AuditAction::KeyAdded, Some(key), NOW.plus(10)),
        (AuditAction::KeyUsed, Some(key), NOW.plus(20)),
        (AuditAction::KeyChecked, None, NOW.plus(30)),
    ] {
        let entry = AuditEntry {
            at,
            action,
            subject: subject.map(|key| key.to_string()),
            ..entry(user, "key.add")
        };
        store.record(&entry).await.unwrap();
    }
    for (filter, expected) in [
        (
            AuditFilter {
                kind: Some(AuditKind::Key),
                ..all()
            },
            vec!["key.check", "key.add"],
        ),
        (
            AuditFilter {
                key: Some(key),
                ..all()
            },
            vec!["use.answer", "key.add"],
        ),
        (
            AuditFilter {
                since: Some(NOW.plus(20)),
                ..all()
            },
            vec!["key.check", "use.answer"],
        ),
        (
            AuditFilter {
                kind: Some(AuditKind::Use),
                key: Some(key),
                since: Some(NOW.plus(21)),
            },
            vec![],
        ),
    ] {
        let own = store.audit_of(user, &filter, None, 10).await.unwrap();
        let everyones = store.audit_of_everyone(&filter, None, 10).await.unwrap();
        for found in [own, everyones] {
            let actions: Vec<_> = found.iter().map(|record| record.action.as_str()).collect();
            assert_eq!(actions, expected, "{filter:?}");
        }
    }
}

async fn everyones_entries_are_paged_with_whose_they_are(store: Store) {
    let user = person(&store, "ada").await;
    person(&store, "bob").await;
    let nobodys = AuditEntry {
        user: None,
        ..entry(user, "account.sign_in_failed")
    };
    store.record(&nobodys).await.unwrap();
    let whole = store.audit_of_everyone(&all(), None, 10).await.unwrap();
    let mut who: Vec<_> = whole
        .iter()
        .map(|record| record.person.as_ref().map(|(_, email)| email.as_str()))
        .collect();
    who.sort_unstable();
    assert_eq!(who, [None, Some("ada@example.org"), Some("bob@example.org")]);
    let mut paged = Vec::new();
    let mut before = None;
    loop {
        let page = store.audit_of_everyone(&all(), before.as_ref(), 1).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.cursor.clone());
        paged.extend(page);
    }
    assert_eq!(paged, whole);
}

async fn many_writers_of_one_chain_leave_no_gap(store: Store) {
    let user = person(&store, "ada").await;
    let mut writers = JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            for _ in 0..10 {
                store.record(&entry(user, "account.sign_in")).await.unwrap();
                let nobodys = AuditEntry {
                    user: None,
                    ..entry(user, "account.sign_in_failed")
                };
                store.record(&nobodys).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let report = verified(&store).await;
    assert_eq!(report.findings, []);
    assert_eq!((report.chains, report.entries), (2, 161));
    let head = store.audit_head(INSTALLATION_CHAIN).await.unwrap().unwrap();
    assert_eq!(head.seq, 80);
}

async fn what_is_rolled_back_leaves_no_gap(store: Store) {
    let user = person(&store, "ada").await;
    let mut tx = store.db.begin().await.unwrap();
    crate::audit::write(&mut tx, &entry(user, "key.add"))
        .await
        .unwrap();
    drop(tx);
    let refused = store.add_key(&new_key(user), 0, &entry(user, "key.add")).await;
    assert!(matches!(refused, Err(AddKeyError::TooMany)));
    store
        .add_key(&new_key(user), 1, &entry(user, "key.add"))
        .await
        .unwrap();
    let entries = store.audit_chain(&chain_of(Some(user)), 0, 10).await.unwrap();
    let numbers: Vec<_> = entries
        .iter()
        .map(|entry| (entry.seq, entry.action.as_str()))
        .collect();
    assert_eq!(numbers, [(1, "account.created"), (2, "key.add")]);
    assert_eq!(
        (entries[0].prev.as_str(), &entries[1].prev),
        (FIRST_PREV, &entries[0].hash)
    );
    assert_eq!(verified(&store).await.findings, []);
}

async fn a_turn_is_recorded_with_its_end(store: Store) {
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    let turn = FinishedTurn {
        entries: vec![entry(user, "use.fall_back"), entry(user, "use.answer")],
        ..super::harness::finished(user, answer, "Done")
    };
    let elsewhere = FinishedTurn {
        owner: "b".to_owned(),
        ..turn.clone()
    };
    assert!(!store.finish_turn(&elsewhere).await.unwrap());
    assert!(store.finish_turn(&turn).await.unwrap());
    assert!(!store.finish_turn(&turn).await.unwrap());
    let entries = store.audit_of(user, &all(), None, 10).await.unwrap();
    let actions: Vec<_> = entries.iter().map(|record| record.action.as_str()).collect();
    assert_eq!(actions, ["use.answer", "use.fall_back", "account.created"]);
}

async fn one_root_entry_an_interval_names_what_moved(store: Store) {
    const HOUR: i64 = 3_600_000;
    let (ada, bob) = (person(&store, "ada").await, person(&store, "bob").await);
    let mut servers = JoinSet::new();
    for _ in 0..6 {
        let store = store.clone();
        servers.spawn(async move { store.write_audit_root(NOW, HOUR).await.unwrap() });
    }
    let written = servers.join_all().await;
    assert_eq!(written.iter().flatten().count(), 1);
    let told = |user: UserId| chain_of(Some(user));
    let first = written.into_iter().flatten().next().unwrap();
    assert!(first.detail.contains(&told(ada)) && first.detail.contains(&told(bob)));

    store.record(&entry(bob, "account.sign_in")).await.unwrap();
    assert_eq!(
        store.write_audit_root(NOW.plus(HOUR - 1), HOUR).await.unwrap(),
        None
    );
    let second = store
        .write_audit_root(NOW.plus(HOUR), HOUR)
        .await
        .unwrap()
        .unwrap();
    assert!(!second.detail.contains(&told(ada)) && second.detail.contains(&told(bob)));
    assert_eq!((second.seq, second.prev), (2, first.hash));
    assert_eq!(
        store.write_audit_root(NOW.plus(9 * HOUR), HOUR).await.unwrap(),
        None
    );
    let report = verified(&store).await;
    assert_eq!((report.findings, report.last_root.unwrap().seq), (vec![], 2));
}

async fn odd_texts_keep_their_hash(store: Store) {
    let user = person(&store, "ada").await;
    let odd = AuditEntry {
        subject: Some("a\0b\u{202e} 👩‍👩‍👧".to_owned()),
        detail: "{\"said\":\"\\u0000 é\"}\r\n".to_owned(),
        ..entry(user, "key.check")
    };
    store.record(&odd).await.unwrap();
    assert_eq!(verified(&store).await.findings, []);
}
