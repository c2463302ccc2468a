//! What can go wrong at the store, sorted by what a caller decides on.
//! It refuses to carry data: no value, no row and no text of the database reaches `Display` or `Debug`.

use std::{borrow::Cow, io};

use sqlx::{
    error::{DatabaseError, ErrorKind},
    migrate::MigrateError,
    postgres::PgDatabaseError,
};

/// A failed call to the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no database that the store knows.
    #[error("the database address must be sqlite:/path/to/file or postgres://…")]
    Address,
    /// The database cannot be reached, or no connection became free in time. Trying later may help.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Fault),
    /// Another writer held its lock for too long. Trying again may help.
    #[error("the database is locked by another writer")]
    Busy,
    /// No room is left on the database's disk. What is stored stays readable.
    #[error("the database's disk is full")]
    Full,
    /// A row of this identity exists already.
    #[error("a row of this identity exists already")]
    Conflict,
    /// A rule of the schema forbids it: a missing owner, or a change to an audit entry.
    #[error("the database's rules forbid this change")]
    Refused(#[source] Fault),
    /// What was to be stored is sealed under a root secret that was replaced meanwhile. Seal it again.
    #[error("the root secret was replaced meanwhile")]
    RootReplaced,
    /// A stored value is none that this version writes.
    #[error("the stored value of {table}.{column} cannot be read")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The schema was made by another version of the product.
    #[error("the database belongs to another version: its schema step {0} is not this version's")]
    ForeignSchema(i64),
    /// A fault in our own SQL.
    #[error("the database did not understand a statement")]
    Sql(#[source] Fault),
}

/// What the database or the network said, reduced to words of ours and the database's error code.
#[derive(Debug, thiserror::Error)]
#[error("{what} (code {code})")]
pub struct Fault {
    what: &'static str,
    code: Cow<'static, str>,
    #[source]
    source: Option<io::Error>,
}

impl Fault {
    pub(crate) fn new(what: &'static str) -> Self {
        Self {
            what,
            code: Cow::Borrowed("none"),
            source: None,
        }
    }

    fn coded(what: &'static str, code: &str) -> Self {
        Self {
            code: Cow::Owned(code.to_owned()),
            ..Self::new(what)
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(inner) => classify(inner.as_ref()),
            sqlx::Error::Io(source) => Self::Unavailable(Fault {
                source: Some(source),
                ..Fault::new("the connection failed")
            }),
            sqlx::Error::Tls(_) => Self::Unavailable(Fault::new("the TLS handshake failed")),
            sqlx::Error::PoolTimedOut => Self::Unavailable(Fault::new("no connection became free in time")),
            sqlx::Error::PoolClosed => Self::Unavailable(Fault::new("the store is closed")),
            sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => {
                Self::Unavailable(Fault::new("the connection broke"))
            }
            sqlx::Error::Configuration(_) => Self::Address,
            sqlx::Error::Migrate(inner) => (*inner).into(),
            _ => Self::Sql(Fault::new("the driver refused")),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => inner.into(),
            MigrateError::VersionMissing(step)
            | MigrateError::VersionMismatch(step)
            | MigrateError::Dirty(step) => Self::ForeignSchema(step),
            _ => Self::Sql(Fault::new("the migrations cannot be applied")),
        }
    }
}

fn classify(error: &(dyn DatabaseError + 'static)) -> StoreError {
    match error.kind() {
        ErrorKind::UniqueViolation => return StoreError::Conflict,
        ErrorKind::ForeignKeyViolation => {
            return StoreError::Refused(Fault::new("a row that this one belongs to does not exist"));
        }
        ErrorKind::NotNullViolation | ErrorKind::CheckViolation | ErrorKind::ExclusionViolation => {
            return StoreError::Refused(Fault::new("a value is not allowed"));
        }
        _ => {}
    }
    // The text of our own triggers in migration 7, the same on both.
    if error.message().contains("sealed under a replaced root secret") {
        return StoreError::RootReplaced;
    }
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        postgres(&code)
    } else {
        sqlite(&code)
    }
}

/// SQLSTATE classes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres(code: &str) -> StoreError {
    match code {
        // lock_not_available, deadlock_detected, serialization_failure
        "55P03" | "40P01" | "40001" => StoreError::Busy,
        // disk_full
        "53100" => StoreError::Full,
        // restrict_violation, which the audit table's triggers raise
        "23001" => StoreError::Refused(Fault::coded("the row cannot be changed", code)),
        // connection exceptions, refused logins, missing databases, lack of connections or memory,
        // a server that stops or starts, and the server's own I/O errors
        _ if ["08", "28", "3D", "53", "57", "58"].contains(&code.get(..2).unwrap_or_default()) => {
            StoreError::Unavailable(Fault::coded("PostgreSQL does not serve", code))
        }
        _ => StoreError::Sql(Fault::coded("PostgreSQL refused", code)),
    }
}

/// Extended result codes: <https://www.sqlite.org/rescode.html>.
fn sqlite(code: &str) -> StoreError {
    let extended: i32 = code.parse().unwrap_or_default();
    match (extended, extended & 0xff) {
        // SQLITE_IOERR_SHMSIZE: a full disk, met while the index of the write-ahead log grows
        (4874, _) => StoreError::Full,
        // SQLITE_BUSY, SQLITE_LOCKED
        (_, 5 | 6) => StoreError::Busy,
        // SQLITE_FULL
        (_, 13) => StoreError::Full,
        // SQLITE_CONSTRAINT, where only a trigger's is left
        (_, 19) => StoreError::Refused(Fault::coded("the row cannot be changed", code)),
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB
        (_, 3 | 8 | 10 | 11 | 14 | 26) => {
            StoreError::Unavailable(Fault::coded("SQLite does not serve", code))
        }
        _ => StoreError::Sql(Fault::coded("SQLite refused", code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_to_decisions() {
        assert!(matches!(postgres("53100"), StoreError::Full));
        assert!(matches!(postgres("53300"), StoreError::Unavailable(_)));
        assert!(matches!(postgres("57P01"), StoreError::Unavailable(_)));
        assert!(matches!(postgres("40P01"), StoreError::Busy));
        assert!(matches!(postgres("42P01"), StoreError::Sql(_)));
        assert!(matches!(sqlite("13"), StoreError::Full));
        assert!(matches!(sqlite("4874"), StoreError::Full));
        assert!(matches!(sqlite("517"), StoreError::Busy)); // SQLITE_BUSY_SNAPSHOT
        assert!(matches!(sqlite("266"), StoreError::Unavailable(_))); // SQLITE_IOERR_READ
        assert!(matches!(sqlite("1"), StoreError::Sql(_)));
    }
}
