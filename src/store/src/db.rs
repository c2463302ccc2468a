//! The one place that knows that there are two databases.
//! Reads, single writes and transactions over one SQL text; everything above sees `Sql`, `Value` and `Row`.

mod open;
mod row;
mod sql;
mod value;

use sqlx::{PgPool, SqlitePool, Transaction, postgres::Postgres, sqlite::Sqlite};

pub(crate) use self::{
    row::Row,
    sql::{Sql, statements},
    value::{Value, values},
};
use crate::StoreError;

#[derive(Clone)]
pub(crate) enum Db {
    /// One writer, so that writes queue here and not at SQLite's lock; readers never wait for it.
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    /// Several connections, READ COMMITTED.
    Postgres(PgPool),
}

/// A transaction for writing. Dropped without `commit`, it leaves no trace.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        open::open(url).await
    }

    /// All rows of a reading statement.
    pub(crate) async fn all(&self, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite { readers, .. } => sqlite_rows(sql, values, readers).await,
            Self::Postgres(pool) => postgres_rows(sql, values, pool).await,
        }
    }

    /// The only row of a reading statement, if there is one.
    pub(crate) async fn optional(
        &self,
        sql: &'static Sql,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.all(sql, values).await?.pop())
    }

    /// Runs one writing statement, which is a transaction of its own, and counts the rows that it touched.
    pub(crate) async fn execute(&self, sql: &'static Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => Ok(value::bind::<Sqlite>(sql, values)?
                .execute(writer)
                .await?
                .rows_affected()),
            Self::Postgres(pool) => Ok(value::bind::<Postgres>(sql, values)?
                .execute(pool)
                .await?
                .rows_affected()),
        }
    }

    /// Runs one writing statement that has a RETURNING clause.
    pub(crate) async fn returning(
        &self,
        sql: &'static Sql,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => sqlite_rows(sql, values, writer).await,
            Self::Postgres(pool) => postgres_rows(sql, values, pool).await,
        }
    }

    /// Begins a transaction. On SQLite it takes the write lock at once: a transaction that begins by reading
    /// and turns to writing later fails without waiting when somebody else wrote in between.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => Ok(Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pool) => Ok(Tx::Postgres(pool.begin().await?)),
        }
    }

    /// Wipes what deleted rows leave in SQLite's write-ahead log. Best effort: a reader in mid-query keeps the
    /// log until the next time. PostgreSQL's log is the operator's to keep or rotate.
    pub(crate) async fn wipe_log(&self) {
        if let Self::Sqlite { writer, .. } = self
            && let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .execute(writer)
                .await
        {
            let error = StoreError::from(error);
            tracing::warn!(%error, "the write-ahead log could not be truncated");
        }
    }

    /// Makes SQLite wait for the disk at each commit, which carries what was committed before along. PostgreSQL
    /// does so by itself.
    pub(crate) async fn commit_to_disk(&self) -> Result<(), StoreError> {
        if let Self::Sqlite { writer, .. } = self {
            sqlx::query("PRAGMA synchronous = FULL").execute(writer).await?;
        }
        Ok(())
    }

    /// Name and version of the database.
    pub(crate) async fn version(&self) -> Result<String, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                sqlx::query_scalar("SELECT 'SQLite ' || sqlite_version()")
                    .fetch_one(readers)
                    .await?
            }
            Self::Postgres(pool) => {
                sqlx::query_scalar("SELECT 'PostgreSQL ' || current_setting('server_version')")
                    .fetch_one(pool)
                    .await?
            }
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            // The writer last: the last connection to close writes the log back into the file.
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub(crate) async fn all(
        &mut self,
        sql: &'static Sql,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(tx) => sqlite_rows(sql, values, &mut **tx).await,
            Self::Postgres(tx) => postgres_rows(sql, values, &mut **tx).await,
        }
    }

    pub(crate) async fn optional(
        &mut self,
        sql: &'static Sql,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.all(sql, values).await?.pop())
    }

    pub(crate) async fn execute(&mut self, sql: &'static Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(tx) => Ok(value::bind::<Sqlite>(sql, values)?
                .execute(&mut **tx)
                .await?
                .rows_affected()),
            Self::Postgres(tx) => Ok(value::bind::<Postgres>(sql, values)?
                .execute(&mut **tx)
                .await?
                .rows_affected()),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

async fn sqlite_rows<'c>(
    sql: &'static Sql,
    values: Vec<Value>,
    executor: impl sqlx::Executor<'c, Database = Sqlite>,
) -> Result<Vec<Row>, StoreError> {
    let rows = value::bind::<Sqlite>(sql, values)?.fetch_all(executor).await?;
    Ok(rows.into_iter().map(|row| Row::sqlite(sql.table, row)).collect())
}

async fn postgres_rows<'c>(
    sql: &'static Sql,
    values: Vec<Value>,
    executor: impl sqlx::Executor<'c, Database = Postgres>,
) -> Result<Vec<Row>, StoreError> {
    let rows = value::bind::<Postgres>(sql, values)?.fetch_all(executor).await?;
    Ok(rows
        .into_iter()
        .map(|row| Row::postgres(sql.table, row))
        .collect())
}
