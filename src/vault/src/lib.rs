//! Seals provider keys, so that a stolen database opens nothing.
//! It refuses to do I/O, to wait, to read the clock and to make its own randomness, and knows no table.
//!
//! # Hierarchy (format 1)
//! ```text
//! root secret   32 random bytes; the operator's, never in the database
//!   ├ HMAC-SHA-256, fixed label                     →  kek id (public, names the root secret)
//!   ├ HMAC-SHA-256, fixed label                     →  fingerprint key  →  fingerprints (find duplicates)
//!   └ PBKDF2-HMAC-SHA-256, 600 000 rounds, user's salt  →  user KEK (wraps DEKs, nothing else)
//!        └ AES-256-GCM  →  wrapped DEK (a DEK is random, one per stored key, and seals one text only)
//!             └ AES-256-GCM  →  sealed key
//! ```
//! A KEK is reused and encrypts random DEKs only; a DEK is fresh for every sealing, so its nonce can never
//! repeat. Nonces are 96 random bits, which is sound for 2³² wraps under one KEK (NIST SP 800-38D, section
//! 8.3); a person stores at most some hundred keys.
//!
//! # The exact bytes
//! `field(x)` is the length of `x` as 8 bytes, big endian, and then `x`. Ids are the 16 bytes of their UUID,
//! `provider` is its slug, texts are UTF-8. `a ‖ b` is concatenation, and the tag of GCM is 16 bytes.
//! ```text
//! kek id       first 8 bytes of HMAC(root, "marshmallow/kek-id/1"), as 16 lower-case hex digits
//! user KEK     PBKDF2-HMAC-SHA-256(root, salt, 600000, 32 bytes)
//! wrapped_dek  GCM(user KEK, dek_iv, DEK, aad = field("marshmallow/dek/1") ‖ field(user) ‖ field(key id)
//!                                               ‖ field(kek id)), ciphertext ‖ tag
//! key_cipher   GCM(DEK, iv, key text, aad = field("marshmallow/key/1") ‖ field(user) ‖ field(provider)
//!                                           ‖ field(origin) ‖ field(key id)), ciphertext ‖ tag
//! fingerprint  HMAC(HMAC(root, "marshmallow/fingerprint-key/1"), field("marshmallow/fingerprint/1")
//!              ‖ field(user) ‖ field(provider) ‖ field(origin) ‖ field(key text))
//! ```
//! No message of one use of the root secret can be one of another: what PBKDF2 asks of HMAC starts with a
//! salt and ends in the block number `00000001`, and the labels end in readable text.
//! Another kind of secret gets labels of its own; format 1 stays as it is.
//!
//! Keys also leave in bundles, sealed under a passphrase alone: [`seal_bundle`] and [`BundleFile`], whose bytes are in
//! `docs/key-bundle.md`.
//!
//! # What it cannot do
//! Secrets are wiped when they are dropped, and live on the heap so that moving one leaves no copy behind.
//! Copies that a compiler or an operating system makes (registers, swap, core dumps) are out of its reach.

#![forbid(unsafe_code)]

mod bundle;
mod context;
mod envelope;
mod fingerprint;
mod framing;
mod hazmat;
mod hex;
mod kek_id;
mod root;
mod user_kek;
mod well_known;

pub use bundle::{
    Bundle, BundleEntry, BundleError, BundleFile, BundleKey, BundledKey, Passphrase, PassphraseError,
    seal_bundle,
};
pub use context::KeyContext;
pub use envelope::{Envelope, OpenError, SealError};
pub use kek_id::{KekId, KekIdError};
pub use root::{RootSecret, RootSecretError};
pub use user_kek::UserKek;
