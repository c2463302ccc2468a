//! What verification found, in words that name the entry.

use std::fmt;

use crate::{AuditAction, Calendar, ChainEntry, Millis};

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFaultKind {
    /// It says something else than when it was written.
    Changed,
    /// It is gone.
    Removed,
    /// It stands in another place than it was written to.
    Reordered,
    /// It was not written by this product.
    Inserted,
}

/// One finding. A removed entry is known by its number alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFault {
    /// What happened.
    pub kind: AuditFaultKind,
    /// The chain.
    pub chain: String,
    /// The number of the entry, or of the first one of several that are gone.
    pub seq: i64,
    /// The number of the last entry that is gone; else the same as `seq`.
    pub to: i64,
    /// The beginning of the hash that the entry bears, its slug and its time; none for what is gone.
    pub entry: Option<(String, String, Millis)>,
    /// The number of the root entry that remembers it otherwise.
    pub root: Option<i64>,
}

impl AuditFault {
    pub(super) fn of(kind: AuditFaultKind, entry: &ChainEntry) -> Self {
        Self {
            kind,
            chain: entry.chain.clone(),
            seq: entry.seq,
            to: entry.seq,
            entry: Some((
                entry.hash.chars().take(12).collect(),
                entry.action.clone(),
                entry.at,
            )),
            root: None,
        }
    }

    pub(super) fn removed(chain: &str, from: i64, to: i64) -> Self {
        Self {
            kind: AuditFaultKind::Removed,
            chain: chain.to_owned(),
            seq: from,
            to,
            entry: None,
            root: None,
        }
    }
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.kind {
            AuditFaultKind::Changed => "changed",
            AuditFaultKind::Removed => "removed",
            AuditFaultKind::Reordered => "reordered",
            AuditFaultKind::Inserted => "inserted",
        };
        write!(f, "{word}: chain {}, ", self.chain)?;
        if self.seq == self.to {
            write!(f, "entry {}", self.seq)?;
        } else {
            write!(f, "entries {} to {}", self.seq, self.to)?;
        }
        if let Some((id, action, at)) = &self.entry {
            // A slug that is none of ours is whatever somebody wrote: it does not reach a terminal.
            let action = AuditAction::from_slug(action).map_or("unknown action", AuditAction::slug);
            let at = Calendar::of(*at).iso();
            let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
            write!(f, ", id {id}, {action}, {at}")?;
        }
        if let Some(root) = self.root {
            write!(f, " (by root entry {root})")?;
        }
        Ok(())
    }
}

/// What verification says of all chains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many chains were read.
    pub chains: usize,
    /// How many entries were read.
    pub entries: u64,
    /// The newest root entry.
    pub last_root: Option<ChainEntry>,
    /// What is wrong, by chain and number.
    pub findings: Vec<AuditFault>,
}
