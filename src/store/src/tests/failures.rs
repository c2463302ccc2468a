//! A database that is locked, full, closed or strange: the right error, nothing half done, and service afterwards.

use super::harness::{
    NOW, entry, finished, new_turn, new_user, on_both, on_postgres, person, person_with_key, running,
    sqlite_url,
};
use crate::{
    Admission, BeginTurnError, CreateUserError, Store, StoreError,
    db::{Db, Sql, values},
};

on_both!(
    a_locked_row_or_file_is_busy,
    a_closed_store_is_unavailable,
    a_strange_value_names_its_column,
    a_statement_gets_as_many_values_as_it_takes,
    errors_carry_no_data,
    the_version_is_told,
);

const HOLD: Sql = Sql::new(
    "conversations",
    "UPDATE conversations SET title = title WHERE user_id = $1",
);

async fn a_locked_row_or_file_is_busy(store: Store) {
    let user = person(&store, "ada").await;
    let (id, _) = running(&store, user).await;
    // On SQLite another program, so another store on the same file, which has begun and not even written yet;
    // on PostgreSQL a transaction that holds the row.
    let lock = match &store.db {
        Db::Sqlite { writer, .. } => {
            let path = writer.connect_options().get_filename().display().to_string();
            let other = Store::open(&format!("sqlite:{path}")).await.unwrap();
            other.db.begin().await.unwrap()
        }
        Db::Postgres(_) => {
            let mut lock = store.db.begin().await.unwrap();
            lock.execute(&HOLD, values![user]).await.unwrap();
            lock
        }
    };
    let busy = store.rename_conversation(user, id, "New").await;
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
    assert_eq!(
        store.conversation(user, id).await.unwrap().unwrap().title,
        "A talk"
    );
    lock.commit().await.unwrap();
    assert!(store.rename_conversation(user, id, "New").await.unwrap());
}

async fn a_closed_store_is_unavailable(store: Store) {
    store.version().await.unwrap();
    store.close().await;
    assert!(matches!(store.version().await, Err(StoreError::Unavailable(_))));
    let refused = store
        .create_user(new_user("a@example.org"), Admission::Open)
        .await;
    assert!(matches!(
        refused,
        Err(CreateUserError::Store(StoreError::Unavailable(_)))
    ));
}

const SPOIL_PROVIDER: Sql = Sql::new("provider_keys", "UPDATE provider_keys SET provider = 'nobody'");
const SPOIL_SALT: Sql = Sql::new("users", "UPDATE users SET kek_salt = $1");

async fn a_strange_value_names_its_column(store: Store) {
    let (user, _) = person_with_key(&store, "ada").await;
    store.db.execute(&SPOIL_PROVIDER, vec![]).await.unwrap();
    store.db.execute(&SPOIL_SALT, values![&[1_u8; 15]]).await.unwrap();
    let strange = store.keys(user).await.unwrap_err();
    assert!(matches!(
        strange,
        StoreError::Inconsistent {
            table: "provider_keys",
            column: "provider"
        }
    ));
    let Err(strange) = store.user(user).await else {
        panic!("a salt of 15 bytes was read")
    };
    assert_eq!(
        strange.to_string(),
        "the stored value of users.kek_salt cannot be read"
    );
}

const TWO: Sql = Sql::new("users", "SELECT id FROM users WHERE id = $1 AND name = $2");

async fn a_statement_gets_as_many_values_as_it_takes(store: Store) {
    for values in [values![], values!["a"], values!["a", "b", "c"]] {
        assert!(matches!(
            store.db.all(&TWO, values).await,
            Err(StoreError::Sql(_))
        ));
    }
    assert!(store.db.all(&TWO, values!["a", "b"]).await.unwrap().is_empty());
}

const COPY: Sql = Sql::new(
    "users",
    "INSERT INTO users (id, email, email_lower, name, role, password_hash, kek_salt, created_at)
     SELECT $1, email, email_lower, name, role, password_hash, kek_salt, created_at FROM users",
);
const MISTYPED: Sql = Sql::new("users", "SELECT CAST($1 AS BIGINT) AS n, nothing FROM users");

async fn errors_carry_no_data(store: Store) {
    person(&store, "canary").await;
    let conflict = store.db.execute(&COPY, values!["canary"]).await.unwrap_err();
    assert!(matches!(conflict, StoreError::Conflict));
    let Err(mistyped) = store.db.all(&MISTYPED, values!["canary"]).await else {
        panic!("a column that does not exist was read")
    };
    assert!(matches!(mistyped, StoreError::Sql(_)));
    for error in [conflict, mistyped] {
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

async fn the_version_is_told(store: Store) {
    let name = if store.is_sqlite() {
        "SQLite 3."
    } else {
        "PostgreSQL 1"
    };
    let version = store.version().await.unwrap();
    assert!(version.starts_with(name), "{version}");
}

#[tokio::test]
async fn a_full_disk_is_full_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(folder.path())).await.unwrap();
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    let Db::Sqlite { writer, .. } = &store.db else {
        unreachable!("the address says sqlite")
    };
    // No more pages than the file has.
    sqlx::query("PRAGMA max_page_count = 1")
        .execute(writer)
        .await
        .unwrap();
    let long = "x".repeat(1024 * 1024);
    let full = store.finish_turn(&finished(user, answer, &long)).await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    assert_eq!(store.message(user, answer).await.unwrap().unwrap().text, "");
    assert!(store.generation(user, answer).await.unwrap().is_some());
    sqlx::query("PRAGMA max_page_count = 4294967294")
        .execute(writer)
        .await
        .unwrap();
    assert!(store.finish_turn(&finished(user, answer, &long)).await.unwrap());
    store.begin_turn(&new_turn(user)).await.unwrap();
    store.close().await;
}

const DISK_FULL: Sql = Sql::new(
    "users",
    "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''disk_full''; END'",
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_postgresql_is_full_too() {
    on_postgres(async |store: Store| {
        let full = store.db.execute(&DISK_FULL, vec![]).await;
        assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    })
    .await;
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(folder.path())).await.unwrap();
    let user = person(&store, "ada").await;
    store.close().await;
    let store = Store::open(&sqlite_url(folder.path())).await.unwrap();
    assert_eq!(store.user(user).await.unwrap().unwrap().created_at, NOW);
    store.record(&entry(user, "account.sign_in")).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_foreign_schema_and_a_foreign_address_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(folder.path());
    let store = Store::open(&url).await.unwrap();
    let Db::Sqlite { writer, .. } = &store.db else {
        unreachable!("the address says sqlite")
    };
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'from the future', TRUE, x'00', 0)";
    sqlx::query(newer).execute(writer).await.unwrap();
    store.close().await;
    assert!(matches!(
        Store::open(&url).await.err(),
        Some(StoreError::ForeignSchema(9999))
    ));
    for wrong in [
        "mysql://root@localhost/x",
        "sqlite:",
        "store.db",
        "postgres://localhost:port/x",
    ] {
        assert!(
            matches!(Store::open(wrong).await.err(), Some(StoreError::Address)),
            "{wrong}"
        );
    }
    let nowhere = format!("sqlite:{}/no/such/folder/store.db", folder.path().display());
    assert!(matches!(
        Store::open(&nowhere).await.err(),
        Some(StoreError::Unavailable(_))
    ));
}

#[tokio::test]
async fn a_dropped_transaction_leaves_no_trace_and_no_lock() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(folder.path())).await.unwrap();
    let user = person(&store, "ada").await;
    let (id, _) = running(&store, user).await;
    for _ in 0..20 {
        let mut dropped = store.db.begin().await.unwrap();
        dropped.execute(&HOLD, values![user]).await.unwrap();
        drop(dropped);
        let busy = store
            .begin_turn(&super::harness::next_turn(
                user,
                id,
                super::harness::send("Again"),
            ))
            .await;
        assert!(matches!(busy, Err(BeginTurnError::Busy)), "{busy:?}");
    }
    assert_eq!(store.branch(user, id).await.unwrap().len(), 2);
    store.close().await;
}
