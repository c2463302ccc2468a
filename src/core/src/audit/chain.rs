//! How audit entries hang together: each holds the hash of the one before, and its own hash covers all of it.
//! Format 1 is documented in ADR 9; its known answer below is pinned. It refuses to know a database.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Millis, UserId};

/// The encoding that this version writes.
pub const AUDIT_FORMAT: i64 = 1;
/// The chain of what belongs to no user.
pub const INSTALLATION_CHAIN: &str = "installation";
/// The chain of root entries.
pub const ROOTS_CHAIN: &str = "roots";
/// What the first entry of a chain holds in place of a hash.
pub const FIRST_PREV: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The chain that an entry of this user's, or of nobody's, belongs to.
pub fn chain_of(user: Option<UserId>) -> String {
    user.map_or_else(|| INSTALLATION_CHAIN.to_owned(), |user| user.to_string())
}

/// An entry as it is kept and exported: plain columns, so that whatever somebody made of them can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEntry {
    /// The encoding that its hash is over.
    pub format: i64,
    /// Its chain: a user's id, or one of the constants here.
    pub chain: String,
    /// Its number in the chain, from 1 on without a gap.
    pub seq: i64,
    /// When it happened.
    pub at: Millis,
    /// Who did it.
    pub user: Option<String>,
    /// What was done: the slug of an [`crate::AuditAction`].
    pub action: String,
    /// The id of what it was done to.
    pub subject: Option<String>,
    /// More about it: a JSON object as text.
    pub detail: String,
    /// The hash of the entry before, in hexadecimal.
    pub prev: String,
    /// Its own hash, in hexadecimal.
    pub hash: String,
}

impl ChainEntry {
    /// The hash that the entry's other fields lead to: SHA-256 over
    /// `"marshmallow/audit/1" ‖ prev ‖ chain ‖ seq ‖ at ‖ user ‖ action ‖ subject ‖ detail`, where a text is its length
    /// as 8 bytes and then its UTF-8 bytes, a number is 8 bytes (two's complement), all big-endian, and what may be
    /// missing is one byte 0, or one byte 1 and the text. None for a format that this version does not know.
    pub fn derive_hash(&self) -> Option<String> {
        if self.format != AUDIT_FORMAT {
            return None;
        }
        let mut hasher = Sha256::new();
        text(&mut hasher, "marshmallow/audit/1");
        text(&mut hasher, &self.prev);
        text(&mut hasher, &self.chain);
        hasher.update(self.seq.to_be_bytes());
        hasher.update(self.at.0.to_be_bytes());
        optional(&mut hasher, self.user.as_deref());
        text(&mut hasher, &self.action);
        optional(&mut hasher, self.subject.as_deref());
        text(&mut hasher, &self.detail);
        Some(hex(&hasher.finalize()))
    }
}

/// The last entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The chain.
    pub chain: String,
    /// The number of its last entry.
    pub seq: i64,
    /// The hash of its last entry.
    pub hash: String,
}

/// What a root entry says beside its action: the heads that moved since the root before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRoot {
    /// The heads, by chain.
    pub heads: Vec<AuditHead>,
}

fn text(hasher: &mut Sha256, text: &str) {
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    hasher.update(length.to_be_bytes());
    hasher.update(text.as_bytes());
}

fn optional(hasher: &mut Sha256, value: Option<&str>) {
    match value {
        None => hasher.update([0]),
        Some(value) => {
            hasher.update([1]);
            text(hasher, value);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> ChainEntry {
        ChainEntry {
            format: 1,
            chain: "installation".into(),
            seq: 1,
            at: Millis(1_800_000_000_000),
            user: None,
            action: "account.sign_in_failed".into(),
            subject: Some("ä".into()),
            detail: "{}".into(),
            prev: FIRST_PREV.into(),
            hash: String::new(),
        }
    }

    /// Computed with another implementation (Python's hashlib) by the words of the documentation.
    #[test]
    fn the_hash_of_format_1_is_pinned() {
        assert_eq!(
            entry().derive_hash().unwrap(),
            "171709b0a9f43766acc8c9baf36c894f2b5d20d1320514dacc292d31adde0a0b"
        );
    }

    #[test]
    fn every_field_counts_and_none_flows_into_the_next() {
        let changes: [fn(&mut ChainEntry); 9] = [
            |entry| entry.chain.push('x'),
            |entry| entry.seq = 2,
            |entry| entry.at = Millis(1_800_000_000_001),
            |entry| entry.user = Some(String::new()),
            |entry| entry.action.push('x'),
            |entry| entry.subject = None,
            |entry| entry.detail = "{ }".into(),
            |entry| entry.prev = entry.prev.replacen('0', "1", 1),
            |entry| {
                entry.subject = Some("ä{".into());
                entry.detail = "}".into();
            },
        ];
        let mut seen = vec![entry().derive_hash()];
        for change in changes {
            let mut changed = entry();
            change(&mut changed);
            let hash = changed.derive_hash();
            assert!(hash.is_some() && !seen.contains(&hash), "{changed:?}");
            seen.push(hash);
        }
        assert_eq!(ChainEntry { format: 2, ..entry() }.derive_hash(), None);
    }
}
