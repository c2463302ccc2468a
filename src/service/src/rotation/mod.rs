//! Replacing the root secret while servers run: every DEK is wrapped anew, and then everything is opened to see.
//!
//! The order is what keeps every key readable: the new secret is announced; all running servers have to be able to
//! open it; only then it takes over; only then rows change. Each step may be cut off and begun again.
//! It refuses to know where secrets are kept, and to wait: the command line does both.

mod keks;
mod verify;

use std::sync::Arc;

use marshmallow_core::{AuditAction, Clock, Random};
use marshmallow_store::{AuditEntry, Rewrapped, SEALED, SealedKey, SealedRow, SealedTable, Store};
use marshmallow_vault::{KeyContext, RootSecret, UserKek};
use serde_json::json;

pub use verify::Verdict;

use crate::{
    ServiceError,
    keyring::{to_envelope, to_sealed},
    roots::{RootSecrets, Roots},
};
use keks::Keks;

/// Rows in one transaction. Servers wait for it, so it is short.
const BATCH: usize = 100;

/// A change to the root secret `target`.
pub struct Rotation {
    store: Store,
    roots: Arc<Roots>,
    target: Arc<RootSecret>,
    keks: Keks,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Keys that are stored.
    pub keys: u64,
    /// Those of them that are sealed under another root secret than the new one.
    pub to_rewrap: u64,
    /// The people whose keys these are; for each, two derivations are made.
    pub people: u64,
    /// Servers that are running.
    pub servers: usize,
    /// Those of them that cannot open the new root secret.
    pub unready: usize,
}

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Keys that this run has wrapped anew.
    pub rewrapped: u64,
    /// Keys that this run met and could not open. They stay as they are.
    pub unopened: u64,
}

impl Rotation {
    /// A change to `target`, which `secrets` has to hold, using `threads` threads for derivations. Refuses where
    /// something is sealed under a root secret that `secrets` does not hold.
    pub async fn new(
        store: Store,
        secrets: Arc<dyn RootSecrets>,
        target: &str,
        threads: usize,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ServiceError> {
        let roots = Arc::new(Roots::read(secrets)?);
        let state = store.root_state().await?;
        let needed = store.kek_ids().await?.into_iter().chain(state.present);
        roots.refuse_lack_of(needed)?;
        let target = roots
            .get(target)
            .ok_or(ServiceError::Internal("the new root secret is not given"))?;
        let keks = Keks::new(threads);
        Ok(Self {
            store,
            roots,
            target,
            keks,
            clock,
            random,
        })
    }

    /// What there is to do. Changes nothing.
    pub async fn plan(&self) -> Result<Plan, ServiceError> {
        let target = self.target_id();
        let mut plan = Plan {
            keys: 0,
            to_rewrap: 0,
            people: 0,
            servers: 0,
            unready: 0,
        };
        for table in SEALED {
            for count in self.store.sealed_counts(table).await? {
                plan.keys += count.rows;
                if count.kek_id != target {
                    plan.to_rewrap += count.rows;
                    plan.people += count.people;
                }
            }
        }
        let servers = self.store.running_servers(self.clock.now()).await?;
        plan.servers = servers.len();
        plan.unready = servers
            .iter()
            .filter(|server| !server.kek_ids.contains(&target))
            .count();
        Ok(plan)
    }

    /// Announces the new root secret: from here on, a server that cannot open it does not start.
    pub async fn announce(&self) -> Result<(), ServiceError> {
        let target = self.target_id();
        if self.store.root_state().await?.present.as_ref() != Some(&target) {
            self.store.propose_root(&target).await?;
        }
        Ok(())
    }

    /// Takes the announcement back. Nothing has changed.
    pub async fn withdraw(&self) -> Result<(), ServiceError> {
        Ok(self.store.withdraw_root(&self.target_id()).await?)
    }

    /// Lets the announced root secret take over: new keys are sealed under it, and under no other. Only for when
    /// every running server can open it. Does nothing where it has taken over before.
    pub async fn switch(&self) -> Result<(), ServiceError> {
        let target = self.target_id();
        let entry = self.entry(AuditAction::RootSwitched, json!({ "to": target }));
        if self.store.switch_root(&target, &entry).await?
            || self.store.root_state().await?.present == Some(target)
        {
            Ok(())
        } else {
            Err(ServiceError::Internal(
                "another change of the root secret was begun meanwhile",
            ))
        }
    }

    /// Wraps every DEK anew that is wrapped under another root secret, in short transactions, and tells how far
    /// it is after each.
    pub async fn rewrap(&self, mut tell: impl FnMut(Progress)) -> Result<Progress, ServiceError> {
        let mut progress = Progress::default();
        for table in SEALED {
            loop {
                let pass = self.pass(table, progress, &mut tell).await?;
                // A row that changed while it was worked on is met again by another pass.
                let has_moved = pass.rewrapped > progress.rewrapped;
                progress.rewrapped = pass.rewrapped;
                if !has_moved {
                    progress.unopened = pass.unopened;
                    break;
                }
            }
        }
        Ok(progress)
    }

    async fn pass(
        &self,
        table: &SealedTable,
        so_far: Progress,
        tell: &mut impl FnMut(Progress),
    ) -> Result<Progress, ServiceError> {
        let target = self.target_id();
        let mut progress = Progress {
            unopened: 0,
            ..so_far
        };
        let mut after = None;
        loop {
            let rows = self.store.sealed_rows(table, after, Some(&target), BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok(progress);
            };
            after = Some((last.user, last.id));
            let read = rows.len();
            let batch = self.wrap_anew(rows).await?;
            progress.unopened += (read - batch.len()) as u64;
            let began = self.clock.now();
            progress.rewrapped += self.store.rewrap(table, &batch).await?;
            tell(progress);
            // Servers write too, and get the database for half of the time at least.
            let took = self.clock.now().since(began).clamp(1, 1_000).unsigned_abs();
            tokio::time::sleep(std::time::Duration::from_millis(took)).await;
        }
    }

    /// The rows wrapped under the new root secret, without those that do not open.
    async fn wrap_anew(&self, rows: Vec<SealedRow>) -> Result<Vec<Rewrapped>, ServiceError> {
        self.keks.derive(&self.roots, &self.target, &rows).await?;
        let mut batch = Vec::with_capacity(rows.len());
        for row in rows {
            let old = self.keks.get(row.user, &row.sealed.kek_id);
            let new = self.keks.get(row.user, &self.target_id());
            if let (Some(old), Some(new)) = (old, new)
                && let Some((to, key_hash)) = self.wrapped_anew(&row, &old, &new)
            {
                let detail = json!({ "from": row.sealed.kek_id, "to": to.kek_id });
                let entry = AuditEntry {
                    user: Some(row.user),
                    subject: Some(row.id.to_string()),
                    ..self.entry(AuditAction::KeyRewrapped, detail)
                };
                batch.push(Rewrapped {
                    from: row,
                    to,
                    key_hash,
                    entry,
                });
            }
        }
        self.keks.drop_others(&self.target_id());
        Ok(batch)
    }

    /// Wraps, and opens what it wrapped: what did not open again is never stored.
    fn wrapped_anew(&self, row: &SealedRow, old: &UserKek, new: &UserKek) -> Option<(SealedKey, [u8; 32])> {
        let context = context_of(row);
        let envelope = to_envelope(&row.sealed)?;
        let envelope = old.rewrap(&context, &envelope, new, self.random.as_ref()).ok()?;
        let key = new.open(&context, &envelope).ok()?;
        let key_hash = self
            .target
            .fingerprint(row.user, row.provider, &row.base_url, &key);
        Some((to_sealed(envelope), key_hash))
    }

    fn target_id(&self) -> String {
        self.target.kek_id().to_string()
    }

    fn entry(&self, action: AuditAction, detail: serde_json::Value) -> AuditEntry {
        AuditEntry {
            at: self.clock.now(),
            user: None,
            action,
            subject: None,
            detail: detail.to_string(),
        }
    }
}

/// What a stored key is bound to.
fn context_of(row: &SealedRow) -> KeyContext<'_> {
    KeyContext {
        user: row.user,
        key: row.id,
        provider: row.provider,
        origin: &row.base_url,
    }
}
