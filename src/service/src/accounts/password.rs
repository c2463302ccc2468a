//! Password hashing with argon2id (19 MiB, two passes, one lane: OWASP's minimum), always on a blocking
//! thread and never more than two at once, so that sign-ins cannot starve the chat.

use std::sync::{Arc, LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use marshmallow_core::Random;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::ServiceError;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A hash that no password fits, so that an unknown account costs as much time as a known one.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| {
    Argon2::default()
        .hash_password_with_salt(b"nobody", &[7; 16])
        .ok()
        .map(|hash| hash.to_string())
});

/// The PHC string of `password`, with 16 random bytes of salt.
pub async fn hash(password: Zeroizing<String>, random: Arc<dyn Random>) -> Result<String, ServiceError> {
    on_blocking_thread(move || {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let hash: PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|_| ServiceError::Internal("hashing a password"))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether `password` fits the stored PHC string; without one, no, after the same time.
pub async fn verify(password: Zeroizing<String>, stored: Option<String>) -> Result<bool, ServiceError> {
    on_blocking_thread(move || {
        let is_known = stored.is_some();
        let text = stored
            .or_else(|| NOBODY.clone())
            .ok_or(ServiceError::Internal("hashing a password"))?;
        let fits = Argon2::default()
            .verify_password(password.as_bytes(), text.as_str())
            .is_ok();
        Ok(is_known && fits)
    })
    .await
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    let _permit = AT_ONCE
        .acquire()
        .await
        .map_err(|_| ServiceError::Internal("hashing a password"))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ServiceError::Internal("hashing a password"))?
}
