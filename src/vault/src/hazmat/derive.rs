//! HMAC-SHA-256 (RFC 2104) and PBKDF2 over it (RFC 8018, section 5.2).
//! It refuses to know labels, salts and round counts: whoever derives a key states them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// HMAC-SHA-256 of `message`. Wiped when dropped, for it may be a key itself.
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> Zeroizing<[u8; 32]> {
    #[expect(
        clippy::expect_used,
        reason = "HMAC is defined for keys of every length (RFC 2104, section 2)"
    )]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes every key");
    mac.update(message);
    let mut code = mac.finalize().into_bytes();
    let mut output = Zeroizing::new([0; 32]);
    output.copy_from_slice(&code);
    code.zeroize();
    output
}

/// Fills `output` with PBKDF2-HMAC-SHA-256 of `password`. Time grows with `rounds`.
pub(crate) fn pbkdf2_hmac_sha256(password: &[u8], salt: &[u8], rounds: u32, output: &mut [u8]) {
    pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, output);
}

#[cfg(test)]
mod tests;
