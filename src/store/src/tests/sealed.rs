//! What a change of the root secret must reach: the list is compared with the schema, and the schema refuses what
//! would escape it.

use marshmallow_core::AuditFilter;
use sqlx::Row as _;

use super::harness::{NOW, entry, new_key, on_both, person, person_with_key};
use crate::{AddKeyError, Rewrapped, SEALED, SealedKey, Store, StoreError, db::Db};

on_both!(
    every_column_of_bytes_is_listed_or_known_not_to_be_sealed,
    nothing_is_stored_under_a_replaced_root_secret,
    a_row_that_changed_meanwhile_is_left_alone,
    rows_are_walked_through_once_each,
    servers_come_and_go,
);

/// Columns of bytes that no root secret has a part in.
const NOT_SEALED: [(&str, &str); 4] = [
    ("users", "kek_salt"),
    ("sessions", "token_hash"),
    ("invitations", "token_hash"),
    ("_sqlx_migrations", "checksum"),
];

/// Columns that say under which root secret something is, without being sealed.
const NAMES_ROOTS: [(&str, &str); 1] = [("installation", "kek_id")];

async fn columns(store: &Store) -> Vec<(String, String, String)> {
    let rows: Vec<(String, String, String)> = match &store.db {
        Db::Sqlite { readers, .. } => sqlx::query(
            "SELECT m.name AS t, c.name AS c, c.type AS k FROM sqlite_master m, pragma_table_info(m.name) c
              WHERE m.type = 'table'",
        )
        .fetch_all(readers)
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get("t"), row.get("c"), row.get("k")))
        .collect(),
        Db::Postgres(pool) => sqlx::query(
            "SELECT table_name::text AS t, column_name::text AS c, data_type::text AS k
               FROM information_schema.columns WHERE table_schema = 'public'",
        )
        .fetch_all(pool)
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get("t"), row.get("c"), row.get("k")))
        .collect(),
    };
    rows
}

async fn every_column_of_bytes_is_listed_or_known_not_to_be_sealed(store: Store) {
    let found = columns(&store).await;
    let listed = |table: &str, column: &str| {
        SEALED
            .iter()
            .any(|known| known.name == table && known.columns.contains(&column))
    };
    let mut seen = 0;
    for (table, column, kind) in &found {
        let is_bytes = ["BLOB", "BYTEA"].contains(&kind.to_uppercase().as_str());
        let is_named = column == "kek_id" && !NAMES_ROOTS.contains(&(table.as_str(), column.as_str()));
        if is_bytes && !NOT_SEALED.contains(&(table.as_str(), column.as_str())) || is_named {
            assert!(
                listed(table, column),
                "{table}.{column} would escape a change of the root secret"
            );
            seen += 1;
        }
    }
    assert!(seen >= 5, "only {seen} sealed columns were found");
    for table in SEALED {
        for column in table.columns {
            assert!(
                found.iter().any(|(t, c, _)| t == table.name && c == column),
                "{}.{column} is gone",
                table.name
            );
        }
    }
}

async fn nothing_is_stored_under_a_replaced_root_secret(store: Store) {
    let (ada, _) = person_with_key(&store, "ada").await;
    let swap = entry(ada, "root.switch");
    store.propose_root("k2").await.unwrap();
    store
        .add_key(&new_key(ada), 10, &entry(ada, "key.add"))
        .await
        .unwrap();
    assert!(!store.switch_root("k3", &swap).await.unwrap());
    store.withdraw_root("k2").await.unwrap();
    assert!(
        !store.switch_root("k2", &swap).await.unwrap(),
        "it was taken back"
    );
    store.propose_root("k2").await.unwrap();
    assert!(store.switch_root("k2", &swap).await.unwrap());
    let state = store.root_state().await.unwrap();
    assert_eq!((state.present.as_deref(), state.next), (Some("k2"), None));

    let mut key = new_key(ada);
    let refused = store.add_key(&key, 10, &entry(ada, "key.add")).await;
    assert!(
        matches!(refused, Err(AddKeyError::Store(StoreError::RootReplaced))),
        "{refused:?}"
    );
    key.sealed.kek_id = "k2".to_owned();
    store.add_key(&key, 10, &entry(ada, "key.add")).await.unwrap();
    // What stands under the former one still does all that does not seal.
    for known in store.keys(ada).await.unwrap() {
        assert!(store.set_key_active(ada, known.id, false, &swap).await.unwrap());
    }
    let counts = store.sealed_counts(&SEALED[0]).await.unwrap();
    let counts: Vec<_> = counts
        .iter()
        .map(|c| (c.kek_id.as_str(), c.rows, c.people))
        .collect();
    assert_eq!(counts, [("k1", 2, 1), ("k2", 1, 1)]);
}

async fn a_row_that_changed_meanwhile_is_left_alone(store: Store) {
    let (ada, id) = person_with_key(&store, "ada").await;
    let rows = store.sealed_rows(&SEALED[0], None, Some("k2"), 10).await.unwrap();
    let rewrapped = || Rewrapped {
        from: rows[0].clone(),
        to: SealedKey {
            wrapped_dek: vec![9; 48],
            dek_iv: [9; 12],
            kek_id: "k2".to_owned(),
            ..rows[0].sealed.clone()
        },
        key_hash: [9; 32],
        entry: entry(ada, "key.rewrap"),
    };
    assert_eq!(store.rewrap(&SEALED[0], &[rewrapped()]).await.unwrap(), 1);
    let (_, sealed) = store.sealed_key(ada, id).await.unwrap().unwrap();
    assert_eq!((sealed.wrapped_dek, sealed.kek_id.as_str()), (vec![9; 48], "k2"));
    assert_eq!(sealed.key_cipher, rows[0].sealed.key_cipher);
    assert!(store.key_of_hash(ada, &[9; 32]).await.unwrap().is_some());

    assert_eq!(
        store.rewrap(&SEALED[0], &[rewrapped()]).await.unwrap(),
        0,
        "it has changed"
    );
    let entries = store
        .audit_of(ada, &AuditFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(
        entries
            .iter()
            .filter(|entry| entry.action == "key.rewrap")
            .count(),
        1
    );
    assert!(
        store
            .sealed_rows(&SEALED[0], None, Some("k2"), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn rows_are_walked_through_once_each(store: Store) {
    for name in ["ada", "ben", "eve"] {
        let user = person(&store, name).await;
        for _ in 0..3 {
            store
                .add_key(&new_key(user), 10, &entry(user, "key.add"))
                .await
                .unwrap();
        }
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.sealed_rows(&SEALED[0], after, None, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.user, last.id));
        seen.extend(page.iter().map(|row| row.id));
    }
    let walked = seen.len();
    seen.sort_by_key(ToString::to_string);
    seen.dedup();
    assert_eq!((walked, seen.len()), (9, 9));
}

async fn servers_come_and_go(store: Store) {
    let ids = |list: &[&str]| list.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    store
        .announce_server("a", &ids(&["k1"]), NOW.plus(10))
        .await
        .unwrap();
    store
        .announce_server("b", &ids(&["k1"]), NOW.plus(10))
        .await
        .unwrap();
    store
        .announce_server("a", &ids(&["k1", "k2"]), NOW.plus(20))
        .await
        .unwrap();
    let servers = store.running_servers(NOW.plus(10)).await.unwrap();
    let known: Vec<_> = servers.iter().map(|s| (s.id.as_str(), s.kek_ids.len())).collect();
    assert_eq!(known, [("a", 2), ("b", 1)]);
    assert_eq!(store.running_servers(NOW.plus(11)).await.unwrap().len(), 1);
    store.forget_server("a").await.unwrap();
    assert!(store.running_servers(NOW).await.unwrap().is_empty());
}
