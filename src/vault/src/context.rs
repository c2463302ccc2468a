//! What a sealed key is bound to, and the bytes that bind it (the authenticated context, AAD).
//! It refuses to know keys and ciphers: a row that was moved must differ here, in nothing else.

use marshmallow_core::{KeyId, Provider, UserId};
use zeroize::Zeroizing;

use crate::{framing::framed, kek_id::KekId};

const DEK_LABEL: &[u8] = b"marshmallow/dek/1";
const KEY_LABEL: &[u8] = b"marshmallow/key/1";

/// Whose key it is, which row it stands in, and where it may be sent.
/// An envelope opens for exactly the context that it was sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyContext<'a> {
    /// The owner.
    pub user: UserId,
    /// The row.
    pub key: KeyId,
    /// The provider.
    pub provider: Provider,
    /// The base URL that the key was entered for, compared byte by byte: callers normalise it once.
    pub origin: &'a str,
}

impl KeyContext<'_> {
    /// What the wrapped DEK is bound to.
    pub(crate) fn dek_aad(&self, kek_id: &KekId) -> Zeroizing<Vec<u8>> {
        framed(&[
            DEK_LABEL,
            self.user.as_bytes(),
            self.key.as_bytes(),
            kek_id.as_str().as_bytes(),
        ])
    }

    /// What the sealed key is bound to. No kek id: a new root secret leaves the sealed key as it is.
    pub(crate) fn key_aad(&self) -> Zeroizing<Vec<u8>> {
        let provider = self.provider.slug().as_bytes();
        framed(&[
            KEY_LABEL,
            self.user.as_bytes(),
            provider,
            self.origin.as_bytes(),
            self.key.as_bytes(),
        ])
    }
}
