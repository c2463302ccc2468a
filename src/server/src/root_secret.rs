//! Where the root secret comes from: the environment, or a file of mode 0600 that the first start makes.
//! A secret that is missing, short or known to the world stops the server.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use anyhow::{Context, Result, bail};
use marshmallow_core::Random;
use marshmallow_service::RootSecret;

const VARIABLE: &str = "MARSHMALLOW_ROOT_SECRET";
const FILE: &str = "root-secret";

/// Reads the root secret, or makes it on the first start. `is_first_start` says whether the database is new:
/// a lost secret must not be replaced silently, since no stored key would open any more.
pub fn load(data: &Path, is_first_start: bool, random: &dyn Random) -> Result<RootSecret> {
    if let Ok(text) = std::env::var(VARIABLE) {
        return RootSecret::parse(&text).with_context(|| format!("{VARIABLE} cannot be used"));
    }
    let path = data.join(FILE);
    if path.exists() {
        let mode = fs::metadata(&path)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            bail!(
                "{} can be read by others (mode {mode:o}). Run: chmod 600 {}",
                path.display(),
                path.display()
            );
        }
        let text = zeroize::Zeroizing::new(fs::read_to_string(&path)?);
        return RootSecret::parse(&text).with_context(|| format!("{} cannot be used", path.display()));
    }
    if !is_first_start {
        bail!(
            "{} is missing, and {VARIABLE} is not set. Stored keys were sealed under it: restore it from your \
             backup. To begin anew without the stored keys, use an empty data folder.",
            path.display()
        );
    }
    let secret = RootSecret::make(random);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    file.write_all(secret.expose_hex().as_bytes())?;
    file.sync_all()?;
    tracing::info!(path = %path.display(), "made the root secret; back it up apart from the database");
    Ok(secret)
}
