//! Verifying chains: what was changed, removed, put elsewhere or inserted, by name. Pure and in one pass: entries
//! come in, findings come out, and what it remembers is one state a chain and the heads that root entries name.
//! It refuses to say who did it; what a hash chain cannot show stands in ADR 9.

mod finding;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use self::finding::{AuditFault, AuditFaultKind, VerifyReport};
use super::{
    AuditAction,
    chain::{AuditHead, AuditRoot, ChainEntry, FIRST_PREV, ROOTS_CHAIN},
    line::AuditExport,
};

/// How far from its place an entry that was put elsewhere is looked for.
const REACH: i64 = 64;
/// Missing numbers that are remembered one by one, in case the entries come later.
const LONGEST_GAP: i64 = 10_000;

/// One chain as far as it was read.
struct Chain {
    /// The entry that was read last in its place.
    last: Option<ChainEntry>,
    /// Whether a finding names that entry, so that what follows from it is not found again.
    is_last_named: bool,
    /// Numbers that were passed over.
    missing: BTreeSet<i64>,
    count: u64,
}

impl Chain {
    fn seq(&self) -> i64 {
        self.last.as_ref().map_or(0, |last| last.seq)
    }
}

/// What root entries say of the other chains.
#[derive(Default)]
struct Remembered {
    /// Hashes by chain and number, with the number of the root entry.
    hashes: HashMap<(String, i64), (String, i64)>,
    /// The highest number of each chain, with the number of the root entry.
    tips: BTreeMap<String, (i64, i64)>,
}

impl Remembered {
    /// Takes a root entry; false for one that this product did not write.
    fn take(&mut self, entry: &ChainEntry) -> bool {
        let root = serde_json::from_str::<AuditRoot>(&entry.detail).ok();
        let Some(root) = root.filter(|_| entry.action == AuditAction::AuditRooted.slug()) else {
            return false;
        };
        for head in root.heads {
            let tip = self.tips.entry(head.chain.clone()).or_insert((0, 0));
            *tip = (*tip).max((head.seq, entry.seq));
            self.hashes.insert((head.chain, head.seq), (head.hash, entry.seq));
        }
        true
    }
}

/// Reads entries and finds what is wrong with them. The chain of root entries comes first, then each other chain in
/// one piece, oldest entry first; after each chain, the head that is stored of it.
#[derive(Default)]
pub struct Verifier {
    chains: BTreeMap<String, Chain>,
    remembered: Remembered,
    findings: Vec<AuditFault>,
}

impl Verifier {
    /// Takes the next entry.
    pub fn entry(&mut self, entry: ChainEntry) {
        let before = self.findings.len();
        let chain = self.chains.entry(entry.chain.clone()).or_insert_with(|| Chain {
            last: None,
            is_last_named: false,
            missing: BTreeSet::new(),
            count: 0,
        });
        chain.count += 1;
        let expected = chain.seq() + 1;
        let fault = fault_of(&entry);
        if entry.seq < expected {
            let kind = if chain.missing.remove(&entry.seq) {
                fault.unwrap_or(AuditFaultKind::Reordered)
            } else {
                AuditFaultKind::Inserted
            };
            self.findings.push(AuditFault::of(kind, &entry));
            return;
        }
        if entry.seq > expected {
            let until = entry.seq.min(expected.saturating_add(LONGEST_GAP));
            chain.missing.extend(expected..until);
            if until < entry.seq {
                self.findings
                    .push(AuditFault::removed(&entry.chain, until, entry.seq - 1));
            }
        } else if fault.is_none() && !chain.is_last_named {
            let prev = chain.last.as_ref().map_or(FIRST_PREV, |last| &last.hash);
            if entry.prev != prev {
                // An entry whose own hash is right, and which its successor remembers otherwise, was written anew.
                let named = chain.last.as_ref().unwrap_or(&entry);
                self.findings.push(AuditFault::of(AuditFaultKind::Changed, named));
            }
        }
        if let Some(kind) = fault {
            self.findings.push(AuditFault::of(kind, &entry));
        } else if let Some((hash, root)) = self.remembered.hashes.get(&(entry.chain.clone(), entry.seq))
            && *hash != entry.hash
        {
            let mut finding = AuditFault::of(AuditFaultKind::Changed, &entry);
            finding.root = Some(*root);
            self.findings.push(finding);
        }
        if entry.chain == ROOTS_CHAIN && !self.remembered.take(&entry) && fault.is_none() {
            self.findings
                .push(AuditFault::of(AuditFaultKind::Inserted, &entry));
        }
        chain.is_last_named = self.findings.len() > before;
        chain.last = Some(entry);
    }

    /// Says that no head is stored of a chain: what it holds was not written by this product, or its head was taken.
    pub fn no_head(&mut self, chain: &str) {
        self.head(&AuditHead {
            chain: chain.to_owned(),
            seq: 0,
            hash: FIRST_PREV.to_owned(),
        });
    }

    /// Takes the head that is stored of a chain, after the chain's last entry.
    pub fn head(&mut self, head: &AuditHead) {
        let chain = self.chains.get(&head.chain);
        let seq = chain.map_or(0, Chain::seq);
        if head.seq > seq {
            self.findings
                .push(AuditFault::removed(&head.chain, seq + 1, head.seq));
        }
        let Some((last, is_named)) =
            chain.and_then(|chain| Some((chain.last.as_ref()?, chain.is_last_named)))
        else {
            return;
        };
        if head.seq < seq {
            self.findings.push(AuditFault::of(AuditFaultKind::Inserted, last));
        } else if head.seq == seq && head.hash != last.hash && !is_named {
            self.findings.push(AuditFault::of(AuditFaultKind::Changed, last));
        }
    }

    /// Says what was found, after the last chain. A chain that only root entries know is missing as a whole.
    pub fn finish(mut self) -> VerifyReport {
        for (name, chain) in &self.chains {
            for (from, to) in ranges(&chain.missing) {
                self.findings.push(AuditFault::removed(name, from, to));
            }
        }
        for (name, (seq, root)) in &self.remembered.tips {
            let read = self.chains.get(name).map_or(0, Chain::seq);
            let is_told = |finding: &AuditFault| {
                finding.kind == AuditFaultKind::Removed && finding.chain == *name && finding.to >= *seq
            };
            if read < *seq && !self.findings.iter().any(is_told) {
                let mut finding = AuditFault::removed(name, read + 1, *seq);
                finding.root = Some(*root);
                self.findings.push(finding);
            }
        }
        self.findings
            .sort_by(|a, b| (&a.chain, a.seq, a.to).cmp(&(&b.chain, b.seq, b.to)));
        self.findings.dedup();
        let last_root = self.chains.get(ROOTS_CHAIN).and_then(|roots| roots.last.clone());
        VerifyReport {
            chains: self.chains.len(),
            entries: self.chains.values().map(|chain| chain.count).sum(),
            last_root,
            findings: self.findings,
        }
    }
}

/// Verifies a downloaded file: its root entries first, everything else in the file's own order.
pub fn verify_export(export: AuditExport) -> VerifyReport {
    let mut verifier = Verifier::default();
    let (roots, others): (Vec<_>, Vec<_>) = export
        .entries
        .into_iter()
        .partition(|entry| entry.chain == ROOTS_CHAIN);
    for entry in roots.into_iter().chain(others) {
        verifier.entry(entry);
    }
    for head in &export.heads {
        verifier.head(head);
    }
    let known: BTreeSet<&String> = export.heads.iter().map(|head| &head.chain).collect();
    let headless: Vec<String> = verifier
        .chains
        .keys()
        .filter(|name| !known.contains(name))
        .cloned()
        .collect();
    for chain in &headless {
        verifier.no_head(chain);
    }
    verifier.finish()
}

/// What an entry tells about itself: its hash is not over what it says.
fn fault_of(entry: &ChainEntry) -> Option<AuditFaultKind> {
    let is_right = |entry: &ChainEntry| entry.derive_hash().as_ref() == Some(&entry.hash);
    if is_right(entry) {
        return None;
    }
    let from = entry.seq.saturating_sub(REACH).max(1);
    let mut elsewhere = entry.clone();
    let is_elsewhere = (from..=entry.seq.saturating_add(REACH)).any(|seq| {
        elsewhere.seq = seq;
        is_right(&elsewhere)
    });
    Some(if is_elsewhere {
        AuditFaultKind::Reordered
    } else {
        AuditFaultKind::Changed
    })
}

/// Neighbouring numbers as ranges.
fn ranges(numbers: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, to)) if *to + 1 == number => *to = number,
            _ => ranges.push((number, number)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests;
