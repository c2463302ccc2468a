//! The built site on disk: its manifest, and the rule that hashed files never change.

use std::path::PathBuf;

use anyhow::{Context, Result};
use marshmallow_app::SiteFiles;

/// The folder of the built site and the names of its hashed files.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder.
    pub folder: PathBuf,
    /// The hashed files.
    pub files: SiteFiles,
}

impl Site {
    /// Finds the site in the given folder, or in `site` beside this program.
    pub fn find(given: Option<PathBuf>) -> Result<Self> {
        let folder = match given {
            Some(folder) => folder,
            None => {
                let program = std::env::current_exe()?;
                program
                    .parent()
                    .map(|folder| folder.join("site"))
                    .context("this program has no folder")?
            }
        };
        let manifest = folder.join("manifest.json");
        let text = std::fs::read_to_string(&manifest).with_context(|| {
            format!(
                "no built site at {}: run `cargo xtask build`, or name it with --site",
                folder.display()
            )
        })?;
        let files =
            serde_json::from_str(&text).with_context(|| format!("{} is damaged", manifest.display()))?;
        Ok(Self { folder, files })
    }
}
