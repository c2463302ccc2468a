//! The root secret: read from an operator's text or made at random, and the keys derived from it.
//! It refuses to know where the text came from, and lets nothing guessable pass.

use std::fmt;

use base64::Engine;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use marshmallow_core::{Random, UserId};
use zeroize::Zeroizing;

use crate::hazmat::derive::{hmac_sha256, pbkdf2_hmac_sha256};
use crate::hazmat::key256::Key256;
use crate::hex;
use crate::kek_id::KekId;
use crate::user_kek::UserKek;
use crate::well_known::{is_known_key, is_known_text};

/// Bytes of a root secret.
const BYTES: usize = 32;
/// Hex digits of a root secret.
const HEX_DIGITS: usize = 64;
/// Characters of a root secret in padded base64.
const BASE64_CHARS: usize = 44;
/// Part of format 1, so it never changes. The number is OWASP's for PBKDF2-HMAC-SHA-256 (Password Storage
/// Cheat Sheet, 2023).
const USER_KEK_ROUNDS: u32 = 600_000;
const KEK_ID_LABEL: &[u8] = b"marshmallow/kek-id/1";

/// The secret from which all keys of an installation are derived. Wiped from memory when dropped.
/// Whoever has it and the database has every stored key; without it, no stored key opens again.
pub struct RootSecret(Key256);

/// Why a text is not taken as the root secret. Each message tells the operator what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RootSecretError {
    /// Nothing but white space.
    #[error("the root secret is empty; make one with `openssl rand -hex 32`")]
    Empty,
    /// Neither 64 hex digits nor base64 of 32 bytes.
    #[error(
        "the root secret must be 64 hex digits or base64 of 32 bytes; make one with `openssl rand -hex 32`"
    )]
    Malformed,
    /// Fewer than 32 bytes, in hex or base64.
    #[error("the root secret is shorter than 32 bytes; make one with `openssl rand -hex 32`")]
    TooShort,
    /// A placeholder, a published sample, or bytes with a pattern: others can guess it.
    #[error("the root secret is well known or easy to guess; make one with `openssl rand -hex 32`")]
    WellKnown,
}

impl RootSecret {
    /// Reads 64 hex digits, or base64 (standard or URL-safe, with or without padding) of exactly 32 bytes.
    /// White space around the text is ignored. The caller wipes the text.
    pub fn parse(text: &str) -> Result<Self, RootSecretError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(RootSecretError::Empty);
        }
        if is_known_text(text) {
            return Err(RootSecretError::WellKnown);
        }
        let bytes = if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            from_hex(text)?
        } else {
            from_base64(text)?
        };
        if bytes.len() < BYTES {
            return Err(RootSecretError::TooShort);
        }
        let key = Key256::copied_from(&bytes).ok_or(RootSecretError::Malformed)?;
        if is_known_key(key.expose_bytes()) {
            return Err(RootSecretError::WellKnown);
        }
        Ok(Self(key))
    }

    /// A new secret out of `random`, which must be the system's source outside tests.
    pub fn make(random: &dyn Random) -> Self {
        Self(Key256::filled_by(|bytes| random.fill(bytes)))
    }

    /// The secret as 64 hex digits: for the file of mode 0600 that keeps it, nowhere else.
    pub fn expose_hex(&self) -> Zeroizing<String> {
        hex::encode(self.0.expose_bytes())
    }

    /// The public name of this secret. Short enough to read aloud, and it cannot be turned back; yet it lets
    /// a guess be checked at once, which is why guessable secrets are refused.
    pub fn kek_id(&self) -> KekId {
        let code = self.derive_labelled(KEK_ID_LABEL);
        KekId::from_bytes([
            code[0], code[1], code[2], code[3], code[4], code[5], code[6], code[7],
        ])
    }

    /// The KEK of a user, whose salt is 16 random bytes made once with the account.
    ///
    /// **Slow** (about 70 ms of one core, see the example `timing`): call it on a blocking thread, once per
    /// user and cache life, never per message.
    pub fn derive_user_kek(&self, user: UserId, salt: &[u8; 16]) -> UserKek {
        let key = Key256::filled_by(|bytes| {
            pbkdf2_hmac_sha256(self.0.expose_bytes(), salt, USER_KEK_ROUNDS, bytes);
        });
        UserKek::new(user, self.kek_id(), key)
    }

    /// HMAC of a fixed label, for one use alone. No label may be shared by two uses.
    pub(crate) fn derive_labelled(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        hmac_sha256(self.0.expose_bytes(), label)
    }
}

impl fmt::Debug for RootSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootSecret(redacted)")
    }
}

/// All hex digits, yet not 64 of them, is a hex secret that lost its end, never base64: 43 random characters
/// of base64 are all hex digits once in 10²⁰.
fn from_hex(text: &str) -> Result<Zeroizing<Vec<u8>>, RootSecretError> {
    if text.len() < HEX_DIGITS {
        return Err(RootSecretError::TooShort);
    }
    hex::decode(text).ok_or(RootSecretError::Malformed)
}

fn from_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, RootSecretError> {
    [STANDARD, URL_SAFE]
        .iter()
        .find_map(|alphabet| decode_base64(alphabet, text))
        .ok_or(RootSecretError::Malformed)
}

fn decode_base64(alphabet: &Alphabet, text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let either_padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // Room for a padded secret and a little more: what decodes to more than this is refused unread.
    let mut bytes = Zeroizing::new(vec![0; BASE64_CHARS]);
    let engine = GeneralPurpose::new(alphabet, either_padding);
    let length = engine.decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}
