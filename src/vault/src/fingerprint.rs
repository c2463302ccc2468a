//! A keyed hash of a key, so that a duplicate is found without opening anything.
//! It refuses to link people: the same key of two users has two unrelated fingerprints.

use marshmallow_core::{ApiKey, Provider, UserId};

use crate::framing::framed;
use crate::hazmat::derive::hmac_sha256;
use crate::root::RootSecret;

const KEY_LABEL: &[u8] = b"marshmallow/fingerprint-key/1";
const LABEL: &[u8] = b"marshmallow/fingerprint/1";

impl RootSecret {
    /// The fingerprint of one user's key for one provider at one origin. Deterministic and quick.
    /// Without the root secret, a guessed key cannot be checked against it. It changes with the root secret.
    pub fn fingerprint(&self, user: UserId, provider: Provider, origin: &str, key: &ApiKey) -> [u8; 32] {
        let subkey = self.derive_labelled(KEY_LABEL);
        let message = framed(&[
            LABEL,
            user.as_bytes(),
            provider.slug().as_bytes(),
            origin.as_bytes(),
            key.expose_secret().as_bytes(),
        ]);
        *hmac_sha256(&*subkey, &message)
    }
}
