//! All SQL of Marshmallow, for SQLite and PostgreSQL.
//! It holds sealed bytes and cannot open them; it knows no provider, no session cookie and no page.
//!
//! To add a query: declare its text with `statements!` in the module of its table, with `$1` parameters and the
//! user's id in the WHERE clause; call it from a method of [`Store`]; map its row to a plain record.

mod audit;
mod budgets;
mod conversations;
mod db;
mod error;
mod invitations;
mod keys;
mod messages;
mod notices;
mod removal;
mod roots;
mod rules;
mod sealed;
mod sessions;
mod turns;
mod usage;
mod users;

#[cfg(test)]
mod tests;

use db::Db;

pub use audit::{AuditEntry, AuditRecord};
pub use budgets::{BudgetLimits, BudgetRecord, Reservation, Reserved};
pub use conversations::ConversationRecord;
pub use error::{Fault, StoreError};
pub use invitations::{InvitationRecord, NewInvitation};
pub use keys::{
    AddKeyError, CheckOutcome, KeyRecord, NewKey, ReplaceKeyError, Replacement, SealedKey, Taken,
};
pub use messages::MessageRecord;
pub use removal::DeleteUserError;
pub use roots::{RootState, ServerRecord};
pub use sealed::{Rewrapped, SEALED, SealedCount, SealedRow, SealedTable};
pub use sessions::{NewSession, SessionRecord};
pub use turns::{
    BeginTurnError, ExpiredTurn, FinishedTurn, GenerationRecord, JournalRow, NewTurn, TurnPlace, TurnQuestion,
};
pub use usage::{UsageRecord, UsageRow};
pub use users::{Admission, CreateUserError, NewUser, UserRecord};

/// The database. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    db: Db,
}

impl Store {
    /// Opens `sqlite:/path/to/file` (made with mode 0600 if it does not exist) or `postgres://…`, applies the
    /// migrations that are missing, and takes audit entries from before there were chains into them.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let db = Db::open(url).await?;
        audit::adopt::adopt(&db).await?;
        Ok(Self { db })
    }

    /// Whether this is SQLite, so that one server is all there is.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.db, Db::Sqlite { .. })
    }

    /// Name and version of the database, as in "SQLite 3.50.4".
    pub async fn version(&self) -> Result<String, StoreError> {
        self.db.version().await
    }

    /// Closes all connections. Calls after this are refused as unavailable.
    pub async fn close(&self) {
        self.db.close().await;
    }
}
