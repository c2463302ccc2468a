//! `cargo xtask`: the whole build, in one place. This file knows the command line and who does what.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]
#![expect(
    clippy::print_stdout,
    reason = "telling a person what is going on is what this program does"
)]

mod build;
mod catalogue;
mod checks;
mod compress;
mod counts;
mod css;
mod e2e;
mod files;
mod local_model;
mod native;
mod npm;
mod postgres;
mod processes;
mod programs;
mod project;
mod serve;
mod simulator;
mod site;
mod step;
mod wasm;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::build::Mode;
use crate::checks::Part;
use crate::project::Project;

/// Builds, runs and tests Marshmallow
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the product into `dist/` of Cargo's target folder
    Build {
        /// Build fast instead of small, into `dist-debug/`
        #[arg(long)]
        debug: bool,
    },
    /// Build the product and run it
    Run(#[command(flatten)] serve::Options),
    /// Build for development, run, and do both again on every change
    Dev(#[command(flatten)] serve::Options),
    /// Run every test
    Test {
        /// Only a part of them
        #[arg(long)]
        only: Option<Part>,
    },
    /// Run the browser tests alone; arguments after `--` go to Playwright
    E2e {
        /// Such as the name of a spec, or `--headed`
        #[arg(last = true)]
        playwright: Vec<String>,
    },
    /// Refresh the list of models and prices from the `models.json` of the crate rig-core
    Catalogue {
        /// Where that file is
        models_json: PathBuf,
    },
}

fn main() -> ExitCode {
    // Printed here and not by returning it: people want the sentence, not where in this program it arose.
    carry_out(Arguments::parse()).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn carry_out(arguments: Arguments) -> Result<ExitCode> {
    processes::watch_for_interrupt()?;
    let project = Project::find()?;
    match arguments.command {
        Task::Build { debug } => {
            let mode = if debug { Mode::Debug } else { Mode::Release };
            build::build(&project, mode)?;
        }
        Task::Run(options) => serve::run(&project, &options)?,
        Task::Dev(options) => watch::run(&project, &options)?,
        Task::Test { only } => return checks::run(&project, only),
        Task::E2e { playwright } => return checks::run_browser(&project, &playwright),
        Task::Catalogue { models_json } => {
            let target = project.path("src/service/data/catalogue.json");
            let count = catalogue::refresh(&models_json, &target)?;
            println!("{count} models in {}", target.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}
