//! Which root secret is in force, which one is to follow, and which ones the running servers can open.
//! It knows root secrets by their public ids alone.

use marshmallow_core::Millis;

use crate::{
    AuditEntry, Store, StoreError, audit,
    db::{Row, statements, values},
};

/// What the database knows of the installation's root secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RootState {
    /// The one under which everything new is sealed; none before the first change.
    pub present: Option<String>,
    /// The one that is to follow, from the moment a change is announced until it takes over.
    pub next: Option<String>,
}

/// A running server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRecord {
    /// Its id.
    pub id: String,
    /// The root secrets that it can open.
    pub kek_ids: Vec<String>,
}

statements! {
    STATE on "installation" = "SELECT kek_id, next_kek_id FROM installation WHERE id = 1";
    PROPOSE on "installation" = "UPDATE installation SET next_kek_id = $1 WHERE id = 1";
    WITHDRAW on "installation" =
        "UPDATE installation SET next_kek_id = NULL WHERE id = 1 AND next_kek_id = $1";
    SWITCH on "installation" =
        "UPDATE installation SET kek_id = $1, next_kek_id = NULL WHERE id = 1 AND next_kek_id = $1";
    ANNOUNCE on "servers" =
        "INSERT INTO servers (id, kek_ids, alive_until) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET kek_ids = excluded.kek_ids, alive_until = excluded.alive_until";
    LEAVE on "servers" = "DELETE FROM servers WHERE id = $1";
    SWEEP on "servers" = "DELETE FROM servers WHERE alive_until < $1";
    ALIVE on "servers" = "SELECT id, kek_ids FROM servers WHERE alive_until >= $1 ORDER BY id";
}

impl Store {
    /// Which root secret is in force, and which one is to follow.
    pub async fn root_state(&self) -> Result<RootState, StoreError> {
        let row = self.db.optional(&STATE, values![]).await?;
        row.map_or(Ok(RootState::default()), |row| {
            Ok(RootState {
                present: row.optional_text("kek_id")?,
                next: row.optional_text("next_kek_id")?,
            })
        })
    }

    /// Announces the root secret that is to follow, in the place of one announced before.
    pub async fn propose_root(&self, kek_id: &str) -> Result<(), StoreError> {
        self.db.execute(&PROPOSE, values![kek_id]).await?;
        Ok(())
    }

    /// Takes an announcement back.
    pub async fn withdraw_root(&self, kek_id: &str) -> Result<(), StoreError> {
        self.db.execute(&WITHDRAW, values![kek_id]).await?;
        Ok(())
    }

    /// Puts the announced root secret in force: from here on, nothing is stored that is sealed under another.
    /// False if it is not the one announced.
    pub async fn switch_root(&self, kek_id: &str, entry: &AuditEntry) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        if tx.execute(&SWITCH, values![kek_id]).await? == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Says that a server is running until `alive_until` at least, and which root secrets it can open.
    pub async fn announce_server(
        &self,
        id: &str,
        kek_ids: &[String],
        alive_until: Millis,
    ) -> Result<(), StoreError> {
        let row = values![id, &kek_ids.join(" "), alive_until];
        self.db.execute(&ANNOUNCE, row).await?;
        Ok(())
    }

    /// Says that a server has stopped.
    pub async fn forget_server(&self, id: &str) -> Result<(), StoreError> {
        self.db.execute(&LEAVE, values![id]).await?;
        Ok(())
    }

    /// The running servers. Those that did not come back in time are forgotten.
    pub async fn running_servers(&self, now: Millis) -> Result<Vec<ServerRecord>, StoreError> {
        self.db.execute(&SWEEP, values![now]).await?;
        let rows = self.db.all(&ALIVE, values![now]).await?;
        rows.iter().map(server_of).collect()
    }
}

fn server_of(row: &Row) -> Result<ServerRecord, StoreError> {
    Ok(ServerRecord {
        id: row.text("id")?,
        kek_ids: row.text("kek_ids")?.split(' ').map(str::to_owned).collect(),
    })
}
