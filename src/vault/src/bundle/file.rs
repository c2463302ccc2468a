//! The file: a header that anybody may read, and the sealed content. Everything in it is bounded before any work is
//! done for it. It refuses to know what is inside.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use marshmallow_core::{LIMITS, Millis, Random};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::stretch::{FEWEST_ROUNDS, MOST_ROUNDS, ROUNDS, SALT_BYTES};
use super::{Bundle, BundleEntry, BundleError, BundleKey, Passphrase, content};
use crate::framing::framed;
use crate::hazmat::gcm::{self, IV_BYTES, TAG_BYTES};

const FORMAT: &str = "marshmallow-keys";
const VERSION: u32 = 1;
const KDF: &str = "PBKDF2-HMAC-SHA-256";
const CIPHER: &str = "AES-256-GCM";
const LABEL: &[u8] = b"marshmallow/bundle/1";

/// A bundle as a file holds it: read and bounded, and still sealed.
#[derive(Debug)]
pub struct BundleFile {
    rounds: u32,
    salt: [u8; SALT_BYTES],
    check: [u8; 32],
    iv: [u8; IV_BYTES],
    sealed: Vec<u8>,
}

/// What every version of the format has.
#[derive(Deserialize)]
struct Beginning {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    version: u32,
    kdf: WrittenKdf,
    cipher: WrittenCipher,
    ciphertext: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKdf {
    name: String,
    iterations: u32,
    salt: String,
    check: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCipher {
    name: String,
    nonce: String,
}

/// Seals keys under a passphrase, as the text of a file. `made_at` is the present moment.
/// Draws from `random`, in this order: the salt (16 bytes), the nonce (12).
///
/// **Slow** (some 250 ms of one core): call it on a blocking thread.
pub fn seal_bundle(
    made_at: Millis,
    entries: &[BundleEntry<'_>],
    passphrase: &Passphrase,
    random: &dyn Random,
) -> Result<String, BundleError> {
    let content = content::write(made_at, entries)?;
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt);
    let key = BundleKey::derive(passphrase, &salt, ROUNDS);
    let header = header(ROUNDS, &salt, &key.check);
    let sealed = gcm::seal(&key.key, &header, &content, random).map_err(|_| BundleError::TooLarge)?;
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let written = Written {
        format: FORMAT.to_owned(),
        version: VERSION,
        kdf: WrittenKdf {
            name: KDF.to_owned(),
            iterations: ROUNDS,
            salt: text(&salt),
            check: text(&key.check),
        },
        cipher: WrittenCipher {
            name: CIPHER.to_owned(),
            nonce: text(&sealed.iv),
        },
        ciphertext: text(&sealed.bytes),
    };
    let mut file = serde_json::to_string_pretty(&written).map_err(|_| BundleError::Malformed)?;
    file.push('\n');
    if file.len() > LIMITS.bundle_max_bytes {
        return Err(BundleError::TooLarge);
    }
    Ok(file)
}

impl BundleFile {
    /// Reads a file, which may be anything at all. Nothing is derived here.
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        if text.len() > LIMITS.bundle_max_bytes {
            return Err(BundleError::TooLarge);
        }
        let beginning: Beginning = serde_json::from_str(text).map_err(|error| {
            if error.is_eof() && text.contains(FORMAT) {
                BundleError::CutOff
            } else {
                BundleError::NotABundle
            }
        })?;
        if beginning.format != FORMAT {
            return Err(BundleError::NotABundle);
        }
        if beginning.version != VERSION {
            return Err(BundleError::UnknownVersion(beginning.version));
        }
        let written: Written = serde_json::from_str(text).map_err(|_| BundleError::Malformed)?;
        if written.kdf.name != KDF || written.cipher.name != CIPHER {
            return Err(BundleError::Malformed);
        }
        let rounds = written.kdf.iterations;
        if !(FEWEST_ROUNDS..=MOST_ROUNDS).contains(&rounds) {
            return Err(BundleError::Rounds(rounds));
        }
        let sealed = bytes(&written.ciphertext)?;
        if sealed.len() <= TAG_BYTES {
            return Err(BundleError::Malformed);
        }
        Ok(Self {
            rounds,
            salt: array(&written.kdf.salt)?,
            check: array(&written.kdf.check)?,
            iv: array(&written.cipher.nonce)?,
            sealed,
        })
    }

    /// The key that a passphrase gives for this file.
    ///
    /// **Slow** (up to some two seconds of one core, as the file asks within bounds): call it on a blocking thread.
    pub fn derive_key(&self, passphrase: &Passphrase) -> BundleKey {
        BundleKey::derive(passphrase, &self.salt, self.rounds)
    }

    /// Opens the file with its key.
    pub fn open(&self, key: &BundleKey) -> Result<Bundle, BundleError> {
        // Both sides come from whoever holds file and passphrase, so the time that this takes tells them nothing.
        if key.check != self.check {
            return Err(BundleError::WrongPassphrase);
        }
        let header = header(self.rounds, &self.salt, &self.check);
        let content =
            gcm::open(&key.key, &self.iv, &header, &self.sealed).map_err(|_| BundleError::Changed)?;
        content::read(&content)
    }
}

/// What the cipher authenticates beside the content. The nonce is bound by GCM itself.
fn header(rounds: u32, salt: &[u8; SALT_BYTES], check: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    framed(&[
        LABEL,
        KDF.as_bytes(),
        &rounds.to_be_bytes(),
        salt,
        check,
        CIPHER.as_bytes(),
    ])
}

fn bytes(text: &str) -> Result<Vec<u8>, BundleError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| BundleError::Malformed)
}

fn array<const N: usize>(text: &str) -> Result<[u8; N], BundleError> {
    bytes(text)?.try_into().map_err(|_| BundleError::Malformed)
}
