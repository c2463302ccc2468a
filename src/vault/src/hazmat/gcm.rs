//! AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag.
//! A caller cannot choose a nonce, so none can be used twice; it refuses to know what it encrypts.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use marshmallow_core::Random;
use zeroize::Zeroizing;

use super::key256::Key256;

/// Bytes of a tag.
pub(crate) const TAG_BYTES: usize = 16;
/// Bytes of a nonce.
pub(crate) const IV_BYTES: usize = 12;

/// The cipher refused: something was changed, or the input is longer than GCM takes. It never says which.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused;

/// What [`seal`] makes: the nonce, and the ciphertext with its tag behind it.
pub(crate) struct Sealed {
    pub(crate) iv: [u8; IV_BYTES],
    pub(crate) bytes: Vec<u8>,
}

/// Encrypts `plaintext` under a fresh nonce, bound to `aad`.
pub(crate) fn seal(
    key: &Key256,
    aad: &[u8],
    plaintext: &[u8],
    random: &dyn Random,
) -> Result<Sealed, Refused> {
    let mut iv = [0; IV_BYTES];
    random.fill(&mut iv);
    // Reserved in full: a buffer that grew would leave plaintext behind in the memory it gave up.
    let mut buffer = Zeroizing::new(Vec::with_capacity(plaintext.len() + TAG_BYTES));
    buffer.extend_from_slice(plaintext);
    let tag = cipher(key)
        .encrypt_inout_detached(&Nonce::from(iv), aad, buffer.as_mut_slice().into())
        .map_err(|_| Refused)?;
    buffer.extend_from_slice(&tag);
    let bytes = std::mem::take(&mut *buffer);
    Ok(Sealed { iv, bytes })
}

/// Decrypts what [`seal`] made with the same key and `aad`; `sealed` is ciphertext and tag.
pub(crate) fn open(
    key: &Key256,
    iv: &[u8; IV_BYTES],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let (ciphertext, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(Refused)?;
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    cipher(key)
        .decrypt_inout_detached(
            &Nonce::from(*iv),
            aad,
            buffer.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| Refused)?;
    Ok(buffer)
}

fn cipher(key: &Key256) -> Aes256Gcm {
    Aes256Gcm::new(key.expose_bytes().into())
}

#[cfg(test)]
mod tests;
