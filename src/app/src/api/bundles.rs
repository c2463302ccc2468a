//! Server functions for keys in sealed files. Each sends file and passphrase anew: between two calls the server keeps
//! neither, and no call gives a key. The export itself is a download, at [`EXPORT_KEYS_PATH`].

use leptos::prelude::*;
use marshmallow_core::{BundleChoice, BundleOutcome, BundleReview, KeyInspection, KeySummary};

use super::ApiError;

/// Where a form with `password`, `passphrase`, `again` and any number of `key` is answered with a file.
pub const EXPORT_KEYS_PATH: &str = "/download/keys";

/// A passphrase that is hard to guess, to be shown once.
#[server(prefix = "/api", endpoint = "keys/make_passphrase")]
pub async fn make_passphrase() -> Result<String, ApiError> {
    use super::door;
    door::signed_in()?;
    Ok(door::service()?.keys.make_passphrase())
}

/// What is inside a file. Nobody is asked about it, and nothing is stored.
#[server(prefix = "/api", endpoint = "keys/open_bundle")]
pub async fn open_bundle(file: String, passphrase: String) -> Result<BundleReview, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    let file = door::SealedFile::new(file, passphrase);
    door::service()?
        .keys
        .review_bundle(signed_in.account.id, file)
        .await
        .map_err(door::refuse)
}

/// Asks the providers about some keys of a file.
#[server(prefix = "/api", endpoint = "keys/inspect_bundle")]
pub async fn inspect_bundle(
    file: String,
    passphrase: String,
    numbers: Vec<usize>,
) -> Result<Vec<BundleOutcome<KeyInspection>>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    let file = door::SealedFile::new(file, passphrase);
    door::service()?
        .keys
        .inspect_bundle(signed_in.account.id, file, &numbers)
        .await
        .map_err(door::refuse)
}

/// Stores what was chosen of a file.
#[server(prefix = "/api", endpoint = "keys/import_bundle")]
pub async fn import_bundle(
    file: String,
    passphrase: String,
    choices: Vec<BundleChoice>,
) -> Result<Vec<BundleOutcome<KeySummary>>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    let file = door::SealedFile::new(file, passphrase);
    door::service()?
        .keys
        .import_bundle(signed_in.account.id, file, choices)
        .await
        .map_err(door::refuse)
}
