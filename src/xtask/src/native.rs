//! The two native programs: the server, which is the product, and the simulator, which never is part of it.

use std::path::PathBuf;

use anyhow::Result;

use crate::build::{ERASED, Mode};
use crate::processes;
use crate::project::Project;
use crate::step;

/// Builds the server and says where it is.
///
/// # Errors
/// When Cargo fails.
pub fn server(project: &Project, mode: Mode) -> Result<PathBuf> {
    build(project, mode, "server", "marshmallow", &["marshmallow-server"])
}

/// Builds the simulator and says where it is.
///
/// # Errors
/// When Cargo fails.
pub fn simulator(project: &Project, mode: Mode) -> Result<PathBuf> {
    // Named together with the server, so that what both depend on is there already, with the same features.
    let packages = ["marshmallow-simulator", "marshmallow-server"];
    build(project, mode, "simulator", "marshmallow-simulator", &packages)
}

fn build(project: &Project, mode: Mode, name: &str, binary: &str, packages: &[&str]) -> Result<PathBuf> {
    let (folder, profile) = match mode {
        Mode::Release => ("release", "release"),
        Mode::Debug => ("debug", "dev"),
    };
    let built = project.target.join(folder).join(binary);
    step::delegate(name, &built, || {
        let mut cargo = project.cargo();
        cargo
            .args(["build", "--profile", profile, "--bins"])
            .env(ERASED.0, ERASED.1);
        for package in packages {
            cargo.args(["--package", package]);
        }
        processes::run(&mut cargo)
    })?;
    Ok(built)
}
