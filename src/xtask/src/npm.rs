//! The packages of a folder with a `package.json`, exactly as its lock file has them.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::processes;
use crate::programs;
use crate::step::{Inputs, Stamped};

/// Installs them if they are missing or the lock file has changed.
///
/// # Errors
/// When Node.js is missing or npm fails.
pub fn install(name: &str, folder: &Path) -> Result<()> {
    let modules = folder.join("node_modules");
    let step = Stamped {
        name,
        // Inside, so that removing the packages removes the stamp.
        stamp: modules.join(".marshmallow-stamp"),
        inputs: Inputs::default()
            .file(&folder.join("package.json"))?
            .file(&folder.join("package-lock.json"))?,
        outputs: &[],
    };
    step.run(|| {
        if programs::find(&["npm"]).is_none() {
            anyhow::bail!(
                "Node.js 20 or newer with npm is not installed; it makes the CSS, shrinks the wasm and \
                 drives the browser tests. On Debian 13: sudo apt-get install nodejs npm; else see nodejs.org"
            );
        }
        // No package we use needs its install script.
        let arguments = [
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ];
        let mut npm = Command::new("npm");
        npm.args(arguments)
            .env("NPM_CONFIG_UPDATE_NOTIFIER", "false")
            .current_dir(folder);
        processes::run(&mut npm)
    })
}
