//! Where the project, its target folder and its tools are.
//! Knows Cargo's metadata, and nothing of what is built there.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::processes;

/// The workspace this command was called in.
pub struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder, absolute; `CARGO_TARGET_DIR` and configuration files are honoured.
    pub target: PathBuf,
}

impl Project {
    /// Asks Cargo.
    ///
    /// # Errors
    /// When Cargo cannot read the workspace.
    pub fn find() -> Result<Self> {
        #[derive(Deserialize)]
        struct Metadata {
            workspace_root: PathBuf,
            target_directory: PathBuf,
        }
        let mut command = plain_cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        let json = processes::output(&mut command)?;
        let metadata: Metadata = serde_json::from_str(&json).context("the output of cargo metadata")?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
        })
    }

    /// Cargo, to be run in the project's root with the project's target folder.
    #[must_use]
    pub fn cargo(&self) -> Command {
        let mut command = plain_cargo();
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// A file or folder of the project, by its path from the root.
    #[must_use]
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A file or folder in which the build keeps what is not the product.
    #[must_use]
    pub fn work(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.target.join("xtask").join(relative)
    }
}

/// The Cargo that runs us, without what it tells us about ourselves: build scripts watch some of these
/// variables, and would rebuild their crates whenever somebody calls Cargo by hand in between.
fn plain_cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_BIN_",
                "CARGO_CRATE_",
                "CARGO_PRIMARY_",
            ]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        });
        if told {
            command.env_remove(name);
        }
    }
    command
}
