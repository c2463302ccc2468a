//! What a person reads when a bundle is not made or does not open: what is known, no more, and what to do.

use marshmallow_core::{LIMITS, PublicError};
use marshmallow_vault::{BundleError, PassphraseError};

pub(super) fn of_bundle(error: BundleError) -> PublicError {
    const AGAIN: &str = "Copy it again from where it was made. Nothing of it was stored.";
    match error {
        BundleError::TooLarge => PublicError::invalid(
            "This is larger than any bundle of keys.",
            "Choose a file whose name ends in .mmkeys, or export fewer keys at once.",
        ),
        BundleError::NotABundle => PublicError::invalid(
            "This file is no bundle of keys.",
            "Choose a file whose name ends in .mmkeys. A .env file can be pasted as text.",
        ),
        BundleError::CutOff => PublicError::invalid("This file ends too early: it was cut off.", AGAIN),
        BundleError::UnknownVersion(version) => PublicError::invalid(
            format!("This file has version {version} of the format, and this server reads version 1."),
            "Export the keys again with this version of Marshmallow, or have this server updated.",
        ),
        BundleError::Rounds(_) => PublicError::invalid(
            "This file asks for an unusual amount of work to be opened, so it is left closed.",
            "Export the keys again where they come from.",
        ),
        BundleError::Malformed => PublicError::invalid("The beginning of this file is damaged.", AGAIN),
        BundleError::WrongPassphrase => PublicError::invalid(
            "This passphrase does not open the file.",
            "Type it again: blanks and capital letters count. If you are sure of it, the beginning of the file was \
             changed, and you need another copy.",
        ),
        BundleError::Changed => PublicError::invalid(
            "The passphrase is right, but the file was changed after it was made.",
            AGAIN,
        ),
        BundleError::Content => PublicError::invalid(
            "The file opened, but the list of keys inside cannot be read.",
            "Another program or a newer version made it. Export the keys again with Marshmallow.",
        ),
        BundleError::TooManyKeys => PublicError::invalid(
            format!("These are more than {} keys.", LIMITS.keys_per_user),
            "Export fewer keys at once.",
        ),
    }
}

pub(super) fn of_passphrase(error: PassphraseError) -> PublicError {
    match error {
        PassphraseError::Empty => PublicError::invalid(
            "No passphrase was entered.",
            "Type the passphrase that belongs to the file.",
        ),
        PassphraseError::TooShort => PublicError::invalid(
            "This passphrase is too short.",
            format!(
                "Use at least {} characters, such as four words in a row, or have one made.",
                LIMITS.passphrase_min_chars
            ),
        ),
        PassphraseError::TooPlain => PublicError::invalid(
            "This passphrase repeats a few characters and is easy to guess.",
            "Use four words in a row, or have one made.",
        ),
        PassphraseError::TooLong => PublicError::invalid(
            "This passphrase is too long.",
            format!("Use at most {} bytes.", LIMITS.passphrase_max_bytes),
        ),
    }
}
