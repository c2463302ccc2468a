//! From a passphrase to the key of one bundle, slowly. The bounds on the work stand here.

use std::fmt;

use zeroize::Zeroizing;

use super::Passphrase;
use crate::hazmat::derive::{hmac_sha256, pbkdf2_hmac_sha256};
use crate::hazmat::key256::Key256;

/// Bytes of a bundle's salt.
pub(super) const SALT_BYTES: usize = 16;
/// What new bundles take. More than three times OWASP's 600 000 for PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet,
/// 2023), since a file can be guessed at without anybody noticing.
pub(super) const ROUNDS: u32 = 2_000_000;
/// Fewest rounds that are read: OWASP's number. Below it, a file was not made to keep anything.
pub(super) const FEWEST_ROUNDS: u32 = 600_000;
/// Most rounds that are read: some two seconds of one core.
pub(super) const MOST_ROUNDS: u32 = 10_000_000;

const KEY_LABEL: &[u8] = b"marshmallow/bundle-key/1";
const CHECK_LABEL: &[u8] = b"marshmallow/bundle-check/1";

/// The key of one bundle, and the value that tells whether it is the right one. Wiped when dropped.
pub struct BundleKey {
    pub(super) key: Key256,
    pub(super) check: [u8; 32],
}

impl BundleKey {
    /// PBKDF2, and from its result one key for the cipher and one value to be compared. That value also binds the file
    /// to one key: GCM alone lets somebody make a ciphertext that opens under several.
    pub(super) fn derive(passphrase: &Passphrase, salt: &[u8; SALT_BYTES], rounds: u32) -> Self {
        let mut stretched = Zeroizing::new([0; 32]);
        let secret = passphrase.expose_secret().as_bytes();
        pbkdf2_hmac_sha256(secret, salt, rounds, stretched.as_mut_slice());
        let key = hmac_sha256(stretched.as_slice(), KEY_LABEL);
        Self {
            key: Key256::filled_by(|bytes| bytes.copy_from_slice(key.as_slice())),
            check: *hmac_sha256(stretched.as_slice(), CHECK_LABEL),
        }
    }
}

impl fmt::Debug for BundleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BundleKey(redacted)")
    }
}
