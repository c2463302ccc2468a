//! The `marshmallow` binary: reads its configuration, wires the parts together, serves, and stops cleanly.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]
// A page is one type, nested as deep as its HTML.
#![recursion_limit = "512"]

mod ambient;
mod audit;
mod command;
mod database;
mod download;
mod files;
mod functions;
mod guard;
mod health;
mod log;
mod platform;
mod renderer;
mod request_id;
mod root_secret;
mod rotate_root;
mod router;
mod serve;
mod signed_in;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let command = command::Command::parse();
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("marshmallow: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: command::Command) -> anyhow::Result<()> {
    // At least four workers: with one, rendering a page that waits for its own data can stall.
    let workers = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()?;
    match command {
        command::Command::Serve(options) => runtime.block_on(serve::serve(options)),
        command::Command::RotateRoot(options) => runtime.block_on(rotate_root::rotate_root(options)),
        command::Command::Audit(command) => runtime.block_on(audit::run(command)),
    }
}
