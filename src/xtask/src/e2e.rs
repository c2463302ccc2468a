//! Playwright against the built product. Knows what the specs are told, and nothing of what they do.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::{self, Mode};
use crate::counts::Counts;
use crate::local_model::LocalModel;
use crate::project::Project;
use crate::{native, npm, processes, programs};

const CHROMIUM: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

/// Builds the product and runs the specs.
///
/// # Errors
/// When something is missing or does not build; failing tests are counted instead.
pub fn run(project: &Project, postgres: Option<&str>, arguments: &[String]) -> Result<Counts> {
    let folder = project.path("end2end");
    let product = build::build(project, Mode::Release)?;
    let simulator = native::simulator(project, Mode::Release)?;
    let chromium = chromium()?;
    npm::install("packages of end2end/", &folder)?;
    let model = LocalModel::start_if_possible(project);

    let report = project.work("playwright.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    println!("\nplaywright test");
    let mut playwright = Command::new("npx");
    playwright
        .args(["--no-install", "playwright", "test", "--reporter=list,json"])
        .args(arguments)
        .current_dir(&folder)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
        .env("MARSHMALLOW_DIST", &product.dist)
        .env("MARSHMALLOW_SIMULATOR", simulator)
        .env("CHROMIUM", chromium);
    if let Some(url) = postgres {
        playwright.env("MARSHMALLOW_E2E_POSTGRES", url);
    }
    if let Some(model) = &model {
        playwright
            .env("MARSHMALLOW_E2E_LOCAL_MODEL_URL", &model.url)
            .env("MARSHMALLOW_E2E_LOCAL_MODEL_KEY", &model.key)
            .env("MARSHMALLOW_E2E_LOCAL_MODEL_MODEL", LocalModel::NAME);
    }
    let (success, _) = processes::run_and_read(&mut playwright)?;
    let json = fs::read_to_string(&report).context("Playwright left no report")?;
    Counts::of_playwright(&json, success)
}

/// The browser: the one that is named, or one that is installed, or Debian's.
fn chromium() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|path| !path.is_empty()) {
        return Ok(named.into());
    }
    if let Some(found) = programs::find(&CHROMIUM) {
        return Ok(found);
    }
    programs::install_from_debian("chromium", "Chromium (for the browser tests)")?;
    programs::find(&CHROMIUM).context("the package chromium is installed, but its program is not on the PATH")
}
