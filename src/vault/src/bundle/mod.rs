//! Bundles: keys that leave an installation in a file, sealed under a passphrase alone. The bytes are described in
//! `docs/key-bundle.md`. It refuses to know root secrets, users and rows, and who may have which key.

mod content;
mod file;
mod passphrase;
mod stretch;

pub use content::{Bundle, BundleEntry, BundledKey};
pub use file::{BundleFile, seal_bundle};
pub use passphrase::{Passphrase, PassphraseError};
pub use stretch::BundleKey;

/// Why a bundle was not made or does not open. None of them says anything of what is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// More bytes than a bundle may have.
    #[error("the file is larger than a bundle of keys may be")]
    TooLarge,
    /// Something else altogether: a picture, another program's file.
    #[error("the file is no bundle of keys")]
    NotABundle,
    /// It begins as a bundle does, and then ends.
    #[error("the file was cut off")]
    CutOff,
    /// A version of the format that is not known here.
    #[error("the bundle has version {0} of the format, which is not known here")]
    UnknownVersion(u32),
    /// Fewer rounds than are safe, or so many that opening would keep the server busy.
    #[error("the bundle asks for {0} rounds of key derivation, which is out of bounds")]
    Rounds(u32),
    /// A part of the header is missing, unknown, doubled, or has an impossible form.
    #[error("the header of the bundle is damaged")]
    Malformed,
    /// The passphrase is wrong, or the salt, the number of rounds or the check value was changed: these cannot be
    /// told apart.
    #[error("the passphrase does not fit the bundle")]
    WrongPassphrase,
    /// The passphrase is right, and something else was changed.
    #[error("the bundle was changed after it was made")]
    Changed,
    /// It opened, and what is inside is no list of keys as this version knows it.
    #[error("what is inside the bundle cannot be read")]
    Content,
    /// More keys than one person may store.
    #[error("there are too many keys in the bundle")]
    TooManyKeys,
}
