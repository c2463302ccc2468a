//! `cargo xtask test`: every suite of the project, one after the other, and one closing line with the counts.
//! Knows the suites' names, and nothing of what they test.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::counts::Counts;
use crate::e2e;
use crate::postgres::Postgres;
use crate::processes;
use crate::project::Project;

/// Part of the tests.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Formatting, lints and `cargo test`
    Rust,
    /// The built product in a real browser
    E2e,
}

/// Runs the suites; the last line printed is the sum.
///
/// # Errors
/// When somebody interrupted.
pub fn run(project: &Project, only: Option<Part>) -> Result<ExitCode> {
    let mut suites: Vec<(&str, Counts)> = Vec::new();
    let postgres = match Postgres::start() {
        Ok(postgres) => Some(postgres),
        Err(error) => {
            suites.push(("PostgreSQL", broken("PostgreSQL", &error)));
            None
        }
    };
    let url = postgres.as_ref().map(|postgres| postgres.url.as_str());
    if only != Some(Part::E2e) {
        suites.push(("format", check(project, "fmt", &["--all", "--check"])));
        suites.push(("lints", check(project, "clippy", &CLIPPY)));
        suites.push(("cargo test", cargo_test(project, url)?));
    }
    if only != Some(Part::Rust) {
        suites.push((
            "browser",
            e2e::run(project, url, &[]).unwrap_or_else(|error| broken("browser", &error)),
        ));
    }
    drop(postgres);
    if processes::interrupted() {
        bail!("interrupted");
    }
    Ok(conclude(&suites))
}

/// Runs the browser's part alone, with whatever Playwright should be told.
///
/// # Errors
/// When they could not be run.
pub fn run_browser(project: &Project, arguments: &[String]) -> Result<ExitCode> {
    let postgres = Postgres::start()?;
    let counts = e2e::run(project, Some(&postgres.url), arguments)?;
    drop(postgres);
    Ok(conclude(&[("browser", counts)]))
}

const CLIPPY: [&str; 7] = [
    "--workspace",
    "--exclude",
    "marshmallow-frontend",
    "--all-targets",
    "--",
    "-D",
    "warnings",
];

fn check(project: &Project, tool: &str, arguments: &[&str]) -> Counts {
    if processes::output(project.cargo().args([tool, "--version"])).is_err() {
        println!("  ! cargo {tool} is not installed (rustup component add rustfmt clippy): skipped");
        return Counts::SKIPPED;
    }
    println!("\ncargo {tool}");
    match processes::run(project.cargo().arg(tool).args(arguments)) {
        Ok(()) => Counts::of_check(true),
        Err(error) => broken(tool, &error),
    }
}

fn cargo_test(project: &Project, postgres: Option<&str>) -> Result<Counts> {
    println!("\ncargo test");
    let mut cargo = project.cargo();
    cargo.args([
        "test",
        "--workspace",
        "--exclude",
        "marshmallow-frontend",
        "--no-fail-fast",
    ]);
    if let Some(url) = postgres {
        cargo.env("MARSHMALLOW_TEST_POSTGRES", url);
    }
    let (success, output) = processes::run_and_read(&mut cargo)?;
    Ok(Counts::of_cargo_test(&output, success))
}

fn broken(suite: &str, error: &anyhow::Error) -> Counts {
    println!("  ✗ {suite}: {error:#}");
    Counts::BROKEN
}

/// Failed tests are no `Err`: its message would come after the closing line.
fn conclude(suites: &[(&str, Counts)]) -> ExitCode {
    let mut total = Counts::default();
    println!();
    for (name, counts) in suites {
        println!("{name:<12} {counts}");
        total += *counts;
    }
    // Whoever reads this for a machine wants it alone on the last line.
    println!("{total}");
    ExitCode::from(u8::from(total.failed > 0))
}
