//! A user's key-encryption key: seals that user's keys, opens them, and wraps their DEKs anew.
//! It refuses to know where envelopes are stored, and serves no other user.

use std::fmt;

use marshmallow_core::{ApiKey, Random, UserId};

use crate::context::KeyContext;
use crate::envelope::{Envelope, OpenError, SealError};
use crate::hazmat::gcm::{self, Refused, Sealed};
use crate::hazmat::key256::Key256;
use crate::kek_id::KekId;

/// The key that wraps one user's DEKs, derived by [`RootSecret::derive_user_kek`]. Wiped when dropped;
/// deriving it is slow, so callers keep it for a while.
///
/// [`RootSecret::derive_user_kek`]: crate::RootSecret::derive_user_kek
pub struct UserKek {
    user: UserId,
    kek_id: KekId,
    key: Key256,
}

impl UserKek {
    pub(crate) fn new(user: UserId, kek_id: KekId, key: Key256) -> Self {
        Self { user, kek_id, key }
    }

    /// The root secret that it was derived from.
    pub fn kek_id(&self) -> &KekId {
        &self.kek_id
    }

    /// Seals a key under a fresh DEK and fresh nonces, for this context alone.
    /// Draws from `random`, in this order: the DEK (32 bytes), `iv` (12), `dek_iv` (12).
    pub fn seal(
        &self,
        context: &KeyContext<'_>,
        key: &ApiKey,
        random: &dyn Random,
    ) -> Result<Envelope, SealError> {
        if context.user != self.user {
            return Err(SealError::OtherUser);
        }
        let dek = Key256::filled_by(|bytes| random.fill(bytes));
        let sealed = gcm::seal(&dek, &context.key_aad(), key.expose_secret().as_bytes(), random)?;
        let wrapped = self.wrap(context, &dek, random)?;
        Ok(Envelope {
            format: Envelope::FORMAT,
            key_cipher: sealed.bytes,
            iv: sealed.iv,
            wrapped_dek: wrapped.bytes,
            dek_iv: wrapped.iv,
            kek_id: self.kek_id.clone(),
        })
    }

    /// Opens what was sealed for exactly this context, under this user's KEK.
    pub fn open(&self, context: &KeyContext<'_>, envelope: &Envelope) -> Result<ApiKey, OpenError> {
        let dek = self.unwrap_dek(context, envelope)?;
        let bytes = gcm::open(&dek, &envelope.iv, &context.key_aad(), &envelope.key_cipher)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| OpenError::DoesNotOpen)?;
        // `parse` wipes the copy that it is given.
        ApiKey::parse(text.to_owned()).map_err(|_| OpenError::DoesNotOpen)
    }

    /// Wraps the DEK of an envelope under the same user's `new` KEK: of another root secret, or another salt.
    /// The sealed key keeps its bytes and is not looked at; only [`UserKek::open`] proves that it opens.
    pub fn rewrap(
        &self,
        context: &KeyContext<'_>,
        envelope: &Envelope,
        new: &UserKek,
        random: &dyn Random,
    ) -> Result<Envelope, OpenError> {
        if new.user != self.user {
            return Err(OpenError::DoesNotOpen);
        }
        let dek = self.unwrap_dek(context, envelope)?;
        let wrapped = new.wrap(context, &dek, random)?;
        Ok(Envelope {
            wrapped_dek: wrapped.bytes,
            dek_iv: wrapped.iv,
            kek_id: new.kek_id.clone(),
            ..envelope.clone()
        })
    }

    fn wrap(&self, context: &KeyContext<'_>, dek: &Key256, random: &dyn Random) -> Result<Sealed, Refused> {
        gcm::seal(
            &self.key,
            &context.dek_aad(&self.kek_id),
            dek.expose_bytes(),
            random,
        )
    }

    fn unwrap_dek(&self, context: &KeyContext<'_>, envelope: &Envelope) -> Result<Key256, OpenError> {
        if envelope.format != Envelope::FORMAT {
            return Err(OpenError::UnknownFormat);
        }
        if envelope.kek_id != self.kek_id {
            return Err(OpenError::OtherRoot);
        }
        if context.user != self.user {
            return Err(OpenError::DoesNotOpen);
        }
        let aad = context.dek_aad(&self.kek_id);
        let bytes = gcm::open(&self.key, &envelope.dek_iv, &aad, &envelope.wrapped_dek)?;
        Key256::copied_from(&bytes).ok_or(OpenError::DoesNotOpen)
    }
}

impl fmt::Debug for UserKek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserKek(redacted, of {:?} under {})", self.user, self.kek_id)
    }
}
