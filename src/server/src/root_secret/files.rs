//! Files that hold a root secret: read if nobody else can, written so that a power cut leaves the old or the new
//! content and never less. It refuses to know what a secret is for.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use anyhow::{Context, Result, bail};
use marshmallow_service::RootSecret;
use zeroize::Zeroizing;

/// The present secret.
pub const PRESENT: &str = "root-secret";
/// The one that is to follow, during a change.
pub const NEXT: &str = "root-secret.next";
/// The one before, after a change.
const PREVIOUS: &str = "root-secret.previous";

/// All secrets of a folder, the present one first.
pub fn read_all(data: &Path) -> Result<Vec<RootSecret>> {
    // The successor before the present one: if it is promoted between the two reads, it is seen as the present one.
    let next = read(&data.join(NEXT))?;
    let path = data.join(PRESENT);
    let present = read(&path)?.with_context(|| format!("{} is missing", path.display()))?;
    let previous = read(&data.join(PREVIOUS))?;
    Ok([Some(present), next, previous].into_iter().flatten().collect())
}

/// The secret of a file, if there is one.
pub fn read(path: &Path) -> Result<Option<RootSecret>> {
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        metadata => metadata.with_context(|| format!("{} cannot be read", path.display()))?,
    };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!(
            "{} can be read by others (mode {mode:o}). Run: chmod 600 {}",
            path.display(),
            path.display()
        );
    }
    let text = match fs::read_to_string(path) {
        // Promoted between the two calls.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => Zeroizing::new(text.with_context(|| format!("{} cannot be read", path.display()))?),
    };
    let secret = RootSecret::parse(&text).with_context(|| format!("{} cannot be used", path.display()))?;
    Ok(Some(secret))
}

/// Writes a secret, whole and on disk, or not at all.
pub fn write(path: &Path, secret: &RootSecret) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    remove(&unfinished)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)
        .with_context(|| format!("{} cannot be written", unfinished.display()))?;
    file.write_all(secret.expose_hex().as_bytes())?;
    file.sync_all()?;
    rename(&unfinished, path)
}

/// Puts the successor into the place of the present secret, which is kept as the previous one. At every moment the
/// folder holds both. Does nothing where there is no successor.
pub fn promote(data: &Path) -> Result<()> {
    let (next, present) = (data.join(NEXT), data.join(PRESENT));
    if read(&next)?.is_none() {
        return Ok(());
    }
    if let Some(former) = read(&present)? {
        write(&data.join(PREVIOUS), &former)?;
    }
    rename(&next, &present)
}

/// Renames, and waits until the folder is on disk.
fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("{} cannot be replaced", to.display()))?;
    let folder = to.parent().context("a file has a folder")?;
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("{} cannot be put on disk", folder.display()))
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::Random;

    use super::*;

    struct Pattern(u8);

    impl Random for Pattern {
        fn fill(&self, bytes: &mut [u8]) {
            let mut state = u32::from(self.0) + 1;
            for byte in bytes {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = (state >> 24) as u8;
            }
        }
    }

    fn ids(data: &Path) -> Vec<String> {
        let secrets = read_all(data).unwrap();
        secrets.iter().map(|secret| secret.kek_id().to_string()).collect()
    }

    #[test]
    fn a_successor_takes_the_place_and_the_former_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        assert!(read_all(data).is_err(), "an empty folder has no secret");
        let (old, new) = (RootSecret::make(&Pattern(1)), RootSecret::make(&Pattern(2)));
        let (old_id, new_id) = (old.kek_id().to_string(), new.kek_id().to_string());
        write(&data.join(PRESENT), &old).unwrap();
        promote(data).unwrap();
        assert_eq!(ids(data), [&*old_id], "without a successor nothing happens");
        write(&data.join(NEXT), &new).unwrap();
        assert_eq!(ids(data), [old_id.clone(), new_id.clone()]);
        promote(data).unwrap();
        assert_eq!(ids(data), [new_id.clone(), old_id.clone()]);
        promote(data).unwrap();
        assert_eq!(ids(data), [new_id, old_id]);
        for file in fs::read_dir(data).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            assert_ne!(file.path().extension().unwrap_or_default(), "unfinished");
        }
    }

    #[test]
    fn a_kill_between_the_two_steps_of_a_promotion_is_made_good_by_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let (old, new) = (RootSecret::make(&Pattern(1)), RootSecret::make(&Pattern(2)));
        write(&data.join(PRESENT), &old).unwrap();
        write(&data.join(NEXT), &new).unwrap();
        write(&data.join(PREVIOUS), &old).unwrap();
        fs::write(data.join("root-secret.unfinished"), "half").unwrap();
        promote(data).unwrap();
        assert_eq!(ids(data), [new.kek_id().to_string(), old.kek_id().to_string()]);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PRESENT);
        write(&path, &RootSecret::make(&Pattern(3))).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refusal = read(&path).unwrap_err().to_string();
        assert!(refusal.contains("can be read by others (mode 640)"), "{refusal}");
    }
}
