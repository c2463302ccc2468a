//! A database of its own for every test, and a connection beside the server's: for looking at what is
//! stored, for changing it behind the server's back, and for holding locks.

use std::{
    future::Future,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection, postgres::PgConnectOptions,
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::World;

/// Where a test's servers keep their data.
pub struct Database {
    url: String,
    folder: Option<TempDir>,
}

impl Database {
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    fn file(&self) -> PathBuf {
        Path::new(self.url.trim_start_matches("sqlite:")).to_owned()
    }

    /// A connection beside the server's.
    pub async fn side(&self) -> Side {
        if self.is_sqlite() {
            Side::Sqlite(SqliteConnection::connect(&self.url).await.unwrap())
        } else {
            Side::Postgres(PgConnection::connect(&self.url).await.unwrap())
        }
    }

    /// Runs one statement behind the server's back.
    pub async fn run(&self, sql: &str) {
        self.side().await.run(sql).await;
    }

    /// The one number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        self.side().await.number(sql).await
    }

    /// Whether the SQLite file or its logs hold these bytes.
    pub fn holds(&self, needle: &[u8]) -> bool {
        let file = self.file();
        let beside = |end: &str| PathBuf::from(format!("{}{end}", file.display()));
        [file.clone(), beside("-wal"), beside("-journal")]
            .into_iter()
            .filter_map(|path| std::fs::read(path).ok())
            .any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
    }
}

/// A connection that is none of the server's.
pub enum Side {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Side {
    pub async fn run(&mut self, sql: &str) {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(connection) => drop(query.execute(connection).await.unwrap()),
            Self::Postgres(connection) => drop(query.execute(connection).await.unwrap()),
        }
    }

    pub async fn number(&mut self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await.unwrap(),
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await.unwrap(),
        }
    }

    /// Holds the lock that every stored frame needs, until `COMMIT` or until the connection is dropped.
    pub async fn lock(&mut self) {
        self.run(match self {
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
            Self::Postgres(_) => "BEGIN; LOCK TABLE generations, journal IN ACCESS EXCLUSIVE MODE",
        })
        .await;
    }
}

/// Runs a test on a fresh SQLite file.
pub async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(World) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("service.db").display());
    test(
        World::new(Database {
            url,
            folder: Some(folder),
        })
        .await,
    )
    .await;
}

/// Databases at a time, so that their connections stay below what a PostgreSQL allows, on any machine.
static POSTGRES_TESTS: Semaphore = Semaphore::const_new(2);

/// Runs a test on a fresh database of the PostgreSQL that `MARSHMALLOW_TEST_POSTGRES` names, and drops it also
/// when the test fails. Without that variable the test fails: a suite that skips half of itself proves nothing.
pub async fn on_postgres<F>(test: impl FnOnce(World) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let admin = std::env::var("MARSHMALLOW_TEST_POSTGRES").expect(
        "set MARSHMALLOW_TEST_POSTGRES to the address of a PostgreSQL whose user may create databases, \
         or run `cargo xtask test`, which starts one",
    );
    let admin: PgConnectOptions = admin.parse().unwrap();
    let _permit = POSTGRES_TESTS.acquire().await.unwrap();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("marshmallow_service_{}_{since}_{number}", std::process::id());
    administer(&admin, format!("CREATE DATABASE {name}")).await;
    let url = admin.clone().database(&name).to_url_lossy().to_string();
    let outcome = tokio::spawn(test(World::new(Database { url, folder: None }).await)).await;
    administer(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

async fn administer(admin: &PgConnectOptions, sql: String) {
    let mut connection = PgConnection::connect_with(admin).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
