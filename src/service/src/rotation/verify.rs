//! The last look: every envelope is opened once more, and counted by the root secret that opened it.
//! An envelope names its root secret, and that name is part of what is authenticated: it opens under no other.

use marshmallow_core::{AuditAction, KeyId};
use marshmallow_store::SEALED;
use serde_json::json;

use super::{BATCH, Rotation, context_of};
use crate::{ServiceError, keyring::to_envelope};

/// How many unopened keys are named.
const NAMED: usize = 100;

/// What opens under which root secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Envelopes that open under the new root secret.
    pub under_new: u64,
    /// Envelopes that open under a former one.
    pub under_old: u64,
    /// Envelopes that open under none: changed behind the server's back. No root secret ever brings them back.
    pub unopened: u64,
    /// The first of these.
    pub named: Vec<KeyId>,
}

impl Verdict {
    /// Whether everything opens under the new root secret and nothing under a former one.
    pub fn is_complete(&self) -> bool {
        self.under_old == 0 && self.unopened == 0
    }
}

impl Rotation {
    /// Opens everything that is stored, and counts.
    pub async fn verify(&self) -> Result<Verdict, ServiceError> {
        let target = self.target_id();
        let mut verdict = Verdict::default();
        for table in SEALED {
            let mut after = None;
            loop {
                let rows = self.store.sealed_rows(table, after, None, BATCH).await?;
                let Some(last) = rows.last() else { break };
                after = Some((last.user, last.id));
                self.keks.derive(&self.roots, &self.target, &rows).await?;
                for row in &rows {
                    let kek = self.keks.get(row.user, &row.sealed.kek_id);
                    let opened = kek
                        .zip(to_envelope(&row.sealed))
                        .is_some_and(|(kek, envelope)| kek.open(&context_of(row), &envelope).is_ok());
                    match opened {
                        true if row.sealed.kek_id == target => verdict.under_new += 1,
                        true => verdict.under_old += 1,
                        false => {
                            verdict.unopened += 1;
                            if verdict.named.len() < NAMED {
                                verdict.named.push(row.id);
                            }
                        }
                    }
                }
            }
        }
        Ok(verdict)
    }

    /// Records a complete change, on disk: from here on the former root secret opens nothing that is stored.
    pub async fn finish(&self, verdict: &Verdict) -> Result<(), ServiceError> {
        let detail = json!({ "to": self.target_id(), "keys": verdict.under_new });
        self.store.commit_to_disk().await?;
        self.store
            .record(&self.entry(AuditAction::RootReplaced, detail))
            .await?;
        self.store.wipe_log().await;
        Ok(())
    }
}
