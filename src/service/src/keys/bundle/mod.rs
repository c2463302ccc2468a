//! Keys that leave and come in sealed files. Passphrases are stretched on blocking threads, two at a time, and opened
//! keys live for one call: between review and storing nobody keeps them, so each step sends file and passphrase again.

mod export;
mod import;
mod words;

use marshmallow_core::UserId;
use marshmallow_vault::{Bundle, BundleFile, Passphrase};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

pub use export::{ExportRequest, ExportedKeys};

use super::Keys;
use crate::ServiceError;

/// So that opening files cannot starve the chat.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A file and what opens it, as a person sent them.
pub struct SealedFile {
    text: String,
    passphrase: Zeroizing<String>,
}

impl SealedFile {
    /// The text of a file, which may be anything, and the typed passphrase.
    pub fn new(text: String, passphrase: String) -> Self {
        Self {
            text,
            passphrase: Zeroizing::new(passphrase),
        }
    }
}

impl Keys {
    async fn open(&self, user: UserId, mut file: SealedFile) -> Result<Bundle, ServiceError> {
        self.openings.check(user)?;
        let sealed = BundleFile::parse(&file.text).map_err(words::of_bundle)?;
        let passphrase = std::mem::take(&mut *file.passphrase);
        let passphrase = Passphrase::parse(passphrase).map_err(words::of_passphrase)?;
        on_blocking_thread(move || sealed.open(&sealed.derive_key(&passphrase)))
            .await?
            .map_err(|error| words::of_bundle(error).into())
    }

    /// A passphrase for a new bundle, to be shown once.
    pub fn make_passphrase(&self) -> String {
        Passphrase::make(self.base.random.as_ref())
            .expose_secret()
            .to_owned()
    }
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    let broken = || ServiceError::Internal("bundle of keys");
    let permit = AT_ONCE.acquire().await.map_err(|_| broken())?;
    // The permit goes along: whoever stops waiting does not stop the work.
    let work = move || {
        let done = work();
        drop(permit);
        done
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| broken())
}
