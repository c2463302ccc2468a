//! Finding programs, and installing them where that is one safe command: as root, on Debian.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::processes;

/// The first of these programs that is on the PATH.
#[must_use]
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    names.iter().find_map(|name| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
    })
}

/// Whether we may do everything on this machine.
#[must_use]
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Installs a Debian package.
///
/// # Errors
/// When we are not root, this is no Debian, or the installation fails; `purpose` says what it was wanted for.
pub fn install_from_debian(package: &str, purpose: &str) -> Result<()> {
    if !is_root() || find(&["apt-get"]).is_none() {
        bail!("{purpose} is not installed. On Debian and Ubuntu: sudo apt-get install {package}");
    }
    println!("  … installing {package}");
    for arguments in [
        &["update", "-qq"][..],
        &["install", "-y", "-qq", "--no-install-recommends", package],
    ] {
        processes::run(
            Command::new("apt-get")
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
    }
    Ok(())
}
