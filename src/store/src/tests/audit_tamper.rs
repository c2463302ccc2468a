//! Tampering with the database's own shell, triggers dropped: whatever was done, verification names the entry.

use marshmallow_core::{UserId, chain_of};

use super::{
    audit::verified,
    harness::{NOW, entry, on_both, person},
};
use crate::{Store, db::Db};

on_both!(
    untouched_chains_verify,
    a_changed_entry_is_named,
    a_removed_entry_is_named,
    reordered_entries_are_named,
    an_inserted_entry_is_named,
    a_cut_tail_and_a_dropped_chain_are_named,
    a_chain_without_its_head_is_named,
    a_changed_root_entry_is_named,
);

/// Runs statements as somebody does who owns the database. `$chain` is the person's chain.
async fn tamper(store: &Store, user: UserId, sql: &str) {
    let sql = sql.replace("$chain", &format!("'{}'", chain_of(Some(user))));
    let (on, sql) = match &store.db {
        Db::Sqlite { writer, .. } => {
            let drop =
                "DROP TRIGGER IF EXISTS audit_refuses_update; DROP TRIGGER IF EXISTS audit_refuses_delete;
                        DROP TRIGGER IF EXISTS audit_refuses_replace;";
            (Some(writer), format!("{drop} {sql}"))
        }
        Db::Postgres(_) => (None, format!("ALTER TABLE audit DISABLE TRIGGER ALL; {sql}")),
    };
    let query = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
    match (on, &store.db) {
        (Some(writer), _) => drop(query.execute(writer).await.unwrap()),
        (None, Db::Postgres(pool)) => drop(query.execute(pool).await.unwrap()),
        _ => unreachable!("one of the two databases"),
    }
}

/// Ada with five entries that a root entry knows, and Bob with one.
async fn scene(store: &Store) -> UserId {
    let user = person(store, "ada").await;
    person(store, "bob").await;
    for action in ["key.add", "key.check", "use.answer", "key.remove"] {
        store.record(&entry(user, action)).await.unwrap();
    }
    store.write_audit_root(NOW, 1).await.unwrap().unwrap();
    user
}

/// The findings after tampering, without the names of chains and ids.
async fn found(store: &Store, user: UserId, sql: &str) -> Vec<String> {
    tamper(store, user, sql).await;
    let report = verified(store).await;
    let chain = chain_of(Some(user));
    report
        .findings
        .iter()
        .map(|finding| {
            let text = finding.to_string().replace(&format!("chain {chain}, "), "");
            match &finding.entry {
                Some((id, ..)) => text.replace(&format!(" id {id},"), ""),
                None => text,
            }
        })
        .collect()
}

async fn untouched_chains_verify(store: Store) {
    let user = scene(&store).await;
    assert_eq!(found(&store, user, "").await, Vec::<String>::new());
    let report = verified(&store).await;
    assert_eq!((report.chains, report.entries), (3, 7));
}

async fn a_changed_entry_is_named(store: Store) {
    let user = scene(&store).await;
    let change = "UPDATE audit SET detail = '{\"said\":\"invalid\"}' WHERE chain = $chain AND seq = 3";
    assert_eq!(
        found(&store, user, change).await,
        ["changed: entry 3, key.check, 2027-01-15T08:00:00Z"]
    );
}

async fn a_removed_entry_is_named(store: Store) {
    let user = scene(&store).await;
    let remove = "DELETE FROM audit WHERE chain = $chain AND seq IN (2, 3)";
    assert_eq!(found(&store, user, remove).await, ["removed: entries 2 to 3"]);
}

async fn reordered_entries_are_named(store: Store) {
    let user = scene(&store).await;
    let swap = "UPDATE audit SET seq = 100 WHERE chain = $chain AND seq = 2;
                UPDATE audit SET seq = 2 WHERE chain = $chain AND seq = 3;
                UPDATE audit SET seq = 3 WHERE chain = $chain AND seq = 100;";
    assert_eq!(
        found(&store, user, swap).await,
        [
            "reordered: entry 2, key.check, 2027-01-15T08:00:00Z",
            "reordered: entry 3, key.add, 2027-01-15T08:00:00Z"
        ]
    );
}

async fn an_inserted_entry_is_named(store: Store) {
    let user = scene(&store).await;
    let behind = "INSERT INTO audit SELECT chain, 6, format, at, user_id, action, subject, detail, prev, hash
                    FROM audit WHERE chain = $chain AND seq = 5";
    let told = found(&store, user, behind).await;
    assert!(
        told.contains(&"inserted: entry 6, key.remove, 2027-01-15T08:00:00Z".to_owned()),
        "{told:?}"
    );
    let before = "DELETE FROM audit WHERE chain = $chain AND seq = 6;
                  INSERT INTO audit SELECT chain, 0, format, at, user_id, action, subject, detail, prev, hash
                    FROM audit WHERE chain = $chain AND seq = 5";
    assert_eq!(
        found(&store, user, before).await,
        ["inserted: entry 0, key.remove, 2027-01-15T08:00:00Z"]
    );
}

async fn a_cut_tail_and_a_dropped_chain_are_named(store: Store) {
    let user = scene(&store).await;
    let tail = "DELETE FROM audit WHERE chain = $chain AND seq > 3";
    assert_eq!(found(&store, user, tail).await, ["removed: entries 4 to 5"]);
    let with_head =
        "UPDATE audit_heads SET seq = 3, hash = (SELECT hash FROM audit WHERE chain = $chain AND seq = 3)
                      WHERE chain = $chain";
    assert_eq!(
        found(&store, user, with_head).await,
        ["removed: entries 4 to 5 (by root entry 1)"]
    );
    let whole = "DELETE FROM audit WHERE chain = $chain; DELETE FROM audit_heads WHERE chain = $chain;
                 DELETE FROM audit_rooted WHERE chain = $chain";
    assert_eq!(
        found(&store, user, whole).await,
        ["removed: entries 1 to 5 (by root entry 1)"]
    );
}

async fn a_chain_without_its_head_is_named(store: Store) {
    let user = scene(&store).await;
    let head = "DELETE FROM audit_heads WHERE chain = $chain";
    assert_eq!(
        found(&store, user, head).await,
        ["inserted: entry 5, key.remove, 2027-01-15T08:00:00Z"]
    );
}

async fn a_changed_root_entry_is_named(store: Store) {
    let user = scene(&store).await;
    let change = "UPDATE audit SET detail = '{\"heads\":[]}' WHERE chain = 'roots'";
    assert_eq!(
        found(&store, user, change).await,
        ["changed: chain roots, entry 1, audit.root, 2027-01-15T08:00:00Z"]
    );
}
