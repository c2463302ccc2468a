//! Opening either database: connection settings and migrations. It knows no table.

use std::{io::ErrorKind, str::FromStr, time::Duration};

use sqlx::{
    Connection,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{StoreError, db::Db};

/// How long a writer waits for another writer's lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a call waits for a free connection: one writer that waits its full time may stand before it.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Each reader of SQLite is a thread; reads are short.
const SQLITE_READERS: u32 = 8;
/// PostgreSQL allows 100 connections unless told otherwise: room for several servers.
const POSTGRES_CONNECTIONS: u32 = 16;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

pub(super) async fn open(url: &str) -> Result<Db, StoreError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        sqlite(path).await
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        postgres(url).await
    } else {
        Err(StoreError::Address)
    }
}

async fn sqlite(path: &str) -> Result<Db, StoreError> {
    if path.is_empty() {
        return Err(StoreError::Address);
    }
    create_private_file(path).await?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(LOCK_TIMEOUT)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Normal)
        // A removed key's ciphertext is overwritten with zeros, not only unlinked.
        .pragma("secure_delete", "ON");
    let writer = writer(options.clone().journal_mode(SqliteJournalMode::Wal)).await?;
    SQLITE_MIGRATIONS.run(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    Ok(Db::Sqlite { writer, readers })
}

/// SQLite gives its log files the mode of the database file, so this one call protects all three.
/// A file that exists is left alone, and not opened either: closing it would drop SQLite's locks on it.
async fn create_private_file(path: &str) -> Result<(), StoreError> {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    match options.open(path).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(sqlx::Error::Io(error).into()),
    }
}

/// The single writer. SQLite ends a transaction by itself on some errors, a full disk among them; the driver
/// then still counts it as open and would refuse every later one. Such a connection is replaced.
async fn writer(options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_release(|connection, _| {
            Box::pin(async move {
                // Waits for a rollback that is still on its way.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options)
        .await?;
    Ok(pool)
}

async fn postgres(url: &str) -> Result<Db, StoreError> {
    let lock_timeout = format!("{}ms", LOCK_TIMEOUT.as_millis());
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Address)?
        .application_name("marshmallow")
        .options([("lock_timeout", lock_timeout.as_str())]);
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await?;
    POSTGRES_MIGRATIONS.run(&pool).await?;
    Ok(Db::Postgres(pool))
}
