//! The steps of a build: each is printed with its time, and skipped when nothing it depends on has changed.
//! Knows files and digests, and nothing of what a step does.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::files;

/// Does a step unless it is satisfied already.
///
/// # Errors
/// Those of the step itself, with its name.
pub fn ensure(name: &str, satisfied: bool, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    if satisfied {
        print_end(name, start, "up to date");
        return Ok(());
    }
    println!("  … {name}");
    work().with_context(|| format!("the step \"{name}\" failed"))?;
    print_end(name, start, "done");
    Ok(())
}

/// Does a step whose program finds out by itself whether there is anything to do, as Cargo does,
/// and says so by leaving `artefact` alone.
///
/// # Errors
/// Those of the step itself, with its name.
pub fn delegate(name: &str, artefact: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    let changed = || -> Option<SystemTime> { fs::metadata(artefact).ok()?.modified().ok() };
    let before = changed();
    work().with_context(|| format!("the step \"{name}\" failed"))?;
    let fresh = before.is_some() && before == changed();
    print_end(name, start, if fresh { "up to date" } else { "done" });
    Ok(())
}

/// A step that is skipped while its inputs are as they were when it last succeeded and its outputs exist.
pub struct Stamped<'a> {
    /// What is printed.
    pub name: &'a str,
    /// Where the digest of the inputs is kept.
    pub stamp: PathBuf,
    /// Of all that the result depends on.
    pub inputs: Inputs,
    /// Without one of these the step is done again.
    pub outputs: &'a [PathBuf],
}

impl Stamped<'_> {
    /// Does the step if it has to be done.
    ///
    /// # Errors
    /// Those of the step itself, with its name, or when the stamp cannot be written.
    pub fn run(self, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let digest = self.inputs.digest();
        let satisfied = self.outputs.iter().all(|output| output.exists())
            && fs::read_to_string(&self.stamp).is_ok_and(|stamp| stamp == digest);
        ensure(self.name, satisfied, || {
            // A step that fails half-way must not look done afterwards.
            match fs::remove_file(&self.stamp) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
            work()?;
            if let Some(folder) = self.stamp.parent() {
                fs::create_dir_all(folder)?;
            }
            Ok(fs::write(&self.stamp, digest)?)
        })
    }
}

/// A digest under way over everything a step depends on.
#[derive(Default)]
pub struct Inputs(Sha256);

impl Inputs {
    /// Adds options, versions and the like.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.add(b"text", text.as_bytes());
        self
    }

    /// Adds a file: its name and content.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn file(mut self, path: &Path) -> Result<Self> {
        let content = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        self.add(path.as_os_str().as_encoded_bytes(), &content);
        Ok(self)
    }

    /// Adds every file below a folder; one that does not exist counts as empty.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn tree(mut self, folder: &Path) -> Result<Self> {
        for path in files::below(folder)? {
            self = self.file(&path)?;
        }
        Ok(self)
    }

    fn add(&mut self, name: &[u8], content: &[u8]) {
        // With the lengths, so that no two lists of inputs run together into the same bytes.
        for part in [name, content] {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }

    fn digest(self) -> String {
        hex(&self.0.finalize())
    }
}

/// The SHA-256 of some content, in hexadecimal.
#[must_use]
pub fn digest_of(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn print_end(name: &str, start: Instant, how: &str) {
    println!(
        "  ✓ {name:<34} {how:<11} {:>7.1} s",
        start.elapsed().as_secs_f64()
    );
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use anyhow::bail;

    use super::*;

    fn stamped<'a>(folder: &Path, inputs: Inputs, outputs: &'a [PathBuf]) -> Stamped<'a> {
        Stamped {
            name: "test",
            stamp: folder.join("deep/stamp"),
            inputs,
            outputs,
        }
    }

    #[test]
    fn a_step_runs_again_only_for_changed_inputs_or_missing_outputs() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        let output = [folder.path().join("output")];
        let runs = Cell::new(0);
        let run = || {
            let inputs = Inputs::default().file(&source).unwrap();
            stamped(folder.path(), inputs, &output)
                .run(|| {
                    runs.set(runs.get() + 1);
                    Ok(fs::write(&output[0], "made")?)
                })
                .unwrap();
            runs.get()
        };
        fs::write(&source, "one").unwrap();
        assert_eq!((run(), run()), (1, 1));
        fs::write(&source, "two").unwrap();
        assert_eq!((run(), run()), (2, 2));
        fs::remove_file(&output[0]).unwrap();
        assert_eq!((run(), run()), (3, 3));
    }

    #[test]
    fn a_failed_step_leaves_no_stamp_behind() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = || Inputs::default().text("same");
        stamped(folder.path(), inputs(), &[]).run(|| Ok(())).unwrap();
        // A missing output makes it run once more, with the same inputs, and fail.
        let missing = [folder.path().join("missing")];
        let error = stamped(folder.path(), inputs(), &missing)
            .run(|| bail!("broken"))
            .unwrap_err();
        assert!(format!("{error:#}").contains("broken"), "{error:#}");
        let again = Cell::new(false);
        stamped(folder.path(), inputs(), &[])
            .run(|| {
                again.set(true);
                Ok(())
            })
            .unwrap();
        assert!(again.get());
    }

    #[test]
    fn digests_tell_names_and_contents_apart() {
        let folder = tempfile::tempdir().unwrap();
        let digest = |name: &str, content: &str| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            let digest = Inputs::default().tree(folder.path()).unwrap().digest();
            fs::remove_file(path).unwrap();
            digest
        };
        let one = digest("ab", "c");
        assert_eq!(one, digest("ab", "c"));
        assert_ne!(one, digest("a", "bc"));
        assert_ne!(one, digest("ab", "d"));
        let joined = Inputs::default().text("ab").digest();
        assert_ne!(joined, Inputs::default().text("a").text("b").digest());
    }
}
