//! The sealed form of a key, as a row holds it, and why sealing or opening can fail.
//! It refuses to know keys: everything in an envelope may lie in a stolen database.

use std::fmt;

use crate::hazmat::gcm::{IV_BYTES, Refused};
use crate::kek_id::KekId;

/// A sealed key with its wrapped DEK. Each field is one column.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The format of all other fields: [`Envelope::FORMAT`].
    pub format: u8,
    /// The key under its DEK: ciphertext, then 16 bytes of tag.
    pub key_cipher: Vec<u8>,
    /// The nonce of `key_cipher`.
    pub iv: [u8; IV_BYTES],
    /// The DEK under the user's KEK: 32 bytes of ciphertext, then 16 bytes of tag.
    pub wrapped_dek: Vec<u8>,
    /// The nonce of `wrapped_dek`.
    pub dek_iv: [u8; IV_BYTES],
    /// The root secret that the user's KEK came from.
    pub kek_id: KekId,
}

impl Envelope {
    /// The format that is written, and the only one that is read.
    pub const FORMAT: u8 = 1;
}

/// Shows which envelope it is and how long its parts are; sealed bytes do not belong in logs either.
impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("format", &self.format)
            .field("kek_id", &self.kek_id.as_str())
            .field("key_cipher_bytes", &self.key_cipher.len())
            .field("wrapped_dek_bytes", &self.wrapped_dek.len())
            .finish_non_exhaustive()
    }
}

/// Why a key was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The context names another user than the one this KEK belongs to: a mistake of the caller.
    #[error("the key belongs to another user than the sealing key")]
    OtherUser,
    /// Longer than AES-GCM takes (64 GiB).
    #[error("the key is too long to be sealed")]
    TooLong,
}

/// Why an envelope did not open. A failure ends what was asked for; it never becomes a fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Written by a newer version, or damaged.
    #[error("the stored key has a format that this version does not know")]
    UnknownFormat,
    /// Wrapped under another root secret: rotation is not finished, or the configured secret is wrong.
    #[error("the stored key was sealed under another root secret")]
    OtherRoot,
    /// Changed, moved from another user, provider, address or row, or opened with another salt. Which of
    /// these it was is not said, since that would help whoever tries.
    #[error("the stored key does not open")]
    DoesNotOpen,
}

impl From<Refused> for SealError {
    fn from(_: Refused) -> Self {
        SealError::TooLong
    }
}

impl From<Refused> for OpenError {
    fn from(_: Refused) -> Self {
        OpenError::DoesNotOpen
    }
}
