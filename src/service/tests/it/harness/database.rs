//! A database of its own for every test, and a connection beside the server's: for looking at what is
//! stored, for changing it behind the server's back, and for holding locks.

use std::{
    future::Future,
    path::{Path, PathBuf},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

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

/// Runs a test on a fresh PostgreSQL database.
pub async fn on_postgres<F>(test: impl FnOnce(World) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    marshmallow_scratch::on_postgres(|url| async move {
        test(World::new(Database { url, folder: None }).await).await;
    })
    .await;
}
